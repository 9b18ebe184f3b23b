"""Strings whose quotes do not pair."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql.tokens import RESERVED

__all__ = ["apostrophe", "unclosed", "unopened"]

_SWALLOWED = re.compile(
    r"(?P<value>\S)\s*(?:\b(?:AND|OR|GROUP|ORDER|LIMIT|FROM|WHERE)\b|[,)]).*[=<>(,]\s*'$",
    re.DOTALL | re.IGNORECASE,
)
"""A string that holds the rest of a condition up to the next string."""


_STOPS = frozenset(["=", "==", "<>", "!=", "<", ">", "<=", ">=", "(", ",", "||", "+"])
"""What a string does not begin before."""


@repair("UnterminatedQuote", "Syntax", "Incomplete", language=Language.SQL)
def apostrophe(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Double an apostrophe inside a string.

    Why: the quote that ends a string is also an apostrophe.
    Example: `WHERE name = 'O'Brien'` → `WHERE name = 'O''Brien'`
    Safety: safe.
    """
    site = sql_site(report, context)
    broken = _broken(site)
    for index, token in enumerate(site.tokens[:-1]):
        after = site.tokens[index + 1]
        inside = token.kind == "string" and after.start == token.end and after.kind in {"name", "number"}
        if inside and any(i > index for i in broken):
            held = _SWALLOWED.search(token.text)
            if held is not None:
                close = Edit.insert(token.start + held.end("value"), "'")
                yield site.fix(close, reason="a quote is never closed", prior=0.97)
            yield site.fix(Edit.insert(token.end, "'"), reason="an apostrophe in a string is written twice", prior=0.95)


@repair("UnterminatedQuote", "Syntax", "Incomplete", language=Language.SQL)
def unclosed(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Close a quote that is open.

    Why: the closing quote was forgotten, or is of another kind.
    Example: `WHERE name = 'Ada AND age > 3` → `WHERE name = 'Ada' AND age > 3`
    Safety: safe where one place alone makes sense.
    """
    site = sql_site(report, context)
    broken = _broken(site)
    if not broken:
        return
    quote, reason = site.tokens[broken[0]], "a quote is never closed"
    if len(broken) == 2:
        second = site.tokens[broken[1]]
        yield site.fix(Edit(second.start, second.end, quote.text), reason="a quote is closed by another", prior=0.9)
    for number, end in enumerate(_ends(site, broken[0])):
        yield site.fix(Edit.insert(end, quote.text), reason=reason, prior=0.75 - 0.15 * number)
    yield site.fix(Edit(quote.start, quote.end), reason=reason, prior=0.5)


@repair("UnterminatedQuote", "Syntax", "Incomplete", language=Language.SQL)
def unopened(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Open a quote that is closed.

    Why: the opening quote was forgotten.
    Example: `WHERE name = Ada'` → `WHERE name = 'Ada'`
    Safety: safe.
    """
    site = sql_site(report, context)
    for index in _broken(site)[:1]:
        quote = site.tokens[index]
        if not index or site.tokens[index - 1].end != quote.start or site.tokens[index - 1].text in _STOPS:
            continue
        start = index - 1
        while start and site.tokens[start - 1].upper not in RESERVED and site.tokens[start - 1].text not in _STOPS:
            start -= 1
        yield site.fix(Edit.insert(site.tokens[start].start, quote.text), reason="a quote is never opened", prior=0.9)


def _broken(site: Site) -> list[int]:
    """Return the quotes that are never closed."""
    return [i for i, t in enumerate(site.tokens) if t.kind == "error" and t.text in {"'", '"'}]


def _ends(site: Site, index: int) -> list[int]:
    """Return the places where the quote at token `index` may have to be closed, the likeliest first."""
    tokens = site.tokens
    last = tokens[-1].start if tokens[-1].text == ";" else tokens[-1].end
    stop = next(
        (t for t in range(index + 2, len(tokens)) if tokens[t].upper in RESERVED or tokens[t].text in "),"), None
    )
    ends = [last]
    if stop is not None:
        shouted = tokens[stop].text.isupper() or tokens[stop].text in "),"
        ends.insert(0 if shouted else 1, tokens[stop - 1].end)
    if index + 1 < len(tokens):
        ends.append(tokens[index + 1].end)
    return list(dict.fromkeys(ends))
