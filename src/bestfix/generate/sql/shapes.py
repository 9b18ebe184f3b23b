"""Sub-queries and set operations of the wrong shape."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.likeness import like
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Select
from bestfix.lang.sql.tokens import AGGREGATES

__all__ = ["columns_equalised", "first_column", "many_rows", "order_last", "quantified", "subquery_alias"]


@repair("SubqueryRows", language=Language.SQL)
def many_rows(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Compare with all rows of a sub-query, or take its first.

    Why: the sub-query was thought to give one row.
    Example: `WHERE id = (SELECT id FROM u)` → `WHERE id IN (SELECT id FROM u)`
    Safety: safe for `=`; a `LIMIT 1` makes a choice.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        opening = select.start - 1
        if opening < 1 or site.query.word(opening) != "(":
            continue
        close, operator = site.query.closing.get(opening, select.end), site.query.word(opening - 1)
        if _single(site, select):
            continue
        reason = "the sub-query gives more than one row"
        for edit, score in _own_column(site, select) if operator in {"=", "=="} else ():
            member = site.edit(opening - 1, opening, "IN")
            yield site.fix(member, edit, reason=f"{reason}, and not of a column of its own", prior=score)
        if operator in {"=", "==", "<>", "!="}:
            word = "IN" if operator.startswith("=") else "NOT IN"
            yield site.fix(site.edit(opening - 1, opening, word), reason=reason, prior=0.85)
        elif operator in {"<", ">", "<=", ">="}:
            quantified = {"duckdb", "postgres"}
            if site.dialect in quantified:
                yield site.fix(site.insert_after(opening - 1, " ALL"), reason=reason, prior=0.6, unsafe=True)
            yield site.fix(_extreme(site, select, operator), reason=reason, prior=0.35, unsafe=True)
        if operator not in {"IN", "FROM", "JOIN", ",", "EXISTS"} or operator == ",":
            yield site.fix(Edit.insert(site.tokens[close].start, " LIMIT 1"), reason=reason, prior=0.3, unsafe=True)


def _own_column(site: Site, select: Select) -> Iterator[tuple[Edit, float]]:
    """Yield the columns of a sub-query's own that its item may mean, when it takes one from outside by accident."""
    use = next((r for r in site.references(select) if r.qualifier is None and r.index < select.items[0].end), None)
    if use is None or any(r in select.relations for r, _ in site.owners(site.tokens[use.index].name, select)):
        return
    name = site.tokens[use.index].name
    for relation in select.relations:
        label = site.label_name(relation)
        for column in site.columns(relation) or ():
            score = like(name, column.name, table=label)
            if score > 0.3:
                yield site.edit(use.index, use.index + 1, site.quoted(column.name)), min(0.9, 0.5 + 0.5 * score)


def _single(site: Site, select: Select) -> bool:
    """Whether a sub-query gives one row at most: it has LIMIT 1, or only aggregates without groups."""
    limit = select.clauses.get("LIMIT")
    if limit is not None and site.query.span(limit.start, limit.end) == "1":
        return True
    first = select.items[0].start if select.items else select.start
    aggregated = site.query.word(first) in AGGREGATES and site.query.word(first + 1) == "("
    return "GROUP BY" not in select.clauses and aggregated


def _extreme(site: Site, select: Select, operator: str) -> Edit:
    item = select.items[0]
    function = "max" if operator.startswith(">") else "min"
    return site.edit(item.start, item.end, f"{function}({site.query.span(item.start, item.end)})")


@repair("SubqueryAlias", language=Language.SQL)
def subquery_alias(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Name the sub-queries in FROM that have no name.

    Why: PostgreSQL before 16 and MySQL ask for one.
    Example: `SELECT * FROM (SELECT 1)` → `SELECT * FROM (SELECT 1) AS t`
    Safety: safe.
    """
    site = sql_site(report, context)
    taken = {site.label_name(r) for s in site.query.selects for r in s.relations}
    names = (f"t{n}" if n else "t" for n in range(100) if (f"t{n}" if n else "t") not in taken)
    edits = [
        site.insert_after(r.end - 1, f" AS {next(names)}")
        for s in site.query.selects for r in s.relations if r.select is not None and r.alias is None
    ]  # fmt: skip
    if edits:
        yield site.fix(*edits, reason="a sub-query in FROM needs a name", prior=0.97)


@repair("ColumnCount", language=Language.SQL)
def columns_equalised(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give both sides of a set operation the same columns.

    Why: a column was added to one side, or forgotten on the other.
    Example: `SELECT a, b FROM t UNION SELECT a FROM u` → `… UNION SELECT a, b FROM u`
    Safety: unsafe; it adds the columns that the longer side has, or `NULL`.
    """
    site = sql_site(report, context)
    for left in site.query.selects:
        right = left.following
        if right is None or len(left.items) == len(right.items):
            continue
        short, long = (left, right) if len(left.items) < len(right.items) else (right, left)
        if not short.items:
            continue
        extra = [site.query.span(i.start, i.end) for i in long.items[len(short.items) :]]
        at = short.items[-1].end - 1
        reason = "both sides of a set operation have the same number of columns"
        yield site.fix(site.insert_after(at, ", " + ", ".join(extra)), reason=reason, prior=0.7, unsafe=True)
        yield site.fix(site.insert_after(at, ", NULL" * len(extra)), reason=reason, prior=0.3, unsafe=True)
        cut = Edit(site.tokens[long.items[len(short.items) - 1].end - 1].end, site.tokens[long.items[-1].end - 1].end)
        yield site.fix(cut, reason=f"{reason}; this drops output columns", prior=0.25, unsafe=True)


@repair("SubqueryColumns", language=Language.SQL)
def first_column(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Let a sub-query that is compared with one value give one column.

    Why: the column that orders or counts was selected too.
    Example: `WHERE id IN (SELECT id, count(*) FROM u GROUP BY id)` → `WHERE id IN (SELECT id FROM u GROUP BY id)`
    Safety: safe; what is compared stays.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        if site.query.word(select.start - 1) != "(" or len(select.items) < 2 or select.parent is None:
            continue
        if any(r.select is select for r in select.parent.relations):
            continue
        for number, item in enumerate(select.items):
            first, last = select.items[0], select.items[-1]
            edit = site.edit(first.start, last.end, site.query.span(item.start, item.end))
            yield site.fix(edit, reason="a sub-query that is compared gives one column", prior=0.8 / (number + 1))


@repair("SetOrder", "Syntax", language=Language.SQL)
def order_last(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give a side of a set operation that is ordered or limited a query of its own.

    Why: ORDER BY and LIMIT belong to the whole set operation.
    Example: `SELECT a FROM t LIMIT 1 UNION SELECT b FROM u` → `SELECT * FROM (SELECT a FROM t LIMIT 1) UNION …`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = []
    for select in site.query.selects:
        if not {"ORDER BY", "LIMIT"} & select.clauses.keys() or select.following is None:
            continue
        edits.append(Edit.insert(site.tokens[select.start].start, "SELECT * FROM ("))
        edits.append(site.insert_after(select.end - 1, ") AS ordered"))
    if edits:
        yield site.fix(*edits, reason="a side of a set operation is ordered in a query of its own", prior=0.8)


_MEMBERS = {("=", "ANY"): "IN", ("=", "SOME"): "IN", ("<>", "ALL"): "NOT IN", ("!=", "ALL"): "NOT IN"}


@repair("Syntax", language=Language.SQL)
def quantified(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Compare with all or any of the rows of a sub-query by their largest or smallest.

    Why: SQLite has no ALL and no ANY.
    Example: `WHERE a > ALL (SELECT b FROM t)` → `WHERE a > (SELECT MAX(b) FROM t)`
    Safety: safe, but for a sub-query without rows.
    """
    site = sql_site(report, context)
    if site.dialect != "sqlite":
        return
    edits = []
    for select in site.query.selects:
        word, operator = site.query.word(select.start - 2), site.query.word(select.start - 3)
        if word not in {"ALL", "ANY", "SOME"} or site.query.word(select.start - 1) != "(" or len(select.items) != 1:
            continue
        if member := _MEMBERS.get((operator, word)):
            edits.append(site.edit(select.start - 3, select.start - 1, member))
        elif operator in {"<", ">", "<=", ">="} and not {"GROUP BY", "LIMIT"} & select.clauses.keys():
            item = select.items[0]
            function = "MAX" if operator.startswith(">") == (word == "ALL") else "MIN"
            edits += [
                Edit(site.tokens[select.start - 2].start, site.tokens[select.start - 1].start),
                site.edit(item.start, item.end, f"{function}({site.query.span(item.start, item.end)})"),
            ]
    if edits:
        yield site.fix(*edits, reason="this engine has no ALL and no ANY", prior=0.97)
