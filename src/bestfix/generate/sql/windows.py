"""Window functions: where none may stand, and OVER clauses that are missing or misshapen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.grouping import clause_start, conjuncts
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Clause, Item, Select

__all__ = ["filtered_window", "grouped_window", "over_form", "over_missing"]

_RANKING = frozenset([
    "ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD", "FIRST_VALUE",
    "LAST_VALUE", "NTH_VALUE",
])  # fmt: skip
_QUALIFYING = frozenset(["duckdb", "snowflake", "bigquery", "databricks", "teradata"])
_LAST = ("ORDER BY", "LIMIT", "OFFSET", "FETCH")


@dataclass(frozen=True, slots=True)
class _Window:
    """A call with its OVER clause, tokens `start:end`."""

    start: int
    end: int


@repair("WindowMisuse", "UnknownColumn", language=Language.SQL)
def filtered_window(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Filter by a window function after it is computed: by QUALIFY, or around a sub-query.

    Why: WHERE and HAVING choose rows before windows are computed.
    Example: `SELECT a, rank() OVER (ORDER BY a) AS r FROM t WHERE r = 1` →
        `SELECT a, r FROM (SELECT a, rank() OVER (ORDER BY a) AS r FROM t) AS ranked WHERE r = 1`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        aliases = _window_aliases(site, select)
        for name in ("WHERE", "HAVING"):
            clause = select.clauses.get(name)
            parts = conjuncts(site, clause) if clause else []
            late = [p for p in parts if _is_late(site, select, p, aliases)]
            if clause is None or not late:
                continue
            kept = [site.query.span(p.start, p.end) for p in parts if p not in late]
            reason = f"{name} chooses rows before windows are computed"
            if site.dialect in _QUALIFYING and "QUALIFY" not in select.clauses:
                yield site.fix(*_qualified(site, select, clause, kept, late), reason=reason, prior=0.95)
            edits = _wrapped(site, select, clause, kept, late, aliases=aliases)
            if edits:
                yield site.fix(*edits, reason=reason, prior=0.9 if site.dialect not in _QUALIFYING else 0.5)


def _qualified(site: Site, select: Select, clause: Clause, kept: list[str], late: list[Item]) -> Iterator[Edit]:
    text = " AND ".join(site.query.span(p.start, p.end) for p in late)
    at = clause_start(select, _LAST)
    if at == clause.end and not kept:
        yield site.edit(clause.keyword, clause.end, f"QUALIFY {text}")
        return
    yield _without(site, clause, kept)
    yield site.insert_after(at - 1, f" QUALIFY {text}")


def _without(site: Site, clause: Clause, kept: list[str]) -> Edit:
    if kept:
        return site.edit(clause.start, clause.end, " AND ".join(kept))
    return Edit(site.tokens[clause.keyword - 1].end, site.tokens[clause.end - 1].end)


def _wrapped(  # noqa: PLR0913 - the select, what is cut from it, and what it calls its windows
    site: Site, select: Select, clause: Clause, kept: list[str], late: list[Item], *, aliases: dict[str, Item]
) -> list[Edit]:
    """Return the edits that make the select a sub-query and its late conditions those of a query around it."""
    outputs = site.outputs(select)
    plain = all(i.alias is not None or site.tokens[i.end - 1].text != ")" for i in select.items)
    if not outputs or not plain:
        return []
    condition, added = _late_condition(site, late, aliases)
    names = ", ".join(site.quoted(c.name) for c in outputs)
    at = clause_start(select, _LAST)
    cut = _without(site, clause, kept)
    around = f") AS ranked WHERE {condition}"
    edits = [Edit.insert(site.tokens[select.start].start, f"SELECT {names} FROM (")]  # noqa: S608 - text for the user's own query
    if added:
        edits.append(site.insert_after(select.items[-1].end - 1, added))
    if clause.end == at and not kept:
        return [*edits, Edit(cut.start, cut.end, around)]
    return [*edits, cut, site.insert_after(at - 1, around)]


def _late_condition(site: Site, late: list[Item], aliases: dict[str, Item]) -> tuple[str, str]:
    """Return the conditions with each window replaced by its name, and the items that give names to those without."""
    known = {
        _folded(site.query.span(w.start, w.end)): name for name, item in aliases.items() for w in _windows(site, item)
    }
    added, parts = "", []
    for part in late:
        pieces, at = [], part.start
        for window in _windows(site, part):
            text = site.query.span(window.start, window.end)
            name = known.get(_folded(text))
            if name is None:
                name = known[_folded(text)] = f"window_{len(known) + 1}"
                added += f", {text} AS {name}"
            pieces += [site.query.span(at, window.start), name]
            at = window.end
        parts.append(" ".join(p for p in [*pieces, site.query.span(at, part.end)] if p))
    return " AND ".join(parts), added


def _window_aliases(site: Site, select: Select) -> dict[str, Item]:
    """Return the items of a select that are computed by windows, by their aliases."""
    return {
        site.tokens[i.alias].name.lower(): i for i in select.items if i.alias is not None and any(_windows(site, i))
    }


def _is_late(site: Site, select: Select, part: Item, aliases: dict[str, Item]) -> bool:
    if any(_windows(site, part)):
        return True
    return any(
        site.tokens[i].identifier
        and site.tokens[i].name.lower() in aliases
        and site.query.word(i - 1) != "."
        and site.query.select_at(i) is select
        for i in range(part.start, part.end)
    )


def _windows(site: Site, part: Item) -> Iterator[_Window]:
    """Yield the window calls of a part that stand in no other select."""
    owner = site.query.select_at(part.start)
    for index in range(part.start, part.end):
        close = site.query.closing.get(index + 1) if site.query.word(index + 1) == "(" else None
        if site.tokens[index].kind != "name" or close is None or site.query.word(close + 1) != "OVER":
            continue
        end = site.query.closing.get(close + 2, close + 2) + 1
        if site.query.select_at(index) is owner:
            yield _Window(index, end)


def _folded(text: str) -> str:
    return "".join(text.lower().split())


@repair("WindowMisuse", language=Language.SQL)
def grouped_window(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Do not group by a window function.

    Why: windows are computed when the groups are made.
    Example: `SELECT a FROM t GROUP BY a, rank() OVER (ORDER BY a)` → `SELECT a FROM t GROUP BY a`
    Safety: unsafe; other groups may have been meant.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        group = select.clauses.get("GROUP BY")
        items = site.query.split(group.start, group.end) if group else []
        kept = [site.query.span(i.start, i.end) for i in items if not any(_windows(site, i))]
        if group is None or len(kept) == len(items):
            continue
        edit = site.edit(group.start, group.end, ", ".join(kept)) if kept else _without(site, group, [])
        yield site.fix(edit, reason="GROUP BY takes no window function", prior=0.6, unsafe=True)


@repair("WindowMisuse", "Syntax", language=Language.SQL)
def over_missing(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give a window function the window that it is computed over.

    Why: OVER was forgotten; row_number and its kind have no meaning without it.
    Example: `SELECT a, row_number() FROM t ORDER BY a` → `SELECT a, row_number() OVER (ORDER BY a) FROM t ORDER BY a`
    Safety: unsafe; the order is that of the query, if it has one.
    """
    site = sql_site(report, context)
    if report.error.type == "Syntax":
        yield from _half_over(site)
        return
    for index, token in enumerate(site.tokens):
        close = site.query.closing.get(index + 1)
        if token.upper not in _RANKING or close is None or site.query.word(close + 1) in {"OVER", "FILTER"}:
            continue
        select = site.query.select_at(index)
        order = select.clauses.get("ORDER BY") if select else None
        if order is not None and not order.start <= index < order.end:
            text = f" OVER (ORDER BY {site.query.span(order.start, order.end)})"
            yield site.fix(site.insert_after(close, text), reason=f"`{token.text}` needs an OVER clause", prior=0.85)
        yield site.fix(
            site.insert_after(close, " OVER ()"), reason=f"`{token.text}` needs an OVER clause", prior=0.6, unsafe=True
        )


def _half_over(site: Site) -> Iterator[Candidate]:
    """Yield the candidates for `rank() (ORDER BY a)` and `rank OVER (ORDER BY a)`."""
    for index, token in enumerate(site.tokens):
        window = {site.query.word(index + 1), site.query.word(index)} & {"ORDER", "PARTITION"}
        if token.text == "(" and window and site.query.word(index - 1) == ")":
            edit = Edit.insert(token.start, "OVER ")
            yield site.fix(edit, reason="a window is written after OVER", prior=0.95)
        if token.is_word("OVER") and site.tokens[index - 1].kind == "name" and site.query.word(index + 1) == "(":
            edit = site.insert_after(index - 1, "()")
            yield site.fix(edit, reason=f"`{site.tokens[index - 1].text}` is called by parentheses", prior=0.95)


@repair("Syntax", "Incomplete", language=Language.SQL)
def over_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write a window in parentheses, PARTITION BY before ORDER BY.

    Why: the form of OVER is its own.
    Example: `rank() OVER ORDER BY a` → `rank() OVER (ORDER BY a)`
    Safety: safe.
    """
    site = sql_site(report, context)
    for index, token in enumerate(site.tokens):
        if not token.is_word("OVER"):
            continue
        if site.query.word(index + 1) in {"ORDER", "PARTITION"}:
            end = _window_end(site, index + 1)
            edits = [Edit.insert(site.tokens[index + 1].start, "("), site.insert_after(end - 1, ")")]
            yield site.fix(*edits, reason="a window stands in parentheses", prior=0.95)
        close = site.query.closing.get(index + 1)
        words = [site.query.word(i) for i in range(index + 2, close or 0)]
        if close is not None and "ORDER" in words and "PARTITION" in words[words.index("ORDER") :]:
            order, partition = index + 2 + words.index("ORDER"), index + 2 + words.index("PARTITION")
            text = f"{site.query.span(partition, close)} {site.query.span(order, partition)}"
            yield site.fix(site.edit(order, close, text), reason="PARTITION BY stands before ORDER BY", prior=0.96)


def _window_end(site: Site, start: int) -> int:
    """Return the token after the last of a window that begins at `start` without a parenthesis."""
    depth, at = site.query.depths[start], start
    while at < len(site.tokens):
        word = site.query.word(at)
        if site.query.depths[at] < depth or word in {"FROM", "AS", "WHERE", ";"}:
            break
        after = site.query.word(at + 1)
        if word == "," and site.query.depths[at] == depth and site.tokens[at + 1].is_word(*_RANKING, "SUM", "COUNT"):
            break
        if word == ")" and site.query.depths[at] == depth and after == "":
            break
        at += 1
    return at
