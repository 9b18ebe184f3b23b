"""From an engine's exception or message to a `Report` whose span is the token that it is about."""

from __future__ import annotations

import re
from typing import Any

from bestfix.capture.sql_error.duckdb import DUCKDB
from bestfix.capture.sql_error.others import OTHERS
from bestfix.capture.sql_error.patterns import Reading, read
from bestfix.capture.sql_error.postgres import POSTGRES
from bestfix.capture.sql_error.sqlite import SQLITE
from bestfix.core import ErrorInfo, Language, Report, Source, Span
from bestfix.lang.sql import tokenized
from bestfix.lang.text import Lines

__all__ = ["error_info", "report_sql"]

MESSAGE_LIMIT = 10_000
_TABLES = {"duckdb": DUCKDB, "sqlite": SQLITE, "postgres": POSTGRES}
_PLACES = (
    (r"\[(?P<line>\d+):(?P<column>\d+)\]", 1),
    (r"line (?P<line>\d+) at position (?P<column>\d+)", 0),
    (r"\(line (?P<line>\d+), pos (?P<column>\d+)\)", 0),
    (r"line (?P<line>\d+),? pos(?:ition)? (?P<column>\d+)", 0),
)
"""How BigQuery, Snowflake and Spark say where, and the number that they give the first column."""
_CARET = re.compile(r"LINE (?P<line>\d+): (?P<excerpt>.*)\n(?P<indent>[^\S\n]*)\^")


def report_sql(query: Source, error: BaseException | str, dialect: str) -> Report:
    """Return the report of a query that failed with an engine's exception or message."""
    return Report(Language.SQL, query, error_info(query.text, error, dialect))


def error_info(text: str, error: BaseException | str, dialect: str, *, position: int | None = None) -> ErrorInfo:
    """Return what an engine said of `text`.

    Args:
        text: the statement, as it was sent.
        error: the engine's exception, possibly wrapped, or its message.
        dialect: the engine's dialect.
        position: the offset of the error in `text`, when the caller knows it.
    """
    origin = _origin(error) if isinstance(error, BaseException) else None
    diagnostics = getattr(origin, "diag", None)
    message = str(getattr(diagnostics, "message_primary", None) or origin or error)[:MESSAGE_LIMIT]
    reading = read(_TABLES.get(dialect, OTHERS), message)
    details = {**reading.details, **_hints(message, diagnostics)}
    if position is None:
        position = _position(text, message, diagnostics)
    if position is None and dialect not in _TABLES:
        position = _told(text, message, reading.details.get("near", ""))
    span = _span(text, reading, position)
    lineno = Lines(text).lineno(span.start) if span else None
    return ErrorInfo(reading.kind, message, bases=("SqlError",), span=span, lineno=lineno, details=details)


def _origin(error: BaseException) -> BaseException:
    """Return the driver's own exception inside SQLAlchemy's or a magic's."""
    for _ in range(10):
        inner = getattr(error, "orig", None) or error.__cause__
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error


def _hints(message: str, diagnostics: Any) -> dict[str, str]:
    """Return what the engine offers besides: its hint, its detail, the bindings that it proposes."""
    found = {
        "hint": getattr(diagnostics, "message_hint", None),
        "detail": getattr(diagnostics, "message_detail", None),
        "sqlstate": getattr(diagnostics, "sqlstate", None),
    }
    if match := re.search(r"Candidate (?:bindings|tables): (.*)", message):
        found["bindings"] = match.group(1)
    if match := re.search(r"Did you mean one of the following\? \[(.*?)\]", message):
        found["bindings"] = match.group(1).replace("`", '"')
    if match := re.search(r'Did you mean "(.*?)"', message):
        found["suggestion"] = match.group(1)
    return {name: str(value) for name, value in found.items() if value}


def _position(text: str, message: str, diagnostics: Any) -> int | None:
    """Return the offset that the engine points to."""
    statement_position = getattr(diagnostics, "statement_position", None)
    if statement_position:
        return int(statement_position) - 1
    match = _CARET.search(message)
    if match is None:
        return None
    lines = Lines(text)
    lineno, excerpt = int(match["line"]), match["excerpt"]
    column = len(match["indent"]) - len(f"LINE {lineno}: ")
    if excerpt.startswith("..."):
        core = excerpt.removeprefix("...").removesuffix("...")
        found = lines.line(lineno).find(core)
        column += max(found, 0) - 3
    return lines.offset(lineno, column)


def _told(text: str, message: str, near: str) -> int | None:
    """Return the offset that the engines without a caret point to, by line and column or by the rest of the text."""
    for pattern, base in _PLACES:
        if match := re.search(pattern, message):
            return Lines(text).offset(int(match["line"]), int(match["column"]) - base)
    rest = near.rstrip("'")
    at = text.rfind(rest) if "to use near" in message and rest else -1
    return at if at >= 0 else None


def _span(text: str, reading: Reading, position: int | None) -> Span | None:
    """Return the token that the error is about: the one at `position`, else the first that bears its name."""
    tokens = tokenized(text)
    name = reading.details.get("name", reading.details.get("near", "")).lower()
    if reading.kind == "Incomplete":
        return Span(len(text.rstrip()), len(text.rstrip()))
    if position is None:
        named = [t for t in tokens if name and name in {t.text.lower(), t.name.lower()} and t.kind != "string"]
        table = reading.details.get("table", "").lower()
        for at, token in enumerate(tokens[2:], 2):
            if table and token.name.lower() == name and tokens[at - 2].name.lower() == table:
                return Span(token.start, token.end)
        return Span(named[0].start, named[0].end) if named else None
    at = sum(t.end <= position for t in tokens)
    if at == len(tokens):
        return Span(len(text.rstrip()), len(text.rstrip()))
    if reading.kind in {"UnknownColumn", "GroupBy", "UnknownTable", "UnknownFunction", "AmbiguousColumn"}:
        for token in tokens[at : at + 7]:
            if token.name.lower() == name.rpartition(".")[2]:
                return Span(token.start, token.end)
    return Span(tokens[at].start, tokens[at].end)
