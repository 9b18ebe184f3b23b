"""Slips of syntax: a word, comma, parenthesis or operator too many, too few or misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.similar import Match, near
from bestfix.generate.sql.grouping import plain_items
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Select
from bestfix.lang.sql.tokens import KEYWORDS, RESERVED

__all__ = ["extra_token", "incomplete", "keyword", "missing_token", "operator_form", "place", "trailing"]

_SPELT = sorted(KEYWORDS | {"JOIN", "GROUP BY", "ORDER BY", "COUNT", "VALUES"})
_OPERATORS = frozenset([
    "=", "==", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "||", "LIKE", "ILIKE", "AND", "OR",
    "NOT", "IN", "BETWEEN", "IS",
])  # fmt: skip


def place(site: Site) -> int:
    """Return the token that the parser stopped at; one past the last where it came to the end."""
    return len(site.tokens) if site.index is None else site.index


@repair("Syntax", "UnknownColumn", "UnknownType", "UnknownFunction", "UnknownTable", language=Language.SQL)
def keyword(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Spell a keyword right.

    Why: a slip of the finger; or two words written as one.
    Example: `SELECT a FORM t` → `SELECT a FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    at = place(site)
    for index in range(max(0, at - 4), min(len(site.tokens), at + 3)):
        token = site.tokens[index]
        if token.kind != "name" or token.upper in RESERVED or len(token.text) < 2 or site.query.word(index - 1) == ".":
            continue
        if site.query.word(index + 1) == "(" and token.text.lower() in site.catalog.functions():
            continue
        for match in [*near(token.upper, _SPELT, limit=3, least=0.6), *_begun(token.upper)]:
            close = 1.0 if index in {at, at - 1} else 0.7
            text = match.name if token.text.isupper() or not token.text.islower() else match.name.lower()
            likely = min(0.95, 0.6 + 0.45 * match.score) if match.score >= 0.7 else match.score
            prior = likely * close if report.error.type == "Syntax" else match.score * 0.3
            reason = f"`{token.text}` is misspelt for `{match.name}`"
            yield site.fix(Edit(token.start, token.end, text), reason=reason, prior=prior)


def _begun(word: str) -> Iterator[Match]:
    """Yield the keywords that a word is the beginning of."""
    for other in _SPELT if len(word) > 3 else ():
        if other.startswith(word):
            yield Match(other, 0.8)


@repair("Syntax", "Incomplete", "UnknownTable", language=Language.SQL)
def extra_token(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Leave out a comma, parenthesis, semicolon or word too many.

    Why: something was deleted, and what belonged to it stayed.
    Example: `SELECT a, b, FROM t` → `SELECT a, b FROM t`
    Safety: safe for a comma or parenthesis; unsafe for a word.
    """
    site = sql_site(report, context)
    at = place(site)
    for index, weight in ((at - 1, 0.9), (at, 0.8), (at - 2, 0.3)):
        if not 0 <= index < len(site.tokens):
            continue
        token = site.tokens[index]
        p, dropped = _extra(site, index)
        if p:
            end = site.tokens[index + 1].start if index + 1 < len(site.tokens) and token.kind == "name" else token.end
            reason = f"`{token.text}` is one too many" + ("; this drops it from the query" if dropped else "")
            yield site.fix(Edit(token.start, end), reason=reason, prior=p * weight, unsafe=dropped)


def _extra(site: Site, index: int) -> tuple[float, bool]:
    """Return how likely a token is one too many, and whether leaving it out drops something of meaning."""
    token, before, after = site.tokens[index], site.query.word(index - 1), site.query.word(index + 1)
    if token.text == ",":
        ends = after in RESERVED or after in {"", ")", ",", ";"}
        return (0.97 if ends and after not in {"NOT", "CASE", "CAST", "EXISTS"} else 0.1), False
    if token.text == ")":
        return (0.95 if index not in site.query.closing.values() else 0.05), False
    if token.text == "(":
        return (0.9 if index not in site.query.closing else 0.05), False
    if token.text == ";":
        return 0.9, False
    if token.upper == before and token.kind == "name":
        return 0.95, False
    if token.upper in {"AND", "OR", "WHERE", "ON", "AS", "BY", "DISTINCT", "ALL", "THEN", "END"}:
        return (0.6 if after in RESERVED or before in RESERVED or after in {"", ")"} else 0.15), False
    if token.text in {"%", "!", ".", "=", "#", "\\"} or token.kind == "error":
        return 0.35, False
    return (0.12, True) if token.kind in {"name", "quoted", "string", "number"} else (0.06, True)


@repair(
    "Syntax", "Incomplete", "UnknownColumn", "UnknownFunction", "UnknownTable", "UnknownType", language=Language.SQL
)
def missing_token(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put in a comma, parenthesis, operator or word that was forgotten.

    Why: lists grow, and conditions are joined later.
    Example: `SELECT a b FROM t WHERE x = 1 y = 2` → `… WHERE x = 1 AND y = 2`
    Safety: safe where the clause allows one thing only.
    """
    site = sql_site(report, context)
    at = place(site)
    select = site.query.select_at(min(at, len(site.tokens) - 1)) if site.tokens else None
    clause = select.clause_at(at if at < (select.end if select else 0) else at - 1) if select else None
    name = clause.name if clause else ""
    if report.error.type in {"Syntax", "Incomplete"} and at > 0:
        yield from _closed(site, at)
    for index in (at, at - 1):
        if report.error.type not in {"Syntax", "UnknownType"} or not 0 < index < len(site.tokens):
            continue
        for text, p in _missing(site, index, name):
            reason = f"`{text}` is missing before `{site.tokens[index].text}`"
            yield site.fix(_before(site, index, text), reason=reason, prior=p * (1.0 if index == at else 0.8))


def _before(site: Site, index: int, text: str) -> Edit:
    if text == ",":
        return site.insert_after(index - 1, ",")
    if text == ".":
        return Edit(site.tokens[index - 1].end, site.tokens[index].start, ".")
    tight = text in {"(", ")"}
    return Edit.insert(site.tokens[index].start, text if tight else f"{text} ")


def _missing(site: Site, index: int, clause: str) -> Iterator[tuple[str, float]]:
    """Yield what may be missing before a token, and how likely."""
    token, before = site.tokens[index], site.tokens[index - 1]
    operand = {"name", "quoted", "string", "number", "param", "template"}
    ends = (before.kind in operand and before.upper not in RESERVED) or before.text in {")", "*"}
    starts = (token.kind in operand and token.upper not in RESERVED) or token.upper in {
        "(",
        "CASE",
        "CAST",
        "NOT",
        "EXISTS",
    }
    called = token.text == "(" and before.kind == "name"
    if ends and starts and not called:
        yield from _between(site, index, clause)
    if token.upper in {"WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "UNION", "INTERSECT", "EXCEPT"}:
        yield ")", 0.3
    if before.is_word("GROUP", "ORDER", "PARTITION") and starts:
        yield "BY", 0.95
    if before.upper in {"WHERE", "AND", "OR"} and token.upper in _OPERATORS - {"NOT"}:
        for column in _first_columns(site, index):
            yield column, 0.6


_BETWEEN: Mapping[str, tuple[tuple[str, float], ...]] = {
    "SELECT": ((",", 0.7), ("FROM", 0.4)),
    "GROUP BY": ((",", 0.7),),
    "ORDER BY": ((",", 0.7),),
    "": ((",", 0.7),),
    "WHERE": (("AND", 0.7), ("=", 0.35), ("LIKE", 0.15)),
    "HAVING": (("AND", 0.7), ("=", 0.35), ("LIKE", 0.15)),
    "FROM": (("AND", 0.4), (",", 0.3), ("AS", 0.1)),
}
"""What may be missing between two operands in a clause, and how likely."""


def _between(site: Site, index: int, clause: str) -> Iterator[tuple[str, float]]:
    """Yield what may be missing between two operands that follow each other."""
    if _is_dotted(site, index):
        yield ".", 0.95
    select = site.query.select_at(index)
    if select is not None and site.query.depths[index] > select.depth:
        yield ",", 0.85
    yield from _BETWEEN.get(clause, ())
    if clause == "FROM":
        joined = "JOIN" in {site.query.word(i) for i in range(max(0, index - 4), index)}
        yield "ON", 0.75 if joined else 0.2
    if clause in {"SELECT", "FROM"} and site.query.word(index - 1) == "END":
        yield "AS", 0.3


def _is_dotted(site: Site, index: int) -> bool:
    """Whether the tokens before and at `index` are a relation's label and one of its columns."""
    label, name = site.tokens[index - 1].name.lower(), site.tokens[index].name.lower()
    visible = site.visible(site.query.select_at(index))
    return any(site.label_name(r) == label and any(c.name.lower() == name for c in cs or ()) for r, cs in visible)


def _first_columns(site: Site, index: int) -> Iterator[str]:
    """Yield the columns that a condition without a left side may be about: what is selected."""
    select = site.query.select_at(index)
    for item in select.items[:2] if select else ():
        yield site.query.span(item.start, item.end if item.alias is None else item.alias - 1)


def _closed(site: Site, at: int) -> Iterator[Candidate]:
    """Yield the candidates that close what is open."""
    opened = [i for i, t in enumerate(site.tokens) if t.text == "(" and i not in site.query.closing]
    if not opened:
        return
    reason = "a parenthesis is not closed"
    last = len(site.tokens) - 1 - (site.tokens[-1].text == ";")
    yield site.fix(site.insert_after(last, ")" * len(opened)), reason=reason, prior=0.75 if at > last else 0.4)
    if opened[-1] < at <= last:
        yield site.fix(site.insert_after(at - 1, ")"), reason=reason, prior=0.8)
    for index in range(opened[-1] + 1, min(last, at)):
        if site.query.word(index) in RESERVED - {
            "AND",
            "OR",
            "NOT",
            "AS",
            "IN",
            "LIKE",
            "BETWEEN",
            "DISTINCT",
            "SELECT",
            "IS",
            "NULL",
        }:
            yield site.fix(site.insert_after(index - 1, ")"), reason=reason, prior=0.5)
            break


@repair("Incomplete", "Syntax", language=Language.SQL)
def incomplete(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Finish a query that breaks off.

    Why: a clause was begun and not written.
    Example: `SELECT a, count(*) FROM t GROUP BY` → `SELECT a, count(*) FROM t GROUP BY a`
    Safety: safe where the clause's keyword alone stands; unsafe where something written is left out.
    """
    site = sql_site(report, context)
    if not site.tokens:
        return
    end = len(site.tokens) - (site.tokens[-1].text == ";")
    last = site.tokens[end - 1] if end else site.tokens[0]
    selects = [s for s in site.query.selects if s.end >= end]
    if last.is_word("BY") and selects:
        yield from _grouped(site, selects[-1], end)
    if report.error.type != "Incomplete" and site.index is not None and site.index < end - 1:
        return
    start = end
    while start > 1 and (
        site.tokens[start - 1].upper in RESERVED | {"BY"}
        or site.tokens[start - 1].text in {",", "=", "(", ".", "<", ">", "+", "-"}
    ):
        start -= 1
    if start < end:
        edit = Edit(site.tokens[start - 1].end, last.end)
        yield site.fix(edit, reason="the query breaks off; what was begun is left out", prior=0.6, unsafe=True)


def _grouped(site: Site, select: Select, end: int) -> Iterator[Candidate]:
    plain = plain_items(site, select)
    if plain:
        edit = site.insert_after(end - 1, " " + ", ".join(plain))
        yield site.fix(edit, reason="GROUP BY names no column", prior=0.9)


@repair(
    "Syntax", "UnterminatedQuote", "TypeMismatch", "UnknownFunction", "FunctionArguments", "UnknownColumn",
    language=Language.SQL,
)  # fmt: skip
def operator_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write an operator as this engine does.

    Why: other languages and engines have other operators.
    Example: `WHERE a == 1 && b =< 2` → `WHERE a = 1 AND b <= 2`
    Safety: safe.
    """
    site = sql_site(report, context)
    forms = {"==": "=", "&&": "AND", "<=>": "IS NOT DISTINCT FROM"}
    if site.dialect == "sqlite":
        forms = {"&&": "AND", "<=>": "IS", "ILIKE": "LIKE", "~~": "LIKE", "~~*": "LIKE", "~": "REGEXP"}
    edits = [Edit(t.start, t.end, forms[t.upper]) for t in site.tokens if t.upper in forms and t.kind in {"op", "name"}]
    pairs = {
        ("=", "<"): "<=",
        ("=", ">"): ">=",
        ("!", "="): "<>",
        ("<", "="): "<=",
        (">", "="): ">=",
        ("<", ">"): "<>",
        ("=", "!"): "<>",
        (">", "<"): "<>",
        ("NOT", "="): "<>",
        ("=", "="): "=",
    }
    for one, two in zip(site.tokens, site.tokens[1:], strict=False):
        if (one.upper, two.text) in pairs:
            edits.append(Edit(one.start, two.end, pairs[one.upper, two.text]))
    if edits:
        yield site.fix(*edits, reason="this engine writes the operator otherwise", prior=0.9)
    yield from _worded(site)
    arrows = [Edit(t.start, t.end, ">=") for t in site.tokens if t.text == "=>"]
    if arrows:
        yield site.fix(*arrows, reason="`=>` is no comparison", prior=0.8)
    yield from _likened(site)
    yield from _is_value(site)
    yield from _in_value(site)


def _worded(site: Site) -> Iterator[Candidate]:
    """Yield the candidates for `CONTAINS 'x'`, `STARTS WITH 'x'` and `= 1 TO 2`."""
    for index in range(1, len(site.tokens) - 1):
        token, after = site.tokens[index], site.tokens[index + 1]
        value = after.name.replace("'", "''")
        if token.is_word("CONTAINS", "INCLUDES", "HAS") and after.kind in {"string", "quoted"}:
            pattern = value if "%" in value else f"%{value}%"
            edit = site.edit(index, index + 2, f"LIKE '{pattern}'")
            yield site.fix(edit, reason=f"there is no operator `{token.text}`", prior=0.9)
        if token.is_word("TO") and after.kind == "number" and site.tokens[index - 1].kind == "number":
            low, high = site.tokens[index - 1].text, after.text
            start = index - 2 if site.query.word(index - 2) == "=" else index - 1
            edit = site.edit(start, index + 2, f"BETWEEN {low} AND {high}")
            yield site.fix(edit, reason="a range is written with BETWEEN", prior=0.9)


def _likened(site: Site) -> Iterator[Candidate]:
    """Yield the candidates for `= LIKE 'x'`, `IS LIKE 'x'`, `LIKES 'x'` and `=/= 'x'`."""
    edits = []
    for index in range(len(site.tokens) - 1):
        word, after = site.query.word(index), site.query.word(index + 1)
        if word in {"=", "IS", "=="} and after in {"LIKE", "IN", "BETWEEN", "ILIKE"}:
            edits.append(Edit(site.tokens[index].start, site.tokens[index + 1].start))
        elif word == "LIKES":
            edits.append(site.edit(index, index + 1, "LIKE"))
        elif word == "=" and after == "/" and site.query.word(index + 2) == "=":
            edits.append(site.edit(index, index + 3, "<>"))
    if edits:
        yield site.fix(*edits, reason="a comparison has one operator", prior=0.95)


def _is_value(site: Site) -> Iterator[Candidate]:
    edits = []
    for index in range(len(site.tokens) - 1):
        if site.query.word(index) != "IS":
            continue
        negated = site.query.word(index + 1) == "NOT"
        value = site.tokens[min(index + 1 + negated, len(site.tokens) - 1)]
        if value.kind in {"string", "number"}:
            edits.append(site.edit(index, index + 1 + negated, "<>" if negated else "="))
    if edits:
        yield site.fix(*edits, reason="IS is for NULL; values are compared with `=`", prior=0.9)


def _in_value(site: Site) -> Iterator[Candidate]:
    for index in range(len(site.tokens) - 1):
        if site.query.word(index) in {"IN", "EXISTS"} and site.query.word(index + 1) == "SELECT":
            select = last = site.query.select_at(index + 1)
            while last is not None and last.following is not None:
                last = last.following
            end = last.end if last else len(site.tokens)
            if select is not last and select is not None:
                shorter = [Edit.insert(site.tokens[index + 1].start, "("), site.insert_after(select.end - 1, ")")]
                yield site.fix(*shorter, reason="a sub-query stands in parentheses", prior=0.7)
            edits = [Edit.insert(site.tokens[index + 1].start, "("), site.insert_after(end - 1, ")")]
            yield site.fix(*edits, reason="a sub-query stands in parentheses", prior=0.95)
    edits = [
        Edit(t.start, t.end, f"({t.text})") for before, t in zip(site.tokens, site.tokens[1:], strict=False)
        if before.is_word("IN") and t.kind in {"string", "number", "quoted"}
    ]  # fmt: skip
    if edits:
        yield site.fix(*edits, reason="IN takes a list in parentheses", prior=0.9)


@repair("Syntax", language=Language.SQL)
def trailing(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Leave out what follows a complete query, or stands before it.

    Why: text was pasted with it.
    Example: `SELECT a FROM t; thanks` → `SELECT a FROM t`
    Safety: unsafe; what is left out may have been a clause.
    """
    site = sql_site(report, context)
    at = place(site)
    if 0 < at < len(site.tokens):
        after_semicolon = site.tokens[at - 1].text == ";" or site.tokens[at].text == ";"
        cut = Edit(site.tokens[at - 1].end, site.tokens[-1].end)
        kept = at / len(site.tokens)
        prior = 0.8 if after_semicolon else 0.15 * kept
        yield site.fix(
            cut, reason="what follows the query is left out; this may drop a clause", prior=prior, unsafe=True
        )
    first = next((i for i, t in enumerate(site.tokens) if t.is_word("SELECT", "WITH")), 0)
    if at == 0 and first:
        cut = Edit(site.tokens[0].start, site.tokens[first].start)
        yield site.fix(cut, reason="what stands before the query is left out", prior=0.5, unsafe=True)
