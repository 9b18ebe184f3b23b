"""Inserts that give more or fewer values than there are columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report, Table
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Item

__all__ = ["insert_columns"]


@dataclass(frozen=True, slots=True)
class _Insert:
    """An INSERT: its table, the columns that it names and the rows that it gives.

    Attributes:
        table: the table.
        name: the last token of the table's name.
        columns: the columns named.
        rows: the values of each row; of a query, its items.
    """

    table: Table
    name: int
    columns: Sequence[Item]
    rows: Sequence[Sequence[Item]]


@repair("InsertCount", language=Language.SQL)
def insert_columns(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give as many values as there are columns.

    Why: the table has more columns than values are given, or columns are named that get none.
    Example: `INSERT INTO t VALUES (1, 2)` → `INSERT INTO t (a, b) VALUES (1, 2)`
    Safety: unsafe; the values are taken for the first columns.
    """
    site = sql_site(report, context)
    insert = _read(site)
    if insert is None:
        return
    given = max((len(row) for row in insert.rows), default=0)
    wanted = len(insert.columns) or len(insert.table.columns)
    if not given:
        return
    reason = f"{wanted} columns are to be filled, {given} values are given"
    if insert.columns and given < wanted:
        last = insert.columns[-1].end - 1
        cut = Edit(site.tokens[insert.columns[given - 1].end - 1].end, site.tokens[last].end)
        yield site.fix(cut, reason=f"{reason}; a column is left out", prior=0.6, unsafe=True)
    elif insert.columns:
        yield from _more_columns(site, insert, given - wanted, reason)
    elif given < wanted:
        names = ", ".join(site.quoted(c.name) for c in insert.table.columns[:given])
        yield site.fix(site.insert_after(insert.name, f" ({names})"), reason=reason, prior=0.7, unsafe=True)
    short = [
        site.insert_after(row[-1].end - 1, ", NULL" * (wanted - len(row))) for row in insert.rows if len(row) < wanted
    ]
    if short:
        yield site.fix(*short, reason=f"{reason}; NULL for the rest", prior=0.4, unsafe=True)
    long = [
        Edit(site.tokens[row[wanted - 1].end - 1].end, site.tokens[row[-1].end - 1].end)
        for row in insert.rows if len(row) > wanted
    ]  # fmt: skip
    if long:
        yield site.fix(*long, reason=f"{reason}; this drops those too many", prior=0.5, unsafe=True)


def _more_columns(site: Site, insert: _Insert, count: int, reason: str) -> Iterator[Candidate]:
    """Yield the candidate that names the columns of the values that have none."""
    named = {site.query.span(c.start, c.end).strip('"`').lower() for c in insert.columns}
    rest = [c.name for c in insert.table.columns if c.name.lower() not in named]
    selected = [site.tokens[i.end - 1].name.lower() for i in insert.rows[0][len(insert.columns) :]]
    chosen = [n for n in rest if n.lower() in selected] or rest[:count]
    if len(chosen) == count:
        text = "".join(f", {site.quoted(name)}" for name in chosen)
        yield site.fix(site.insert_after(insert.columns[-1].end - 1, text), reason=reason, prior=0.65, unsafe=True)


def _read(site: Site) -> _Insert | None:
    """Return the INSERT that the query is, as far as it can be read."""
    into = next((i for i, t in enumerate(site.tokens) if t.is_word("INTO")), None)
    if into is None:
        return None
    name = into + 1
    while site.query.word(name + 1) == "." and name + 2 < len(site.tokens):
        name += 2
    if name >= len(site.tokens):
        return None
    table, at, columns = site.catalog.table(site.tokens[name].name), name + 1, list[Item]()
    if site.query.word(at) == "(" and (close := site.query.closing.get(at)) and site.query.word(at + 1) != "SELECT":
        columns, at = site.query.split(at + 1, close), close + 1
    return _Insert(table, name, columns, _rows(site, at)) if table else None


def _rows(site: Site, at: int) -> list[Sequence[Item]]:
    """Return the values of each row that stands after token `at`."""
    select = next((s for s in site.query.selects if s.start >= at and "SELECT" in s.clauses), None)
    if site.query.word(at) != "VALUES":
        starred = select is None or any(site.tokens[i.end - 1].text == "*" for i in select.items)
        return [] if select is None or starred else [select.items]
    found: list[Sequence[Item]] = []
    at += 1
    while site.query.word(at) == "(" and (close := site.query.closing.get(at)):
        found.append(site.query.split(at + 1, close))
        at = close + 1 + (site.query.word(close + 1) == ",")
    return found
