"""Function calls with the wrong number or kind of arguments, and collations that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site

__all__ = ["argument_count", "collation", "count_of_rows", "distinct_columns", "year_of"]


_AFTER_COUNT = frozenset([
    "", ",", ")", ";", "FROM", "AS", "DESC", "ASC", "LIMIT", "WHERE", "ORDER", "=", "<>", "!=", "<", ">", "<=", ">=",
    "AND", "OR", "BETWEEN", "/", "+", "-",
])  # fmt: skip
"""What may follow `count(*)`."""


@repair("FunctionArguments", language=Language.SQL)
def argument_count(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Give a function as many arguments as it takes.

    Why: the function of another engine takes more, or fewer.
    Example: `SELECT avg(a, b) FROM t` → `SELECT avg(a) FROM t`
    Safety: unsafe; what is left out had a meaning.
    """
    site = sql_site(report, context)
    index = site.index
    close = site.query.closing.get(index + 1) if index is not None else None
    if index is None or close is None:
        return
    arguments = site.query.split(index + 2, close)
    signatures = re.findall(
        rf'^\s*"?{re.escape(site.name)}"?\((.*)\)', report.error.message, re.IGNORECASE | re.MULTILINE
    )
    counts = {len([p for p in s.split(",") if p.strip() not in {"", "/"}]) for s in signatures} or {1}
    for count in sorted(counts, reverse=True):
        if 0 < count < len(arguments):
            cut = Edit(site.tokens[arguments[count - 1].end - 1].end, site.tokens[close].start)
            reason = f"`{site.tokens[index].text}` takes {count} argument{'s' * (count > 1)}"
            yield site.fix(cut, reason=reason, prior=0.3, unsafe=True)


@repair("Syntax", "UnknownColumn", "Incomplete", language=Language.SQL)
def count_of_rows(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write the parentheses of `count(*)`.

    Why: they are easily skipped around a sign.
    Example: `SELECT count * FROM t` → `SELECT count(*) FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = []
    for index in range(len(site.tokens) - 1):
        ends = site.query.word(index + 2) in _AFTER_COUNT
        if site.query.word(index) == "COUNT" and site.query.word(index + 1) == "*" and ends:
            edits.append(Edit(site.tokens[index].end, site.tokens[index + 1].end, "(*)"))
    if edits:
        yield site.fix(*edits, reason="`count(*)` is written with parentheses", prior=0.96)


@repair("FunctionArguments", language=Language.SQL)
def distinct_columns(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Count distinct combinations as this engine does.

    Why: MySQL counts several columns.
    Example: `count(DISTINCT a, b)` → `count(DISTINCT a || '|' || b)`
    Safety: safe, unless a value holds the separator.
    """
    site = sql_site(report, context)
    for index in range(len(site.tokens) - 3):
        close = site.query.closing.get(index + 1) if site.query.word(index) == "COUNT" else None
        if close is None or site.query.word(index + 2) != "DISTINCT":
            continue
        parts = [site.query.span(i.start, i.end) for i in site.query.split(index + 3, close)]
        if len(parts) > 1:
            text = f"({', '.join(parts)})" if site.dialect == "duckdb" else " || '|' || ".join(parts)
            yield site.fix(site.edit(index + 3, close, text), reason="COUNT takes one expression", prior=0.9)


@repair("FunctionArguments", "TypeMismatch", "UnknownFunction", language=Language.SQL)
def year_of(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Calculate with the year of a date, not with the date.

    Why: ages are estimated from years.
    Example: `2022 - birth_date` → `2022 - EXTRACT(YEAR FROM birth_date)`
    Safety: safe; a number and a date do not subtract.
    """
    site = sql_site(report, context)
    edits = []
    for select in site.query.selects:
        for use in site.references(select):
            types = [c.type for _, c in site.owners(site.tokens[use.index].name, select)]
            start = use.index if use.qualifier is None else use.qualifier
            sides = (site.query.word(start - 1) in {"-", "+"} and site.tokens[start - 2].kind == "number") or (
                site.query.word(use.index + 1) in {"=", "<", ">", "-"} and site.tokens[use.index + 2].kind == "number"
            )
            if sides and types and types[0].startswith(("DATE", "TIMESTAMP")):
                text = site.query.span(start, use.index + 1)
                edits.append(site.edit(start, use.index + 1, f"EXTRACT(YEAR FROM {text})"))
    if edits:
        yield site.fix(*edits, reason="the year of a date is a number, the date is none", prior=0.8)


@repair("UnknownCollation", language=Language.SQL)
def collation(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Leave out a collation that this engine does not have; one that ignores case makes LIKE ILIKE.

    Why: SQL Server and MySQL name their collations in queries.
    Example: `a LIKE 'x%' COLLATE Latin1_General_CI_AS` → `a ILIKE 'x%'`
    Safety: safe as far as case is concerned.
    """
    site = sql_site(report, context)
    for index, edits in _collated(site):
        like = next((i for i in range(index - 1, max(index - 4, 0), -1) if site.query.word(i) == "LIKE"), None)
        if like is not None and "_CI_" in site.tokens[index + 1].upper and site.dialect in {"postgres", "duckdb"}:
            edits.append(site.edit(like, like + 1, "ILIKE"))
        yield site.fix(*edits, reason="this engine does not have the collation", prior=0.9)


def _collated(site: Site) -> Iterator[tuple[int, list[Edit]]]:
    for index in range(1, len(site.tokens) - 1):
        if site.query.word(index) == "COLLATE":
            yield index, [Edit(site.tokens[index - 1].end, site.tokens[index + 1].end)]
