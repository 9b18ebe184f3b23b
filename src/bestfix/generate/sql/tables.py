"""Tables, aliases and schemas that are not there, and tables that are missing from the query."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report, Table
from bestfix.generate.base import repair
from bestfix.generate.similar import near
from bestfix.generate.sql.joins import Path, paths
from bestfix.generate.sql.likeness import like
from bestfix.generate.sql.site import Reference, Site, sql_site
from bestfix.lang.sql import Relation, Select

__all__ = [
    "join_order", "known_label", "missing_alias", "missing_from", "missing_table", "other_table", "schema_dropped",
    "twice_qualified", "unknown_table",
]  # fmt: skip


@repair("UnknownTable", language=Language.SQL)
def unknown_table(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Read from the table that was meant: one with a near name that has the columns the query uses.

    Why: tables are mistyped, or called by what they hold.
    Example: `SELECT name FROM person` → `SELECT name FROM people`
    Safety: safe when the names are near.
    """
    site = sql_site(report, context)
    relation, select = _failing_relation(site)
    if relation is None or select is None:
        return
    name = site.tokens[relation.names[-1]].name
    wanted = _wanted(site, relation, select)
    ctes = [Table(n, tuple(site.outputs(s) or ()) if s else ()) for n, (s, _) in site.query.ctes.items()]
    scored = [(_score(name, table, wanted), table) for table in (*_plausible(site, name, wanted), *ctes)]
    labelled = {site.label_name(r) for r in select.relations if r.alias is not None}
    for likely, table in sorted(scored, key=lambda st: -st[0])[:8]:
        score = max(likely, 0.03)
        text = site.quoted(table.name)
        edits = [site.edit(relation.names[0], relation.names[-1] + 1, text)]
        edits += [
            site.edit(i, i + 1, text)
            for i in site.qualifiers()
            if site.tokens[i].name.lower() == name.lower() and name.lower() not in labelled and i not in relation.names
        ]
        yield site.fix(*edits, reason=f"there is no table `{name}`; `{table.name}` is", prior=score, unsafe=score < 0.5)


def _failing_relation(site: Site) -> tuple[Relation | None, Select | None]:
    """Return the relation that names no table, and the select that reads it."""
    found = [(r, s) for s in site.query.selects for r in s.relations if r.names]
    named = [(r, s) for r, s in found if site.tokens[r.names[-1]].name.lower() == site.name.rpartition(".")[2].lower()]
    pointed = [(r, s) for r, s in named if site.index is not None and r.start <= site.index < r.end]
    return next(iter([*pointed, *named]), (None, None))


def _wanted(site: Site, relation: Relation, select: Select) -> set[str]:
    """Return the columns that the query seeks in a relation, in lower case."""
    label, found = site.label_name(relation), set[str]()
    for inner in site.query.selects:
        for use in site.references(inner):
            name = site.tokens[use.index].name.lower()
            if use.qualifier is not None:
                if site.tokens[use.qualifier].name.lower() == label:
                    found.add(name)
            elif inner is select and site.tokens[use.index].kind == "name" and not site.owners(name, select):
                found.add(name)
    return found


def _plausible(site: Site, name: str, wanted: set[str]) -> Sequence[Table]:
    """Return the tables worth a look: all of them, or of very many those with a near name or a wanted column."""
    tables = site.catalog.tables()
    if len(tables) <= 300:
        return tables
    close = {match.name for match in near(name, [t.name for t in tables], limit=20, least=0.5)}
    found = {id(t): t for label in (*close, name) if (t := site.catalog.table(label)) is not None}
    for column in wanted:
        found.update({id(t): t for t in site.catalog.having(column)[:20]})
    return list(found.values())


def _score(name: str, table: Table, wanted: set[str]) -> float:
    named = like(name, table.name)
    if not wanted:
        return named
    known = [c.name for c in table.columns]
    nearly = 0.9 if named > 0.5 else 0.0
    covered = sum(c in table.by_name or nearly * bool(near(c, known, limit=1, least=0.7)) for c in wanted) / len(wanted)
    return min(0.97, named * (0.25 + 0.75 * covered) + 0.4 * covered**2 * (1 - named))


@repair("UnknownTable", "UnknownSchema", "UnknownAlias", "UnknownColumn", "Syntax", language=Language.SQL)
def schema_dropped(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Leave out or replace a schema that does not exist.

    Why: the query was written where the tables stood in a schema of that name.
    Example: `SELECT * FROM shop.orders` → `SELECT * FROM orders`
    Safety: safe; the table exists without it.
    """
    site = sql_site(report, context)
    edits = []
    for select in site.query.selects:
        for relation in select.relations:
            if len(relation.names) < 2 or site.table(relation) is not None:
                continue
            if site.catalog.table(site.tokens[relation.names[-1]].name) is not None:
                schema = site.tokens[relation.names[0]].name.lower()
                edits += [
                    site.edit(i, i + 2, "")
                    for i in site.qualifiers()
                    if site.tokens[i].name.lower() == schema and site.query.word(i - 1) != "."
                ]
    if edits:
        reason = "there is no such schema; the tables stand without it"
        yield site.fix(*dict.fromkeys(edits), reason=reason, prior=0.9)


@repair("UnknownAlias", "UnknownColumn", "UnknownSchema", "Syntax", language=Language.SQL)
def twice_qualified(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Qualify a column by one name of its relation only.

    Why: the alias and the table's name are both written.
    Example: `SELECT p.people.name FROM people AS p` → `SELECT p.name FROM people AS p`
    Safety: safe.
    """
    site = sql_site(report, context)
    labels = {site.label_name(r) for s in site.query.selects for r in s.relations}
    tables = {site.tokens[r.names[-1]].name.lower() for s in site.query.selects for r in s.relations if r.names}
    edits = [
        site.edit(i + 2, i + 4, "") for i in site.qualifiers()
        if site.query.word(i + 3) == "." and site.tokens[i].name.lower() in labels
        and site.tokens[i + 2].name.lower() in tables
    ]  # fmt: skip
    if edits:
        yield site.fix(*edits, reason="the alias alone says which relation is meant", prior=0.9)


@repair("UnknownAlias", "UnknownColumn", language=Language.SQL)
def join_order(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join a relation before the condition that names it.

    Why: joins are written in any order.
    Example: `FROM a JOIN b ON b.x = c.x JOIN c ON c.y = a.y` → `FROM a JOIN c ON c.y = a.y JOIN b ON b.x = c.x`
    Safety: safe for inner joins.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        joined = [r for r in select.relations if r.join is not None and r.on is not None]
        for early, late in itertools.combinations(joined, 2):
            if early.on is None or late.on is None or early.join is None or late.join is None:
                continue
            named = {site.tokens[i].name.lower() for i in range(*early.on) if site.query.word(i + 1) == "."}
            if site.label_name(late) in named:
                texts = site.query.span(early.join, early.on[1]), site.query.span(late.join, late.on[1])
                edits = [site.edit(early.join, early.on[1], texts[1]), site.edit(late.join, late.on[1], texts[0])]
                yield site.fix(*edits, reason=f"`{site.label(late)}` is joined too late", prior=0.8)


@repair("UnknownAlias", "UnknownColumn", "UnknownSchema", language=Language.SQL)
def known_label(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Call a relation by the alias that the query gives it.

    Why: once a table has an alias its name is not visible; aliases are mistyped.
    Example: `SELECT people.name FROM people AS p` → `SELECT p.name FROM people AS p`
    Safety: safe.
    """
    site = sql_site(report, context)
    wrong = site.name if site.error.type != "UnknownColumn" else site.error.details.get("table", "")
    if not wrong:
        return
    uses = _uses_of(site, wrong)
    if not uses:
        return
    names = {site.tokens[u.index].name.lower() for u in uses}
    for relation, columns in site.visible(uses[0].select):
        label = site.label(relation)
        has = sum(c.name.lower() in names for c in columns or ()) / len(names)
        table = site.tokens[relation.names[-1]].name if relation.names else ""
        score = (
            0.95 if table.lower() == wrong.lower() else max(like(wrong, label), like(wrong, table) if table else 0.0)
        )
        prior = max(score, 0.5 / len(uses[0].select.relations or "1")) * (0.2 + 0.8 * has)
        if label and prior > 0.05 and label.lower() != wrong.lower():
            edits = [site.edit(u.qualifier, u.qualifier + 1, label) for u in uses if u.qualifier is not None]
            yield site.fix(*edits, reason=f"the query calls the relation `{label}`, not `{wrong}`", prior=prior)


@repair("UnknownAlias", "UnknownColumn", language=Language.SQL)
def missing_alias(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give a relation the alias that the query uses, and that none has.

    Why: the alias was forgotten where the table is named.
    Example: `FROM people JOIN teams AS t2 ON t1.team = t2.id` → `FROM people AS t1 JOIN teams AS t2 ON t1.team = t2.id`
    Safety: safe; the relation has every column that is taken from it.
    """
    site = sql_site(report, context)
    wrong = site.name if site.error.type == "UnknownAlias" else site.error.details.get("table", "")
    uses = _uses_of(site, wrong) if wrong else []
    if not uses or site.catalog.table(wrong) is not None:
        return
    select = uses[0].select
    names = {site.tokens[u.index].name.lower() for u in uses}
    own = {site.tokens[r.qualifier].name.lower() for r in site.references(select) if r.qualifier is not None}
    for relation in select.relations:
        known = {c.name.lower() for c in site.columns(relation) or ()}
        if relation.alias is not None or not relation.names or site.label_name(relation) in own or not names <= known:
            continue
        label = site.tokens[uses[0].qualifier or 0].text
        edit = site.insert_after(relation.end - 1, f" AS {label}")
        reason = f"no relation is called `{label}`; this one has the columns"
        yield site.fix(edit, reason=reason, prior=0.9 if len(uses) > 1 else 0.78)


@repair("UnknownColumn", language=Language.SQL)
def other_table(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Read from another table, which has every column that the query uses.

    Why: the columns are remembered right, and the table wrongly.
    Example: `SELECT capital FROM city` → `SELECT capital FROM country`
    Safety: unsafe; other rows are read.
    """
    site = sql_site(report, context)
    use = site.failing_reference()
    if use is None:
        return
    for relation in use.select.relations:
        table = site.table(relation)
        if table is None or (
            use.qualifier is not None and site.tokens[use.qualifier].name.lower() != site.label_name(relation)
        ):
            continue
        wanted = _used(site, relation, use.select)
        for other in site.catalog.having(site.tokens[use.index].name)[:20]:
            if other is table or any(site.table(r) is other for r in use.select.relations):
                continue
            covered = sum(c in other.by_name for c in wanted) / max(len(wanted), 1)
            if covered == 1.0:
                text = site.quoted(other.name)
                edits = [site.edit(relation.names[0], relation.names[-1] + 1, text)]
                old = table.name.lower()
                edits += [
                    site.edit(i, i + 1, text) for i in site.qualifiers()
                    if relation.alias is None and site.tokens[i].name.lower() == old
                    and site.query.select_at(i) is use.select
                ]  # fmt: skip
                reason = f"`{site.name}` is a column of `{other.name}`, not of `{table.name}`"
                prior = 0.55 if len(use.select.relations) == 1 else 0.3
                yield site.fix(*edits, reason=reason, prior=prior + 0.03 * min(len(wanted), 5), unsafe=True)


def _used(site: Site, relation: Relation, select: Select) -> set[str]:
    """Return the columns that the query takes, or seems to take, from a relation."""
    label, columns = site.label_name(relation), site.columns(relation) or []
    own, found = {c.name.lower() for c in columns}, set[str]()
    for use in site.references(select):
        name = site.tokens[use.index].name.lower()
        if use.qualifier is not None:
            if site.tokens[use.qualifier].name.lower() == label:
                found.add(name)
        elif name in own or not site.resolves(use):
            found.add(name)
    return found


@repair("UnknownColumn", "UnknownAlias", language=Language.SQL)
def missing_from(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Read from the table that has the columns, where nothing is read from.

    Why: FROM was forgotten.
    Example: `SELECT name` → `SELECT name FROM people`
    Safety: unsafe where several tables have the columns.
    """
    site = sql_site(report, context)
    select = site.select
    if select is None or select.relations or "SELECT" not in select.clauses or "FROM" in select.clauses:
        return
    wanted = {site.tokens[r.index].name.lower() for r in site.references(select)}
    last = select.items[-1].alias if select.items else None
    if last is not None and (table := site.catalog.table(site.tokens[last].name)) is not None:
        edit = Edit.insert(site.tokens[last].start, "FROM ")
        yield site.fix(edit, reason=f"`{table.name}` is a table: FROM is missing before it", prior=0.93)
    at = min((c.keyword for n, c in select.clauses.items() if n != "SELECT"), default=select.end)
    for table in site.catalog.having(site.name)[:5]:
        if all(name in table.by_name for name in wanted):
            edit = site.insert_after(at - 1, f" FROM {site.quoted(table.name)}")
            yield site.fix(edit, reason="nothing says where to read from", prior=0.7)
    if select.following is not None and "FROM" in select.following.clauses:
        clauses = sorted(select.following.clauses.values(), key=lambda c: c.keyword)
        edit = site.insert_after(at - 1, " " + site.query.span(clauses[1].keyword, clauses[-1].end))
        yield site.fix(edit, reason="nothing says where to read from", prior=0.4, unsafe=True)


@repair("UnknownColumn", "UnknownAlias", language=Language.SQL)
def missing_table(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join the table that has the column, along keys.

    Why: a column of another table is used as if it stood in this one.
    Example: `SELECT title, author.name FROM book` → `… FROM book JOIN author ON book.author_id = author.id`
    Safety: unsafe; a join may repeat or drop rows.
    """
    site = sql_site(report, context)
    if site.error.type == "UnknownAlias" or site.error.details.get("table"):
        wrong = site.name if site.error.type == "UnknownAlias" else site.error.details["table"]
        for select in site.query.selects:
            uses = [use for use in _uses_of(site, wrong) if use.select is select]
            table = site.catalog.table(wrong)
            if uses and table is not None:
                held = all(site.owners(site.tokens[u.index].name, u.select) for u in uses)
                for path in paths(site, select, table):
                    yield _joined(site, select, path, 0.6 if held else 0.85, label=wrong)
                return
    use = site.failing_reference() or next(iter(_uses_of(site, site.name)), None)
    if use is None:
        return
    name, alias = site.tokens[use.index].name, _new_alias(site, use)
    wanted = {site.tokens[u.index].name.lower() for u in _uses_of(site, alias)} if alias else set()
    for table in site.catalog.having(name)[:12]:
        for path in paths(site, use.select, table, alias) if wanted <= table.by_name.keys() else ():
            yield _joined(site, use.select, path, 0.5, index=None if path.label == alias else use.qualifier)


def _uses_of(site: Site, label: str) -> list[Reference]:
    """Return the uses of columns under a label that no relation has."""
    return [
        use for select in site.query.selects for use in site.references(select)
        if use.qualifier is not None and site.tokens[use.qualifier].name.lower() == label.lower()
        and not site.resolves(use)
    ]  # fmt: skip


def _new_alias(site: Site, use: Reference) -> str:
    """Return the qualifier of a column when it is no relation's, but what the query calls one that it forgot."""
    if use.qualifier is None:
        return ""
    label = site.tokens[use.qualifier]
    taken = {site.label_name(r) for s in site.query.selects for r in s.relations} | set(site.query.ctes)
    known = label.name.lower() in taken or site.catalog.table(label.name) is not None
    return "" if known else label.text


def _joined(  # noqa: PLR0913 - what is joined, how, and for which use
    site: Site, select: Select, path: Path, prior: float, *, label: str = "", index: int | None = None
) -> Candidate:
    last = max(select.relations, key=lambda r: r.end)
    end = max(last.end, last.on[1] if last.on else 0)
    insert = site.insert_after(end - 1, path.text)
    edits = [insert]
    if index is not None:
        edits.append(site.edit(index, index + 1, path.label))
    reason = f"`{label or site.name}` needs the table `{path.table.name}`, joined by its key"
    return site.fix(*edits, reason=reason, prior=prior * path.p, unsafe=True)
