"""Conversions that fail on a value: a date or number in a literal, or in the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bestfix.core import Candidate, DatabaseContext, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site

__all__ = ["literal_value", "value_in_rows"]

_LENIENT = frozenset(["duckdb", "snowflake", "tsql", "databricks", "spark"])
_NUMBER = re.compile(r"[-+]?\D?\d[\d,' ]*(\.\d+)?\s*\D?")


class _Format(NamedTuple):
    """A way to write dates: as `strptime` and as PostgreSQL's `to_date` name it."""

    python: str
    postgres: str


_FORMATS = (
    _Format("%d/%m/%Y", "DD/MM/YYYY"), _Format("%m/%d/%Y", "MM/DD/YYYY"), _Format("%d.%m.%Y", "DD.MM.YYYY"),
    _Format("%d-%m-%Y", "DD-MM-YYYY"), _Format("%m-%d-%Y", "MM-DD-YYYY"), _Format("%Y/%m/%d", "YYYY/MM/DD"),
    _Format("%Y/%d/%m", "YYYY/DD/MM"), _Format("%Y-%d-%m", "YYYY-DD-MM"), _Format("%Y%m%d", "YYYYMMDD"),
    _Format("%b %d, %Y", "Mon DD, YYYY"), _Format("%B %d, %Y", "Month DD, YYYY"), _Format("%d %b %Y", "DD Mon YYYY"),
    _Format("%d %B %Y", "DD Month YYYY"), _Format("%b %d %Y", "Mon DD YYYY"), _Format("%B %d %Y", "Month DD YYYY"),
)  # fmt: skip


def _dates(value: str) -> list[tuple[_Format, str]]:
    """Return the formats that a value may be written in, with the date in the form that every engine reads."""
    found = []
    for form in _FORMATS:
        try:
            found.append((form, datetime.strptime(value.strip(), form.python).strftime("%Y-%m-%d")))  # noqa: DTZ007 - a date without a time has no zone
        except ValueError:
            continue
    return found


@repair("Conversion", language=Language.SQL)
def literal_value(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write a date or number in a literal as the engine reads it.

    Why: dates are written as they are said, numbers with their separators.
    Example: `WHERE day = '31/12/2020'` → `WHERE day = '2020-12-31'`
    Safety: safe where the text can be read in one way only.
    """
    site = sql_site(report, context)
    value = site.error.details.get("value", "")
    for index in (i for i, t in enumerate(site.tokens) if value and t.kind == "string" and t.name == value):
        dates = dict.fromkeys(date for _, date in _dates(value))
        for date in dates:
            edit = site.edit(index, index + 1, f"'{date}'")
            yield site.fix(edit, reason="dates are written `YYYY-MM-DD`", prior=0.95 if len(dates) == 1 else 0.6)
        number = re.sub(r"[^\d.+-]", "", value)
        if not dates and _NUMBER.fullmatch(value) and number != value:
            edit = site.edit(index, index + 1, f"'{number}'")
            yield site.fix(edit, reason="a number is written by its digits alone", prior=0.95)
        elif number == value and "." in value and site.error.details.get("target", "").upper().startswith("INT"):
            kind = next((i for i in range(index, len(site.tokens)) if site.tokens[i].upper.startswith("INT")), None)
            if kind is not None:
                edit = site.edit(kind, kind + 1, "NUMERIC")
                yield site.fix(edit, reason=f"`{value}` is no whole number", prior=0.8)


@repair("Conversion", language=Language.SQL)
def value_in_rows(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Convert a column that holds values of another form: by their form, or leniently.

    Why: some of the rows hold something else than the query thinks.
    Example: `SELECT CAST(amount AS INTEGER) FROM t` → `SELECT TRY_CAST(amount AS INTEGER) FROM t`
    Safety: unsafe; values that cannot be converted become NULL.
    """
    site = sql_site(report, context)
    value = site.error.details.get("value", "")
    if not value or any(t.kind == "string" and t.name == value for t in site.tokens):
        return
    for start, end, operand, kind in _casts(site):
        if kind.upper().startswith(("DATE", "TIMESTAMP")):
            dates = _dates(value)
            for form, _ in dates:
                edit = site.edit(start, end, _read_date(site, operand, form, kind))
                reason = f"`{operand}` holds dates as `{form.postgres}`"
                yield site.fix(edit, reason=reason, prior=0.8 if len(dates) == 1 else 0.45, unsafe=True)
        elif site.dialect == "postgres" and re.match(r"INT|NUM|DEC|FLOAT|DOUBLE|BIGINT|REAL", kind.upper()):
            digits = f"CAST(NULLIF(regexp_replace({operand}, '[^0-9.-]', '', 'g'), '') AS {kind})"
            edit = site.edit(start, end, digits)
            yield site.fix(edit, reason=f"`{operand}` holds `{value}`, which is no number", prior=0.8, unsafe=True)
        if site.dialect in _LENIENT:
            edit = site.edit(start, end, f"TRY_CAST({operand} AS {kind})")
            yield site.fix(edit, reason=f"`{operand}` holds `{value}`, which is not {kind}", prior=0.7, unsafe=True)


def _read_date(site: Site, operand: str, form: _Format, kind: str) -> str:
    if site.dialect == "postgres":
        return f"to_date({operand}, '{form.postgres}')"
    if site.dialect == "duckdb":
        return f"CAST(try_strptime({operand}, '{form.python}') AS {kind})"
    return f"to_date({operand}, '{form.postgres.lower()}')"


def _casts(site: Site) -> Iterator[tuple[int, int, str, str]]:
    """Yield the conversions of something that is no literal: their tokens, operand and type."""
    for index in range(len(site.tokens)):
        close = site.query.closing.get(index + 1)
        if site.query.word(index) == "CAST" and close is not None:
            depth = site.query.depths[index + 2]
            at = next(
                (i for i in range(index + 2, close) if site.query.word(i) == "AS" and site.query.depths[i] == depth), 0
            )
            if at and site.tokens[index + 2].kind != "string":
                yield index, close + 1, site.query.span(index + 2, at), site.query.span(at + 1, close)
        if site.query.word(index) == "::" and 0 < index < len(site.tokens) - 1 and site.tokens[index - 1].identifier:
            start = index - 2 if site.query.word(index - 1) == "." else index - 1
            start = index - 3 if site.query.word(index - 2) == "." else start
            yield start, index + 2, site.query.span(start, index), site.query.span(index + 1, index + 2)
