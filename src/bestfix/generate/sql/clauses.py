"""Clauses out of order, doubled, or written as another engine writes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Item, Select

__all__ = ["clause_order", "comma_join", "limit_form", "nulls_last", "parenthesised_sides", "second_condition"]

_ORDER = ("SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "WINDOW", "QUALIFY", "ORDER BY", "LIMIT", "OFFSET", "FETCH")


@repair("Syntax", "Incomplete", "AmbiguousColumn", "UnknownColumn", language=Language.SQL)
def clause_order(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put the clauses of a query in their order.

    Why: clauses are written as they come to mind.
    Example: `SELECT a FROM t ORDER BY a WHERE a > 1` → `SELECT a FROM t WHERE a > 1 ORDER BY a`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        clauses = sorted((c for c in select.clauses.values() if c.name in _ORDER), key=lambda c: c.keyword)
        ordered = sorted(clauses, key=lambda c: _ORDER.index(c.name))
        if clauses == ordered or not clauses:
            continue
        text = " ".join(site.query.span(c.keyword, c.end) for c in ordered)
        edit = site.edit(clauses[0].keyword, clauses[-1].end, text)
        yield site.fix(edit, reason="the clauses stand in another order", prior=0.95)


@repair("Syntax", language=Language.SQL)
def second_condition(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join a second WHERE, HAVING or ON to the first by AND.

    Why: conditions are added one by one.
    Example: `… WHERE a = 1 WHERE b = 2` → `… WHERE a = 1 AND b = 2`
    Safety: safe.
    """
    site = sql_site(report, context)
    index = site.index
    if index is None or site.query.word(index) not in {"WHERE", "HAVING", "ON"}:
        return
    prior = 0.85 if site.query.word(index) != "ON" else 0.5
    yield site.fix(site.edit(index, index + 1, "AND"), reason="conditions are joined by AND", prior=prior)


@repair("Syntax", "LimitComma", "UnknownColumn", "Incomplete", language=Language.SQL)
def limit_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Limit the rows as this engine does.

    Why: engines say TOP, LIMIT, FETCH FIRST or ROWNUM.
    Example: `SELECT TOP 3 a FROM t` → `SELECT a FROM t LIMIT 3`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects if site.dialect == "tsql" else ():
        if edits := list(_limit(site, select)):
            yield site.fix(*edits, reason="this engine limits rows by TOP", prior=0.95)
    for select in site.query.selects if site.dialect != "tsql" else ():
        edits = [*_top(site, select), *_comma(site, select), *_fetch(site, select)]
        if edits:
            yield site.fix(*edits, reason="this engine limits rows by LIMIT", prior=0.95)


def _top(site: Site, select: Select) -> Iterator[Edit]:
    at = select.start + 1 + (site.query.word(select.start + 1) in {"DISTINCT", "ALL"})
    if site.query.word(at) != "TOP" or at + 4 >= select.end:
        return
    end = at + 4 if site.query.word(at + 1) == "(" else at + 2
    number = site.query.span(at + 1, end).strip("()")
    yield Edit(site.tokens[at].start, site.tokens[end].start)
    if "LIMIT" not in select.clauses:
        yield site.insert_after(select.end - 1, f" LIMIT {number}")


def _limit(site: Site, select: Select) -> Iterator[Edit]:
    """Yield the edits that write LIMIT as T-SQL does: TOP, or FETCH where rows are skipped."""
    limit, offset = select.clauses.get("LIMIT"), select.clauses.get("OFFSET")
    if limit is None or not select.items or limit.end - limit.start != 1:
        return
    number = site.query.span(limit.start, limit.end)
    if offset is None:
        yield Edit.insert(site.tokens[select.items[0].start].start, f"TOP {number} ")
        yield Edit(site.tokens[limit.keyword - 1].end, site.tokens[limit.end - 1].end)
    elif "ORDER BY" in select.clauses:
        skipped = site.query.span(offset.start, offset.end)
        end = max(limit.end, offset.end)
        start = min(limit.keyword, offset.keyword)
        yield site.edit(start, end, f"OFFSET {skipped} ROWS FETCH NEXT {number} ROWS ONLY")


def _comma(site: Site, select: Select) -> Iterator[Edit]:
    limit = select.clauses.get("LIMIT")
    parts = site.query.split(limit.start, limit.end) if limit else []
    if limit and len(parts) == 2:
        first, second = (site.query.span(p.start, p.end) for p in parts)
        yield site.edit(limit.start, limit.end, f"{second} OFFSET {first}")


def _fetch(site: Site, select: Select) -> Iterator[Edit]:
    fetch, offset = select.clauses.get("FETCH"), select.clauses.get("OFFSET")
    if fetch is None or site.dialect == "postgres":
        return
    number = next((site.tokens[i].text for i in range(fetch.start, fetch.end) if site.tokens[i].kind == "number"), "1")
    yield site.edit(fetch.keyword, fetch.end, "" if offset else f"LIMIT {number}")
    if offset:
        skip = site.tokens[offset.start].text
        yield site.edit(offset.keyword, offset.end, f"LIMIT {number} OFFSET {skip}")


@repair("Syntax", language=Language.SQL)
def comma_join(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join by JOIN what has a join condition.

    Why: the comma and JOIN are mixed.
    Example: `FROM a, b ON a.id = b.id` → `FROM a JOIN b ON a.id = b.id`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = [
        site.edit(r.join, r.join + 1, " JOIN") for s in site.query.selects for r in s.relations
        if r.join is not None and r.on is not None and site.tokens[r.join].text == ","
    ]  # fmt: skip
    if edits:
        yield site.fix(*edits, reason="ON belongs to a JOIN", prior=0.9)


@repair("Syntax", language=Language.SQL)
def parenthesised_sides(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Take the parentheses off the sides of a set operation.

    Why: other engines allow or ask for them.
    Example: `(SELECT a FROM t) UNION (SELECT b FROM u)` → `SELECT a FROM t UNION SELECT b FROM u`
    Safety: safe where no side is ordered or limited.
    """
    site = sql_site(report, context)
    edits, wrapped = [], False
    for select in site.query.selects:
        opening = select.start - 1
        close = site.query.closing.get(opening)
        if close is None or site.query.word(opening) != "(" or close != select.end:
            continue
        before, after = site.query.word(opening - 1), site.query.word(close + 1)
        operators = {"UNION", "INTERSECT", "EXCEPT", "ALL"}
        if before in operators or (after in operators and before in {"", "(", "AS"}):
            limited = bool({"ORDER BY", "LIMIT"} & select.clauses.keys())
            wrapped |= limited
            edits.append(site.edit(opening, opening + 1, "SELECT * FROM (" if limited else ""))
            if not limited:
                edits.append(site.edit(close, close + 1, ""))
    if edits:
        yield site.fix(*edits, reason="the sides of a set operation stand without parentheses", prior=0.9)


@repair("UnknownColumn", language=Language.SQL)
def nulls_last(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Say where NULL stands in an order by NULLS FIRST or LAST.

    Why: engines without it order by a CASE, in which PostgreSQL sees no alias.
    Example: `ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END, a` → `ORDER BY a NULLS LAST`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        order = select.clauses.get("ORDER BY")
        items = site.query.split(order.start, order.end) if order else []
        edits = []
        for item, after in itertools.pairwise(items):
            word = _null_order(site, item, after)
            if word:
                edits += [
                    Edit(site.tokens[item.start].start, site.tokens[after.start].start),
                    site.insert_after(after.end - 1, f" NULLS {word}"),
                ]
        if edits:
            yield site.fix(*edits, reason="the place of NULL in an order has words of its own", prior=0.95)


def _null_order(site: Site, item: Item, after: Item) -> str:
    """Return where an item that is a CASE puts the NULLs of the item after it; empty where it does not."""
    words = [site.tokens[i].upper for i in range(item.start, item.end)]
    down = words[-1] == "DESC"
    words = words[:-1] if words[-1] in {"ASC", "DESC"} else words
    ordered = [
        site.tokens[i].upper for i in range(after.start, after.end) if site.tokens[i].upper not in {"ASC", "DESC"}
    ]
    tested = words[2:-7]
    if words[:2] != ["CASE", "WHEN"] or words[-7:-4] != ["IS", "NULL", "THEN"] or tested != ordered:
        return ""
    if [words[-4], words[-3], words[-2], words[-1]] not in (["1", "ELSE", "0", "END"], ["0", "ELSE", "1", "END"]):
        return ""
    return "LAST" if (words[-4] == "1") != down else "FIRST"
