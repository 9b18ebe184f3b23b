"""Grouping: columns that are neither grouped nor aggregated, and aggregates where none may stand."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Clause, Item, Select
from bestfix.lang.sql.tokens import AGGREGATES

__all__ = [
    "any_of_them",
    "clause_start",
    "conjuncts",
    "distinct_order",
    "group_all",
    "group_by_key",
    "having",
    "having_alone",
    "maximum_of_all",
    "nested",
    "plain_items",
]

_AFTER_GROUP = ("HAVING", "WINDOW", "QUALIFY", "ORDER BY", "LIMIT", "OFFSET", "FETCH")
_AFTER_HAVING = _AFTER_GROUP[1:]


@repair("GroupBy", "AggregateMisuse", "HavingAlone", language=Language.SQL)
def group_all(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Group by every item that is not aggregated.

    Why: SQLite and MySQL let a column stand ungrouped beside an aggregate; others do not guess which row is meant.
    Example: `SELECT city, count(*) FROM t` → `SELECT city, count(*) FROM t GROUP BY city`
    Safety: safe where the columns depend on those grouped by; otherwise there are more groups.
    """
    site = sql_site(report, context)
    select = site.select
    if select is None or not select.items or site.error.details.get("clause", "").startswith(("WHERE", "GROUP")):
        return
    if site.error.type == "AggregateMisuse" and _misplaced(site, select):
        return
    plain = plain_items(site, select)
    group = select.clauses.get("GROUP BY")
    named = _named_column(site)
    if group is None:
        star = [site.query.span(i.start, i.end) for i in select.items] == ["*"]
        if star and (key := _first_key(site, select)):
            edit = site.insert_after(clause_start(select, _AFTER_GROUP) - 1, f" GROUP BY {key}")
            yield site.fix(edit, reason="an aggregate needs groups", prior=0.4, unsafe=True)
        if plain and "*" not in "".join(plain):
            edit = site.insert_after(
                clause_start(select, _AFTER_GROUP) - 1, " GROUP BY " + ", ".join(dict.fromkeys(plain))
            )
            yield site.fix(edit, reason="columns beside an aggregate are grouped by", prior=0.75)
        return
    grouped = {_folded(site.query.span(i.start, i.end)) for i in site.query.split(group.start, group.end)}
    short = {g.rpartition(".")[2] for g in grouped}
    missing = [p for p in plain if _folded(p) not in grouped and not ("." not in p and _folded(p) in short)]
    missing = [p for p in missing if "*" not in p]
    if named and named not in missing and not any(site.name.lower() in _folded(m) for m in missing):
        missing = [named]
    if missing:
        edit = site.insert_after(group.end - 1, ", " + ", ".join(dict.fromkeys(missing)))
        yield site.fix(edit, reason="columns beside an aggregate are grouped by", prior=0.85)
    if named and missing != [named]:
        edit = site.insert_after(group.end - 1, f", {named}")
        yield site.fix(edit, reason=f"`{named}` is neither grouped by nor aggregated", prior=0.5)


def _first_key(site: Site, select: Select) -> str:
    """Return the first column of what a select reads, as the query may write it."""
    relation = select.relations[0] if select.relations else None
    columns = site.columns(relation) if relation else None
    if relation is None or not columns or site.dialect != "sqlite":
        return ""
    return f"{site.label(relation)}.{site.quoted(columns[0].name)}"


def _misplaced(site: Site, select: Select) -> bool:
    """Whether the aggregate that is misused stands in WHERE or GROUP BY."""
    for name in ("WHERE", "GROUP BY"):
        clause = select.clauses.get(name)
        if clause and any(
            _is_aggregate(site, i) and site.query.select_at(i) is select for i in range(clause.start, clause.end)
        ):
            return True
    return False


def _named_column(site: Site) -> str:
    """Return the column that the error is about, as the query writes it."""
    index = site.index
    if site.error.type != "GroupBy" or index is None or site.tokens[index].name.lower() != site.name.lower():
        return ""
    start = index - 2 if site.query.word(index - 1) == "." else index
    return site.query.span(start, index + 1)


@repair("GroupBy", language=Language.SQL)
def group_by_key(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Group by the primary key of the table whose columns are selected, not by the column that refers to it.

    Why: the two are joined as equal, but PostgreSQL lets only the key itself stand for the whole row.
    Example: `FROM p JOIN o ON p.id = o.p_id GROUP BY o.p_id` → `… GROUP BY p.id`
    Safety: safe; the groups are the same.
    """
    site = sql_site(report, context)
    select = site.select
    group = select.clauses.get("GROUP BY") if select else None
    if select is None or group is None or site.dialect != "postgres":
        return
    for item in site.query.split(group.start, group.end):
        grouped = _folded(site.query.span(item.start, item.end))
        for left, right in _equal_columns(site, select):
            if grouped not in {_folded(left), _folded(right)}:
                continue
            other = right if grouped == _folded(left) else left
            if _is_key_of(site, select, other):
                edit = site.edit(item.start, item.end, other)
                yield site.fix(edit, reason=f"`{other}` is the key of the row that is selected", prior=0.93)


def _equal_columns(site: Site, select: Select) -> Iterator[tuple[str, str]]:
    """Yield the qualified columns that the join conditions of a select say are equal."""
    for relation in select.relations:
        start, end = relation.on or (0, 0)
        for index in range(start + 3, end - 3):
            if site.query.word(index) == "=" and site.query.word(index - 2) == site.query.word(index + 2) == ".":
                yield site.query.span(index - 3, index), site.query.span(index + 1, index + 4)


def _is_key_of(site: Site, select: Select, column: str) -> bool:
    label, _, name = _folded(column).partition(".")
    relation = next((r for r in select.relations if site.label_name(r) == label), None)
    table = site.table(relation) if relation else None
    return table is not None and [k.lower() for k in table.primary_key] == [name]


@repair("GroupBy", language=Language.SQL)
def any_of_them(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Take the column from any one row of its group.

    Why: the column is known to be the same in the whole group, or any of its values will do.
    Example: `SELECT id, name, count(*) FROM t GROUP BY id` → `SELECT id, any_value(name), count(*) …`
    Safety: unsafe where the values in a group differ.
    """
    site = sql_site(report, context)
    column, index = _named_column(site), site.index
    if not column or index is None or site.select is None:
        return
    function = {"duckdb": "any_value", "postgres": "min"}.get(site.dialect, "max")
    alias = ""
    if any(index == item.end - 1 for item in site.select.items):
        alias = f" AS {site.tokens[index].text}"
    start = index - 2 if "." in column and site.query.word(index - 1) == "." else index
    edit = site.edit(start, index + 1, f"{function}({column}){alias}")
    yield site.fix(edit, reason=f"`{column}` is neither grouped by nor aggregated", prior=0.45, unsafe=True)


@repair("AggregateMisuse", "WindowMisuse", language=Language.SQL)
def having(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Move a condition on an aggregate from WHERE to HAVING, or an aggregate out of GROUP BY.

    Why: WHERE chooses rows before they are grouped, HAVING chooses groups.
    Example: `… WHERE count(*) > 3 GROUP BY city` → `… GROUP BY city HAVING count(*) > 3`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        where, group = select.clauses.get("WHERE"), select.clauses.get("GROUP BY")
        if where:
            yield from _moved(site, select, where)
        if group:
            items = site.query.split(group.start, group.end)
            kept = [site.query.span(i.start, i.end) for i in items if not _aggregated(site, i)]
            if len(kept) < len(items):
                edit = (
                    site.edit(group.start, group.end, ", ".join(kept))
                    if kept
                    else site.edit(group.keyword, group.end, "")
                )
                yield site.fix(edit, reason="GROUP BY takes no aggregates", prior=0.85)


def _moved(site: Site, select: Select, where: Clause) -> Iterator[Candidate]:
    """Yield the candidates that take the aggregates out of a WHERE clause."""
    parts = conjuncts(site, where)
    moved = [p for p in parts if _aggregated(site, p)]
    kept = [site.query.span(p.start, p.end) for p in parts if not _aggregated(site, p)]
    if not moved:
        return
    text = " AND ".join(site.query.span(p.start, p.end) for p in moved)
    whole = Edit(site.tokens[where.keyword - 1].end, site.tokens[where.end - 1].end)
    edits = [site.edit(where.start, where.end, " AND ".join(kept)) if kept else whole]
    existing = select.clauses.get("HAVING")
    if existing:
        edits.append(Edit.insert(site.tokens[existing.start].start, f"{text} AND "))
        yield site.fix(*edits, reason="a condition on groups belongs to HAVING", prior=0.9)
        return
    at = clause_start(select, _AFTER_HAVING)
    group = "" if "GROUP BY" in select.clauses else _grouping(site, select)
    if at == where.end and not kept:
        edits = [site.edit(where.keyword, where.end, f"{group}HAVING {text}")]
    else:
        edits.append(site.insert_after(at - 1, f" {group}HAVING {text}"))
    prior = 0.9 if "GROUP BY" in select.clauses else 0.4
    yield site.fix(*edits, reason="a condition on groups belongs to HAVING", prior=prior)


def plain_items(site: Site, select: Select) -> list[str]:
    """Return the items of a select that are neither aggregated nor constant, without their aliases."""
    return [_text(site, i) for i in select.items if not _aggregated(site, i) and not _constant(site, i)]


def _grouping(site: Site, select: Select) -> str:
    plain = plain_items(site, select)
    return f"GROUP BY {', '.join(plain)} " if plain and "*" not in plain else ""


@repair("AggregateMisuse", language=Language.SQL)
def maximum_of_all(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Compare with an aggregate of the whole table by a sub-query.

    Why: a row is compared with the largest, or the mean, of all.
    Example: `SELECT name FROM t WHERE age = max(age)` → `… WHERE age = (SELECT max(age) FROM t)`
    Safety: safe; the aggregate is taken over the relations of the query.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        where, source = select.clauses.get("WHERE"), select.clauses.get("FROM")
        conditions = [r.on for r in select.relations if r.on] + ([(where.start, where.end)] if where else [])
        for index in (i for c in conditions for i in range(*c)) if source else ():
            if not _is_aggregate(site, index) or site.query.select_at(index) is not select:
                continue
            close = site.query.closing.get(index + 1)
            if close is None or source is None:
                continue
            edit = site.edit(index, close + 1, _of_all(site, select, index, close))
            prior = 0.45 if "GROUP BY" in select.clauses else 0.85
            yield site.fix(edit, reason="an aggregate of all rows takes a query of its own", prior=prior)
            break


def _of_all(site: Site, select: Select, index: int, close: int) -> str:
    """Return the query for an aggregate over the relation that its column is of, else over all that are read."""
    source, call = select.clauses["FROM"], site.query.span(index, close + 1)
    relations = site.query.span(source.start, source.end)
    if site.query.word(index + 3) == "." and close == index + 5:
        label = site.tokens[index + 2].name.lower()
        relation = next((r for r in select.relations if site.label_name(r) == label and r.names), None)
        if relation is not None:
            relations = site.query.span(relation.start, relation.end)
    return f"(SELECT {call} FROM {relations})"  # noqa: S608 - text for the user's own query


@repair("AggregateNested", "AggregateMisuse", language=Language.SQL)
def nested(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Take one of two nested aggregates away.

    Why: an aggregate of aggregates needs a sub-query; often one of them is a slip.
    Example: `SELECT sum(sum(x)) FROM t` → `SELECT sum(x) FROM t`
    Safety: unsafe.
    """
    site = sql_site(report, context)
    for index in range(len(site.tokens)):
        close = site.query.closing.get(index + 1) if _is_aggregate(site, index) else None
        inner = [i for i in range(index + 2, close or 0) if _is_aggregate(site, i)]
        if close is None or not inner:
            continue
        inner_close = site.query.closing.get(inner[0] + 1, close)
        yield site.fix(
            site.edit(index, close + 1, site.query.span(index + 2, close)),
            reason="aggregates do not nest",
            prior=0.6,
            unsafe=True,
        )
        inside = site.query.span(inner[0] + 2, inner_close)
        yield site.fix(
            site.edit(inner[0], inner_close + 1, inside), reason="aggregates do not nest", prior=0.5, unsafe=True
        )


@repair("HavingAlone", language=Language.SQL)
def having_alone(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Make a HAVING that is about rows, not groups, a condition of WHERE.

    Why: HAVING and WHERE are mixed up.
    Example: `SELECT name FROM t HAVING age > 3` → `SELECT name FROM t WHERE age > 3`
    Safety: safe; nothing is grouped.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        clause = select.clauses.get("HAVING")
        if clause is None or "GROUP BY" in select.clauses or _aggregated(site, Item(clause.start, clause.end)):
            continue
        word = "AND" if "WHERE" in select.clauses else "WHERE"
        edit = site.edit(clause.keyword, clause.keyword + 1, word)
        yield site.fix(edit, reason="HAVING is for groups; rows are chosen by WHERE", prior=0.95)


@repair("DistinctOrder", language=Language.SQL)
def distinct_order(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Order distinct rows by something that they have only once.

    Why: several rows become one, each with its own value to order by.
    Example: `SELECT DISTINCT a FROM t ORDER BY b` → `SELECT a FROM t GROUP BY a ORDER BY min(b)`
    Safety: unsafe; which of the values orders is a choice.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        order = select.clauses.get("ORDER BY")
        if order is None or site.query.word(select.start + 1) != "DISTINCT" or "GROUP BY" in select.clauses:
            continue
        drop = Edit(site.tokens[select.start + 1].start, site.tokens[select.start + 2].start)
        plain = ", ".join(_text(site, item) for item in select.items)
        group = Edit.insert(site.tokens[order.keyword].start, f"GROUP BY {plain} ")
        wrapped = []
        for item in site.query.split(order.start, order.end):
            end = item.end - 1 if site.query.word(item.end - 1) in {"ASC", "DESC"} else item.end
            if not _aggregated(site, item):
                function = "max" if site.query.word(item.end - 1) == "DESC" else "min"
                wrapped.append(site.edit(item.start, end, f"{function}({site.query.span(item.start, end)})"))
        reason = "distinct rows are ordered by what they select"
        yield site.fix(drop, group, *wrapped, reason=reason, prior=0.6, unsafe=True)
        yield site.fix(drop, reason=reason, prior=0.3, unsafe=True)


def conjuncts(site: Site, clause: Clause) -> list[Item]:
    """Return the conditions that AND joins at the clause's own depth, `BETWEEN … AND` kept whole."""
    depth = site.query.depths[clause.keyword]
    cuts, between = [], False
    for index in range(clause.start, clause.end):
        if site.query.depths[index] != depth:
            continue
        word = site.query.word(index)
        if word == "BETWEEN":
            between = True
        elif word == "AND" and between:
            between = False
        elif word == "AND":
            cuts.append(index)
        elif word == "OR":
            return [Item(clause.start, clause.end)]
    starts, ends = [clause.start, *(c + 1 for c in cuts)], [*cuts, clause.end]
    return [Item(a, b) for a, b in zip(starts, ends, strict=True) if a < b]


def _is_aggregate(site: Site, index: int) -> bool:
    if site.tokens[index].upper not in AGGREGATES or site.query.word(index + 1) != "(":
        return False
    close = site.query.closing.get(index + 1, index + 1)
    return site.query.word(close + 1) != "OVER"


def _aggregated(site: Site, item: Item) -> bool:
    """Whether an aggregate of the same select stands in the item."""
    owner = site.query.select_at(item.start)
    return any(_is_aggregate(site, i) and site.query.select_at(i) is owner for i in range(item.start, item.end))


def _constant(site: Site, item: Item) -> bool:
    return not any(site.tokens[i].identifier for i in range(item.start, item.end))


def _text(site: Site, item: Item) -> str:
    """Return an item without its alias."""
    end = item.end
    if item.alias is not None:
        end = item.alias - 1 if site.tokens[item.alias - 1].is_word("AS") else item.alias
    return site.query.span(item.start, end)


def _folded(text: str) -> str:
    return "".join(text.replace('"', "").lower().split())


def clause_start(select: Select, names: tuple[str, ...]) -> int:
    """Return the token before which a clause is inserted that stands before the named ones."""
    return min((c.keyword for n, c in select.clauses.items() if n in names), default=select.end)
