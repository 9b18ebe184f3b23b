"""One expression of one dialect written in another; sqlglot knows the dialects, a few rules of ours add to it."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bestfix.lang.sql.idioms import Rule, bare_columns, own_casts, printed, rewritten, shortenings

__all__ = ["DIALECTS", "translated"]

DIALECTS = ("tsql", "mysql", "bigquery", "sqlite", "postgres", "snowflake", "duckdb", "spark")
"""The dialects that an expression may have been written in."""
for _name in DIALECTS:
    sqlglot.Dialect.get_or_raise(_name)  # imports it now: at its first use that would be time of a failure's deadline

_FORMATS = {
    "YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M", "SECOND": "%S", "DOW": "%w",
    "DAYOFWEEK": "%w", "DOY": "%j", "WEEK": "%W", "EPOCH": "%s",
}  # fmt: skip
_STARTS = {
    "YEAR": ("start of year",), "MONTH": ("start of month",), "DAY": (), "WEEK": ("-6 days", "weekday 1"),
}  # fmt: skip
_CLOCK = {"HOUR", "MINUTE", "SECOND"}
_PARTS = {"%w": "DOW", "%s": "EPOCH", "%j": "DOY"}
"""Formats that PostgreSQL's `to_char` does not have."""


@lru_cache(maxsize=512)
def translated(text: str, read: str, write: str) -> tuple[str, str] | None:
    """Return an expression of the dialect `read` as one of `write`: columns taken for times as they are, and converted.

    `None` where `read` cannot have meant it.
    """
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        tree = sqlglot.parse_one(text, read=read)
        tree = own_casts(tree) if "CAST" in text.upper() or "::" in text else tree
        tree = rewritten(tree, (_truncations, *shortenings(write)))
        bare = bare_columns(tree)
        full = _written(tree, write)
        return (full if bare == tree else _written(bare, write)), full
    except (SqlglotError, ValueError, AttributeError, KeyError):
        return None


def _written(tree: exp.Expr, write: str) -> str:
    return printed(rewritten(tree.copy(), (*_rules(write), *shortenings(write))), write)


def _rules(write: str) -> tuple[Rule, ...]:
    return {"sqlite": (_to_sqlite,), "postgres": (_to_postgres,), "duckdb": (_to_duckdb,)}.get(write, ())


def _truncations(node: Any) -> Any:
    """Return `DATEADD(month, DATEDIFF(month, 0, x), 0)` as the truncation that it is."""
    if not isinstance(node, exp.DateAdd | exp.TsOrDsAdd | exp.TimestampAdd | exp.DatetimeAdd):
        return node
    amount = node.expression.this if isinstance(node.expression, exp.Interval) else node.expression
    shift = amount if isinstance(amount, exp.Sub | exp.Add) else None
    span = _unwrapped(shift.this if shift else amount)
    kinds = exp.DateDiff | exp.TsOrDsDiff | exp.TimestampDiff | exp.DatetimeDiff
    if not isinstance(span, kinds) or _origin(span.expression) != _origin(node.this):
        return node
    value: Any = exp.TimestampTrunc(this=_bare(span.this), unit=exp.var(_unit(span)))
    if shift is None:
        return value
    interval = exp.Interval(this=exp.Literal.string(shift.expression.name), unit=exp.var(_unit(span)))
    return type(shift)(this=value, expression=interval)


def _origin(node: Any) -> str:
    """Return the text of a time that is counted from; T-SQL's is 0."""
    name = str(_bare(node).name)
    return "0" if name == "1900-01-01" else name


def _unwrapped(node: Any) -> Any:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def _unit(node: Any) -> str:
    """Return the unit of a node in the singular and in upper case."""
    unit = node.args.get("unit")
    name = (unit.name if unit is not None else "DAY").upper().strip("'")
    name = {
        "DD": "DAY",
        "D": "DAY",
        "MM": "MONTH",
        "M": "MONTH",
        "YY": "YEAR",
        "YYYY": "YEAR",
        "WK": "WEEK",
        "HH": "HOUR",
    }.get(name, name)
    return name.rstrip("S") if len(name) > 2 else name


def _call(name: str, *arguments: Any) -> exp.Expression:
    return exp.Anonymous(
        this=name, expressions=[a if isinstance(a, exp.Expression) else exp.Literal.string(a) for a in arguments]
    )


def _to_sqlite(node: Any) -> Any:
    for form in (_part_in_sqlite, _shift_in_sqlite, _difference_in_sqlite, _moment_in_sqlite, _nested_in_sqlite):
        if (written := form(node)) is not node:
            return written
    return node


def _part_in_sqlite(node: Any) -> Any:
    """Return SQLite's way to cut a time off, or to take a part of it."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc | exp.DatetimeTrunc):
        unit = _unit(node)
        if unit in _STARTS:
            return _call("date", node.this, *_STARTS[unit])
        return _call("strftime", "%Y-%m-%d %H:00:00", node.this) if unit == "HOUR" else node
    if isinstance(node, exp.Extract):
        unit = node.this.name.upper()
        return _number(_call("strftime", _FORMATS[unit], node.expression)) if unit in _FORMATS else node
    if isinstance(node, exp.Year | exp.Month | exp.Day):
        return _number(_call("strftime", _FORMATS[type(node).__name__.upper()], _bare(node.this)))
    if isinstance(node, exp.LastDay):
        return _call("date", _bare(node.this), "start of month", "+1 month", "-1 day")
    return node


def _shift_in_sqlite(node: Any) -> Any:
    """Return SQLite's way to add to a time."""
    sums = exp.DateAdd | exp.TimestampAdd | exp.DatetimeAdd | exp.TsOrDsAdd
    if isinstance(node, sums | exp.DateSub | exp.TimestampSub | exp.DatetimeSub):
        return _shifted(node.this, node.expression, _unit(node), back="Sub" in type(node).__name__)
    if isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Interval):
        return _shifted(node.this, node.expression, _unit(node.expression), back=isinstance(node, exp.Sub))
    return node


def _difference_in_sqlite(node: Any) -> Any:
    """Return SQLite's way to take one time from another: Julian days, in the unit that is wanted."""
    if isinstance(node, exp.Anonymous) and node.name.upper() == "AGE" and len(node.expressions) == 2:
        return _days(*node.expressions)
    if not isinstance(node, exp.DateDiff | exp.TimestampDiff | exp.DatetimeDiff | exp.TsOrDsDiff):
        return node
    difference = _days(_bare(node.this), _bare(node.expression))
    days, unit = exp.Paren(this=difference), _unit(node)
    if days_in_unit := {"WEEK": 7, "MONTH": 30.4375, "YEAR": 365.25}.get(unit):
        return _number(exp.Div(this=days, expression=exp.Literal.number(days_in_unit)))
    if units_in_day := {"HOUR": 24, "MINUTE": 1440, "SECOND": 86400}.get(unit):
        return _number(exp.Mul(this=days, expression=exp.Literal.number(units_in_day)))
    return difference if isinstance(node.parent, exp.Cast) else _number(difference)


def _days(later: Any, earlier: Any) -> exp.Sub:
    return exp.Sub(this=_call("julianday", later), expression=_call("julianday", earlier))


def _moment_in_sqlite(node: Any) -> Any:
    """Return SQLite's way to make a time, or to write it."""
    if isinstance(node, exp.DateFromParts):
        return _call("printf", "%04d-%02d-%02d", node.args["year"], node.args["month"], node.args["day"])
    if isinstance(node, exp.TimeToStr):
        return _call("strftime", node.args["format"], _bare(node.this))
    if isinstance(node, exp.CurrentDatetime):
        return exp.CurrentTimestamp()
    dates = exp.StrToDate | exp.StrToTime | exp.TsOrDsToDate | exp.Date
    return _call("date", node.this) if isinstance(node, dates) and not node.args.get("expressions") else node


def _nested_in_sqlite(node: Any) -> Any:
    """Return one call with the modifiers of both for a date of a date, or the text of one."""
    if not isinstance(node, exp.Anonymous) or node.name.lower() not in {"date", "strftime"}:
        return node
    at = int(node.name.lower() == "strftime")
    inner = node.expressions[at] if len(node.expressions) > at else None
    if not isinstance(inner, exp.Anonymous) or inner.name.lower() != "date" or len(inner.expressions) < 1 + at:
        return node
    return _call(node.name, *node.expressions[:at], *inner.expressions, *node.expressions[at + 1 :])


def _number(value: Any) -> Any:
    return exp.Cast(this=value, to=exp.DataType.build("INTEGER"))


def _bare(node: Any) -> Any:
    """Return what a conversion to a date or time was made of."""
    while isinstance(node, exp.TsOrDsToDate | exp.TsOrDsToTimestamp | exp.TimeStrToTime) or (
        isinstance(node, exp.Cast) and node.to.this.name in {"DATE", "TIMESTAMP", "DATETIME", "DATETIME2"}
    ):
        node = node.this
    return node


def _shifted(start: Any, amount: Any, unit: str, *, back: bool) -> Any:
    """Return SQLite's way to add a time to a time."""
    if isinstance(amount, exp.Interval):
        unit = _unit(amount)
        amount = amount.this
    sign = "-" if back else "+"
    text = amount.sql() if amount is not None else "1"
    if match := re.fullmatch(r"'?([-+]?)\s*(\d+)\s*(\w*)'?", text):
        sign = ("-" if back else "+") if match[1] != "-" else ("+" if back else "-")
        count, unit = int(match[2]), _unit_of(match[3]) or unit
        factor, unit = {"WEEK": (7, "DAY"), "QUARTER": (3, "MONTH")}.get(unit, (1, unit))
        return _call("datetime" if unit in _CLOCK else "date", _bare(start), f"{sign}{count * factor} {unit.lower()}s")
    modifier = exp.DPipe(
        this=exp.DPipe(this=exp.Literal.string(sign), expression=amount),
        expression=exp.Literal.string(f" {unit.lower()}s"),
    )
    return _call("date", _bare(start), modifier)


def _unit_of(text: str) -> str:
    return text.upper().rstrip("S")


def _to_postgres(node: Any) -> Any:
    if isinstance(node, exp.DateFromParts):
        return _call("make_date", *(_number(node.args[part]) for part in ("year", "month", "day")))

    if isinstance(node, exp.Anonymous) and node.name.upper() == "JULIANDAY":
        return exp.Div(
            this=exp.Extract(
                this=exp.var("EPOCH"),
                expression=exp.Cast(this=_moment(node.expressions[0]), to=exp.DataType.build("TIMESTAMP")),
            ),
            expression=exp.Literal.number("86400.0"),
        )
    if isinstance(node, exp.TimestampDiff):
        return _whole_units(node)
    if isinstance(node, exp.TimeToStr) and (part := _PARTS.get(node.args["format"].name)):
        return exp.Extract(this=exp.var(part), expression=_moment(_bare(node.this)))
    if isinstance(node, exp.TimeToStr) and isinstance(node.this, exp.TsOrDsToTimestamp | exp.Literal):
        return exp.TimeToStr(this=_moment(_bare(node.this)), format=node.args["format"])
    return _dates(node)


def _whole_units(node: Any) -> Any:
    """Return PostgreSQL's way to count the whole units between two times."""
    if _unit(node) != "DAY":
        return exp.DateDiff(this=node.this, expression=node.expression, unit=node.args.get("unit"))
    later, earlier = (exp.cast(_bare(side), "TIMESTAMP") for side in (node.this, node.expression))
    return exp.Extract(this=exp.var("DAY"), expression=exp.Sub(this=later, expression=earlier))


def _to_duckdb(node: Any) -> Any:
    if isinstance(node, exp.Anonymous) and node.name.upper() == "JULIANDAY":
        return _call("julian", exp.Cast(this=_moment(node.expressions[0]), to=exp.DataType.build("TIMESTAMP")))
    if isinstance(node, exp.TimeToStr) and _bare(node.this) != (now := _moment(_bare(node.this))):
        return exp.TimeToStr(this=now, format=node.args["format"])
    return _dates(node)


def _moment(node: Any) -> Any:
    """Return the time that SQLite's `'now'` means."""
    return exp.CurrentTimestamp() if isinstance(node, exp.Literal) and node.name.lower() == "now" else node


def _dates(node: Any) -> Any:
    """Return what SQLite's `date(moment, modifier, …)` means, by intervals and truncation."""
    name = node.name.upper() if isinstance(node, exp.Anonymous) else type(node).__name__.upper()
    if name not in {"DATE", "DATETIME"} or not isinstance(node, exp.Anonymous | exp.Date | exp.Datetime):
        return node
    listed = isinstance(node, exp.Anonymous)
    arguments = (
        node.expressions
        if listed
        else [a for a in (node.this, node.args.get("zone"), *node.expressions) if a is not None]
    )
    if not arguments:
        return node
    first = arguments[0]
    now = isinstance(first, exp.Literal) and first.name.lower() == "now"
    value: Any = exp.CurrentDate() if now and name == "DATE" else exp.CurrentTimestamp() if now else first
    if not now and len(arguments) == 1:
        return node
    for modifier in arguments[1:]:
        if isinstance(modifier, exp.Literal):
            value = _modified(value, modifier.name.strip().lower())
        else:
            value = exp.Add(this=value, expression=exp.cast(modifier, "INTERVAL"))
    return value


def _modified(value: Any, modifier: str) -> Any:
    if modifier.startswith("start of "):
        return exp.TimestampTrunc(this=value, unit=exp.var(modifier.rpartition(" ")[2].upper()))
    if match := re.fullmatch(r"([-+]?)\s*(\d+)\s*(\w+?)s?", modifier):
        interval = exp.Interval(this=exp.Literal.string(match[2]), unit=exp.var(match[3].upper()))
        return (exp.Sub if match[1] == "-" else exp.Add)(this=value, expression=interval)
    if modifier not in {"localtime", "utc"}:
        raise ValueError(f"no way to write the modifier {modifier!r}")
    return value
