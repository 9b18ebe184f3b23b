"""Shorter forms of what a translation comes to: truncations, intervals that go back, casts that say nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlglot import Dialect, exp

__all__ = ["Rule", "bare_columns", "own_casts", "printed", "rewritten", "shortenings"]

Rule = Callable[[Any], Any]
"""What a part of an expression becomes; the part itself where nothing is to be done."""

_COLONS = frozenset(["duckdb", "postgres"])
"""The dialects that write a cast as `x::type`."""
_ROUNDS = 4
_OWN = "own"


def shortenings(write: str) -> tuple[Rule, ...]:
    """Return the rules that give each part of an expression the shortest form that `write` has."""
    rules = (_month_start, _back, _idle_cast)
    return (*rules, _day_difference) if write == "postgres" else rules


def rewritten(tree: exp.Expr, rules: Sequence[Rule]) -> exp.Expr:
    """Apply the rules to each part of an expression, and to what they make of it, in place."""
    changed = True

    def every(node: Any) -> Any:
        nonlocal changed
        for rule in rules:
            if (new := rule(node)) is not node:
                changed = True
                return new
        return node

    for _ in range(_ROUNDS):
        if not changed:
            break
        changed = False
        tree = tree.transform(every, copy=False)
    return tree


def bare_columns(tree: exp.Expr) -> exp.Expr:
    """Return an expression without the conversions to a time that a dialect's functions make of their arguments."""

    def bare(node: Any) -> Any:
        times = {"TIMESTAMP", "DATETIME", "DATETIME2", "TIMESTAMPTZ"}
        cast = isinstance(node, exp.Cast) and node.to.this.name in times
        converted = cast or isinstance(node, exp.TsOrDsToTimestamp | exp.TimeStrToTime)
        return bare(node.this) if converted and not isinstance(node.this, exp.Literal) else node

    bared: exp.Expr = tree.transform(bare)
    return bared


def own_casts(tree: exp.Expr) -> exp.Expr:
    """Return an expression as it was read, its casts marked as the user's own."""
    for cast in tree.find_all(exp.Cast):
        cast.meta[_OWN] = True
    return tree


def printed(tree: exp.Expr, write: str) -> str:
    """Return the text of an expression, casts that are not the user's as `x::type` where the dialect has that."""
    if write not in _COLONS:
        return str(tree.sql(dialect=write, normalize_functions=False))
    return str(_colon_generator(write)(dialect=write, normalize_functions=False).generate(tree))


@lru_cache(maxsize=4)
def _colon_generator(write: str) -> Any:
    class Colons(Dialect.get_or_raise(write).generator_class):  # type: ignore[misc]  # a class found at run time
        def cast_sql(self, expression: Any, safe_prefix: str | None = None) -> str:
            simple = isinstance(expression.this, exp.Column | exp.Func | exp.Literal | exp.Paren)
            own = expression.meta.get(_OWN) or isinstance(expression.this, exp.Case | exp.And | exp.Or)
            if safe_prefix or own or not simple:
                return str(super().cast_sql(expression, safe_prefix))
            return f"{self.sql(expression, 'this')}::{self.sql(expression, 'to')}"

    return Colons


def _bare(node: Any) -> Any:
    """Return what a conversion to a date or time was made of."""
    kinds = exp.TsOrDsToDate | exp.TsOrDsToTimestamp | exp.TimeStrToTime | exp.Cast | exp.Paren
    while isinstance(node, kinds):
        node = node.this
    return node


def _is_number(node: Any, value: int) -> bool:
    if isinstance(node, exp.Interval):
        node = node.this
    if isinstance(node, exp.Neg):
        return _is_number(node.this, -value)
    return isinstance(node, exp.Literal) and node.name == str(value)


def _month_start(node: Any) -> Any:
    """Return the truncation to a month that a date made of its parts is, or the day after the last of the month."""
    if isinstance(node, exp.DateFromParts) and _is_number(node.args["day"], 1):
        year, month = node.args["year"], node.args["month"]
        if isinstance(year, exp.Year) and isinstance(month, exp.Month) and _bare(year.this) == _bare(month.this):
            return exp.TimestampTrunc(this=_bare(year.this), unit=exp.var("MONTH"))
        if isinstance(year, exp.Year) and _is_number(month, 1):
            return exp.TimestampTrunc(this=_bare(year.this), unit=exp.var("YEAR"))
    if not _is_shift(node, 1, "DAY") or not isinstance(last := _bare(node.this), exp.LastDay):
        return node
    earlier = _bare(last.this)
    if _is_shift(earlier, -1, "MONTH"):
        return exp.TimestampTrunc(this=_bare(earlier.this), unit=exp.var("MONTH"))
    return node


def _is_shift(node: Any, count: int, unit: str) -> bool:
    kinds = exp.DateAdd | exp.TsOrDsAdd | exp.TimestampAdd | exp.DatetimeAdd
    return isinstance(node, kinds) and _is_number(node.expression, count) and node.text("unit").upper() == unit


def _back(node: Any) -> Any:
    """Return the subtraction that the addition of less than nothing is."""
    back = {exp.DateAdd: exp.DateSub, exp.TimestampAdd: exp.TimestampSub, exp.DatetimeAdd: exp.DatetimeSub}
    amount = node.args.get("expression") if type(node) in back else None
    if not isinstance(amount, exp.Neg) or not isinstance(amount.this, exp.Literal):
        return node
    return back[type(node)](this=node.this, expression=amount.this, unit=node.args.get("unit"))


def _idle_cast(node: Any) -> Any:
    """Return what a cast to the type that it has already is made of."""
    now = exp.CurrentTimestamp | exp.CurrentDatetime
    if isinstance(node, exp.TimeStrToTime | exp.TsOrDsToTimestamp) and isinstance(node.this, now | exp.CurrentDate):
        return node.this
    if not isinstance(node, exp.Cast):
        return node
    kind, inner = node.to.this.name, node.this
    same = isinstance(inner, exp.Cast) and inner.to == node.to
    idle = (isinstance(inner, now) and kind == "TIMESTAMP") or (isinstance(inner, exp.CurrentDate) and kind == "DATE")
    whole = isinstance(inner, exp.Literal) and inner.is_int and kind in {"INT", "INTEGER", "BIGINT"}
    return inner if same or idle or whole else node


def _day_difference(node: Any) -> Any:
    """Return the difference of two dates, which is in days already."""
    if not isinstance(node, exp.DateDiff | exp.TsOrDsDiff) or (node.text("unit") or "DAY").upper() not in {"DAY", "DD"}:
        return node
    later, earlier = (exp.cast(_bare(side), "DATE") for side in (node.this, node.expression))
    difference = exp.Sub(this=later, expression=earlier)
    return exp.paren(difference) if isinstance(node.parent, exp.Binary | exp.Unary | exp.Cast) else difference
