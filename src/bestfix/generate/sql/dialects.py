"""Functions and expressions of another engine's dialect."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.similar import near
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql.tokens import RESERVED, tokenized
from bestfix.lang.sql.translate import DIALECTS, translated

__all__ = ["function_name", "translation"]

_SAME = {
    "AVERAGE": ("AVG",), "MEAN": ("AVG",), "TOTAL": ("SUM",), "LEN": ("LENGTH",), "ISNULL": ("COALESCE", "IFNULL"),
    "NVL": ("COALESCE",), "IFNULL": ("COALESCE",), "GETDATE": ("NOW",), "CEILING": ("CEIL",), "SUBSTRING": ("SUBSTR",),
    "STRING_AGG": ("GROUP_CONCAT",), "GROUP_CONCAT": ("STRING_AGG",), "LISTAGG": ("STRING_AGG", "GROUP_CONCAT"),
    "UCASE": ("UPPER",), "LCASE": ("LOWER",), "CHAR_LENGTH": ("LENGTH",), "CHARINDEX": ("INSTR", "STRPOS"),
    "RAND": ("RANDOM",), "VAR": ("VARIANCE",), "STDEV": ("STDDEV",), "STD": ("STDDEV",), "POW": ("POWER",),
    "MAXIMUM": ("MAX",), "MINIMUM": ("MIN",), "ANY_VALUE": ("MAX",), "EVERY": ("BOOL_AND",), "IIF": ("IF",),
    "CNT": ("COUNT",), "NB": ("COUNT",), "NUM": ("COUNT",), "NUMBER": ("COUNT",), "SIZE": ("COUNT",),
    "ADD": ("SUM",), "AVE": ("AVG",), "LARGEST": ("MAX",), "SMALLEST": ("MIN",), "STRLEN": ("LENGTH",),
}  # fmt: skip
"""What a function is called elsewhere, where its arguments are the same."""
_WORDS = frozenset(
    "AND OR IN NOT AS ON USING VALUES OVER FILTER EXISTS WHEN THEN ELSE WHERE HAVING SELECT FROM JOIN".split()
)


@repair("UnknownFunction", "FunctionArguments", language=Language.SQL)
def function_name(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Call a function by the name that it has here.

    Why: functions have other names in other engines, or are mistyped.
    Example: `SELECT average(x) FROM t` → `SELECT avg(x) FROM t`
    Safety: safe for another engine's name; near names are guesses.
    """
    site = sql_site(report, context)
    name = site.name.rpartition(".")[2]
    uses = [i for i, t in enumerate(site.tokens) if t.name.lower() == name.lower() and site.query.word(i + 1) == "("]
    if not uses:
        return
    known = site.catalog.functions()
    options = [(n, 0.9 - 0.2 * k) for k, n in enumerate(_SAME.get(name.upper(), ())) if not known or n.lower() in known]
    if report.error.type == "UnknownFunction":
        options += [
            (m.name, 0.8 * m.score**2) for m in near(name.lower(), known, limit=4, least=0.6) if m.name.isidentifier()
        ]
    for new, prior in options:
        text = new.upper() if site.tokens[uses[0]].text.isupper() else new.lower()
        edits = [site.edit(i, i + 1, text) for i in uses]
        yield site.fix(*edits, reason=f"this engine calls `{name}` `{text}`", prior=prior, unsafe=prior < 0.5)


@repair(
    "UnknownFunction", "FunctionArguments", "UnknownColumn", "Syntax", "UnknownType", "TypeMismatch", "Conversion",
    language=Language.SQL,
)  # fmt: skip
def translation(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Translate an expression of another engine's dialect.

    Why: dates, texts and casts are written differently in every engine.
    Example: `WHERE d > DATEADD(day, -7, GETDATE())` → `WHERE d > CURRENT_TIMESTAMP - INTERVAL '7' DAY`
    Safety: safe as far as the dialects agree on what the expression means.
    """
    site = sql_site(report, context)
    places = _places(site)
    if not places:
        return
    for together in (True, False):
        chosen = places if together else places[:1]
        if not together and len(places) == 1:
            return
        texts: dict[tuple[Edit, ...], tuple[float, str]] = {}
        for dialect, bare in itertools.product(DIALECTS, (True, False)):
            edits = [e for start, end in chosen for e in _translated(site, start, end, dialect, bare=bare)]
            if edits:
                count = texts.get(tuple(edits), (0.0, ""))[0]
                texts[tuple(edits)] = (count + 0.5 + 0.1 * bare, dialect)
        for edits_made, (count, dialect) in texts.items():
            prior = min(0.85, 0.55 + 0.06 * count) * (1.0 if together else 0.7)
            prior *= 1.0 if report.error.type in {"UnknownFunction", "FunctionArguments", "UnknownType"} else 0.75
            prior *= 0.4 if report.error.type == "Conversion" else 1.0
            reason = f"this is {dialect}'s way to say it"
            yield site.fix(*edits_made, reason=reason, prior=prior)


def _places(site: Site) -> list[tuple[int, int]]:
    """Return the expressions that seem to be of another dialect, as tokens `start:end`, that of the error first."""
    spans = [_around(site, *call) for i in range(len(site.tokens)) if (call := _foreign_call(site, i)) is not None]
    spans += [
        _around(site, i, i + 1)
        for i, t in enumerate(site.tokens)
        if t.is_word("INTERVAL") and _foreign_interval(site, i)
    ]
    spans += [_around(site, i, i + 1) for i, t in enumerate(site.tokens) if t.text == "::" and site.dialect == "sqlite"]
    index = site.index
    if index is not None and (call := _call_of(site, index)) is not None and call not in spans:
        spans.append(_around(site, *call))
    outer: list[tuple[int, int]] = []
    for span in sorted(dict.fromkeys(spans), key=lambda s: s[0] - s[1]):
        if not any(span[0] < o[1] and o[0] < span[1] for o in outer):
            outer.append(span)
    return sorted(outer, key=lambda s: index is None or not s[0] <= index < s[1])


def _foreign_interval(site: Site, index: int) -> bool:
    """Whether this engine does not read the interval that starts at token `index`."""
    if site.dialect == "postgres":
        return index + 1 < len(site.tokens) and site.tokens[index + 1].kind != "string"
    return site.dialect == "sqlite"


def _foreign_call(site: Site, index: int) -> tuple[int, int] | None:
    """Return the call that starts at token `index`, when the engine has no function of its name."""
    known = site.catalog.functions()
    token = site.tokens[index]
    close = site.query.closing.get(index + 1)
    if token.kind != "name" or token.upper in RESERVED | _WORDS or close is None or site.query.word(index + 1) != "(":
        return None
    unknown = bool(known) and token.text.lower() not in known and site.catalog.table(token.text) is None
    grammar = {
        "CAST",
        "EXTRACT",
        "COALESCE",
        "NULLIF",
        "TRY_CAST",
        "IF",
        "GREATEST",
        "LEAST",
        "POSITION",
        "TRIM",
        "SUBSTRING",
        "DATE_PART",
        "OVERLAY",
    }
    grammar -= {"EXTRACT", "DATE_PART"} if site.dialect == "sqlite" else set()
    if site.error.type in {"FunctionArguments", "UnknownFunction"} and token.text.lower() == site.name.lower():
        return index, close + 1
    return (index, close + 1) if unknown and token.upper not in grammar else None


def _call_of(site: Site, index: int) -> tuple[int, int] | None:
    """Return the innermost call that holds token `index`."""
    calls = [
        (o - 1, c + 1) for o, c in site.query.closing.items()
        if o - 1 <= index <= c and o and site.tokens[o - 1].kind == "name"
        and site.tokens[o - 1].upper not in RESERVED | _WORDS
    ]  # fmt: skip
    calls = [c for c in calls if site.query.word(c[0] + 2) != "SELECT"]
    return max(calls, default=None)


def _around(site: Site, start: int, end: int) -> tuple[int, int]:
    """Return a span with the arithmetic that it is an operand of: intervals and casts need both sides."""
    while True:
        before, after = site.query.word(start - 1), site.query.word(end)
        if site.tokens[start].is_word("INTERVAL") and before in {"+", "-"} and start > 1:
            start = _operand_start(site, start - 2)
        elif site.tokens[end - 1].is_word("INTERVAL") and end < len(site.tokens):
            end = (
                end
                + 1
                + (
                    end + 1 < len(site.tokens)
                    and site.tokens[end + 1].kind == "name"
                    and site.tokens[end + 1].upper not in RESERVED
                )
            )
        elif site.tokens[end - 1].text == "::" or after == "::":
            end += 1
            if site.tokens[start].text == "::":
                start = _operand_start(site, start - 1)
        elif after in {"+", "-"} and site.query.word(end + 1) == "INTERVAL":
            end += 2
        else:
            return start, min(end, len(site.tokens))


def _operand_start(site: Site, index: int) -> int:
    """Return the first token of the operand that ends with token `index`."""
    if site.tokens[index].text == ")":
        opening = next((o for o, c in site.query.closing.items() if c == index), index)
        return (
            opening - 1
            if opening and site.tokens[opening - 1].kind == "name" and site.tokens[opening - 1].upper not in RESERVED
            else opening
        )
    return index - 2 if site.query.word(index - 1) == "." else index


def _translated(site: Site, start: int, end: int, dialect: str, *, bare: bool) -> Iterator[Edit]:
    """Yield the edit that writes the tokens `start:end`, being of `dialect`, in the engine's own."""
    text = site.query.span(start, end)
    if dialect == site.dialect != "sqlite":
        return
    found = translated(text, dialect, site.dialect)
    if found is None:
        return
    new = found[not bare]
    before, after = [t.upper for t in tokenized(text)], [t.upper for t in tokenized(new)]
    if before == after:
        return
    yield site.edit(start, end, new)
