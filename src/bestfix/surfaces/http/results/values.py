"""Values of databases as JSON, and what kinds of values a column held."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["CELL", "Json", "kind_of", "shortened", "to_json"]

Json = Any
"""A value that JSON can write."""
CELL = 20_000
"""Characters of a value that a page shows; exports hold all."""
_EXACT = 2**53 - 1
"""The largest integer that every reader of JSON reads exactly."""
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "integer"), (float, "double"), (str, "text"),
    (dt.datetime, "timestamp"), (dt.date, "date"), (dt.time, "time"), (bytes, "bytes"), (memoryview, "bytes"),
)  # fmt: skip


def kind_of(value: object) -> str:
    """Return what kind of value one is, `""` for NULL and `"other"` for what has no kind of its own.

    A decimal's says how many digits stand before and behind its point: `"decimal 8 2"`.
    """
    if value is None:
        return ""
    if isinstance(value, decimal.Decimal):
        return _decimal_kind(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return "timestamp with time zone"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "long integer"
    return next((kind for type_, kind in _KINDS if isinstance(value, type_)), "other")


def _decimal_kind(value: decimal.Decimal) -> str:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "other"
    return f"decimal {max(len(digits) + exponent, 0)} {max(-exponent, 0)}"


def to_json(value: object) -> Json:
    """Return a value as JSON: NULL is null; what JSON's numbers cannot hold exactly, dates and bytes are text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence | set):
        return [to_json(item) for item in value]
    return str(value)


def shortened(value: Json) -> Json:
    """Return a value as a page shows it: a long text is cut, and ends with an ellipsis."""
    if isinstance(value, str) and len(value) > CELL:
        return value[:CELL] + "…"
    return value
