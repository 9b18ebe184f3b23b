"""Words, operators and parentheses that were left out, found by what stands around the gap."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Select
from bestfix.lang.sql.tokens import AGGREGATES, RESERVED

__all__ = ["missing_by", "missing_comparison", "missing_opening", "missing_select", "missing_where"]

_COMPARING = frozenset(["=", "==", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "IN", "BETWEEN", "IS", "GLOB"])
_STARTS = frozenset(["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES", "FROM", "MERGE", "TABLE", "REPLACE"])


@repair("Syntax", language=Language.SQL)
def missing_select(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Begin the query with SELECT.

    Why: the first word was not copied.
    Example: `name FROM t` → `SELECT name FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    if site.tokens and site.query.word(0) == "FROM":
        edit = Edit.insert(site.tokens[0].start, "SELECT * ")
        yield site.fix(edit, reason="the query does not say what to select", prior=0.93)
    if not site.tokens or site.tokens[0].upper in _STARTS or site.tokens[0].text == "(":
        return
    follows = site.query.word(1) in {",", ".", "(", "FROM", "*"} or site.tokens[0].upper in {"DISTINCT", "*"}
    prior = 0.9 if follows else 0.5
    yield site.fix(
        Edit.insert(site.tokens[0].start, "SELECT "), reason="the query does not begin with SELECT", prior=prior
    )


@repair("Syntax", language=Language.SQL)
def missing_by(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Say what is meant by a BY that stands alone.

    Why: half of a clause's name was forgotten.
    Example: `SELECT a, count(*) FROM t BY a` → `SELECT a, count(*) FROM t GROUP BY a`
    Safety: safe.
    """
    site = sql_site(report, context)
    for index, token in enumerate(site.tokens):
        if not token.is_word("BY") or site.query.word(index - 1) in {
            "GROUP",
            "ORDER",
            "PARTITION",
            "CLUSTER",
            "SIMILAR",
        }:
            continue
        select = site.query.select_at(index)
        earlier = {site.query.word(i) for i in range(select.start if select else 0, index)}
        grouped = "GROUP" in earlier or not (earlier & AGGREGATES or "ORDER" in {t.upper for t in site.tokens[index:]})
        words = ("ORDER", "GROUP") if grouped else ("GROUP", "ORDER")
        for number, word in enumerate(words):
            reason = f"BY alone is no clause; this makes it {word} BY"
            yield site.fix(Edit.insert(token.start, f"{word} "), reason=reason, prior=0.9 if not number else 0.4)


@repair("Syntax", "UnknownColumn", "UnknownType", "UnknownTable", language=Language.SQL)
def missing_where(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put WHERE before a condition that follows the relations.

    Why: the clause's word was forgotten.
    Example: `SELECT a FROM t b > 3` → `SELECT a FROM t WHERE b > 3`
    Safety: safe.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        source = select.clauses.get("FROM")
        if source is None or "WHERE" in select.clauses:
            continue
        joined = {i for r in select.relations if r.on for i in range(*r.on)}
        for at in range(source.start + 1, source.end - 1):
            if site.query.word(at) not in _COMPARING or site.query.depths[at] != select.depth:
                continue
            start = at - 3 if site.query.word(at - 2) == "." else at - 1
            start -= site.query.word(start - 1) == "NOT"
            before = site.tokens[start - 1]
            operand = before.upper not in RESERVED and before.text not in {",", ".", "=", "<", ">"}
            if start > source.start and operand and not (at in joined and _only(site, joined, at)):
                edit = Edit.insert(site.tokens[start].start, "WHERE ")
                yield site.fix(edit, reason="the condition needs WHERE", prior=0.5 if _joins(select) else 0.85)
                break


def _joins(select: Select) -> bool:
    """Whether a relation is joined without a condition."""
    return any(r.join is not None and r.on is None for r in select.relations)


def _only(site: Site, joined: set[int], at: int) -> bool:
    """Whether a comparison is the first of its join condition."""
    return not any(i in joined and site.query.word(i) in _COMPARING for i in range(at - 8, at))


@repair("Syntax", "UnknownType", "UnknownColumn", "UnknownFunction", "FunctionArguments", language=Language.SQL)
def missing_comparison(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Compare a column with what follows it in a condition.

    Why: the operator was forgotten.
    Example: `WHERE name 'Ada'` → `WHERE name = 'Ada'`
    Safety: safe for a text; for a number, another comparison may have been meant.
    """
    site = sql_site(report, context)
    for index in range(2, len(site.tokens)):
        token, before = site.tokens[index], site.tokens[index - 1]
        query = site.query.word(index) == "(" and site.query.word(index + 1) == "SELECT"
        value = (
            token.kind in {"string", "number", "param", "quoted", "template"}
            or query
            or site.query.word(index + 1) == "."
        )
        column = before.identifier and (site.owners(before.name, site.query.select_at(index - 1)) or before.text == ")")
        if not (value and column and _begins_condition(site, index - 1)):
            continue
        for number, operator in enumerate(("=", ">", "IN") if query else ("=", "LIKE", ">", "<")):
            edit = Edit.insert(token.start, f"{operator} ")
            reason = f"`{before.text}` is compared with nothing"
            yield site.fix(edit, reason=reason, prior=0.85 if not number else 0.25 / number)


def _begins_condition(site: Site, index: int) -> bool:
    """Whether the column that ends with token `index` begins a condition."""
    start = index - 2 if site.query.word(index - 1) == "." else index
    word = site.query.word(start - 1)
    return word in {"WHERE", "AND", "OR", "ON", "HAVING", "NOT", "WHEN"} or (
        word == "(" and site.query.word(start - 2) in {"AND", "OR", "WHERE"}
    )


@repair("Syntax", "Incomplete", "UnknownColumn", language=Language.SQL)
def missing_opening(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Open the parenthesis that is closed.

    Why: an opening parenthesis is easily skipped.
    Example: `SELECT sum a) FROM t` → `SELECT sum(a) FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    closed = set(site.query.closing.values())
    stray = next((i for i, t in enumerate(site.tokens) if t.text == ")" and i not in closed), None)
    if stray is None:
        return
    reason = "a parenthesis is closed that was not opened"
    known = site.catalog.functions()
    for index in range(stray - 1, -1, -1):
        token, after = site.tokens[index], site.query.word(index + 1)
        if after == "(" or token.kind not in {"name", "op"}:
            continue
        lower = token.text.lower()
        if token.is_word("IN", "OVER", "VALUES", "EXISTS", "USING") or (
            after == "SELECT" and token.text != ")" and index
        ):
            yield site.fix(Edit.insert(site.tokens[index + 1].start, "("), reason=reason, prior=0.93)
        elif token.upper in AGGREGATES or (lower in known and token.kind == "name" and token.upper not in RESERVED):
            gap = Edit(token.end, site.tokens[index + 1].start, "(")
            yield site.fix(gap, reason=reason, prior=0.93 if token.upper in AGGREGATES else 0.85)
        elif token.kind == "name":
            prefix = next((a for a in AGGREGATES if token.upper.startswith(a) and len(token.text) > len(a)), "")
            if prefix:
                yield site.fix(Edit.insert(token.start + len(prefix), "("), reason=reason, prior=0.93)
