"""Columns of a result as Arrow's arrays, typed by the kinds of their values."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pyarrow as pa

from bestfix.surfaces.http.results.values import Json

__all__ = ["array_of", "arrow_type"]

_DIGITS = 38
"""Digits of the longest decimal."""
_TYPES: dict[frozenset[str], pa.DataType] = {
    frozenset(): pa.null(),
    frozenset({"boolean"}): pa.bool_(),
    frozenset({"integer"}): pa.int64(),
    frozenset({"double"}): pa.float64(),
    frozenset({"integer", "double"}): pa.float64(),
    frozenset({"date"}): pa.date32(),
    frozenset({"timestamp"}): pa.timestamp("us"),
    frozenset({"timestamp with time zone"}): pa.timestamp("us", tz="UTC"),
    frozenset({"time"}): pa.time64("us"),
    frozenset({"bytes"}): pa.binary(),
}


def arrow_type(kinds: Collection[str]) -> pa.DataType:
    """Return the type of a column that held values of these kinds; text where no other holds them all."""
    held = frozenset(kinds) - {""}
    digits = [tuple(map(int, kind.split()[1:])) for kind in held if kind.startswith("decimal ")]
    if digits and len(digits) == len(held):
        whole, fraction = (max(numbers) for numbers in zip(*digits, strict=True))
        if 0 < whole + fraction <= _DIGITS:
            return pa.decimal128(whole + fraction, fraction)
    return _TYPES.get(held, pa.string())


def array_of(values: Sequence[Json], kind: pa.DataType) -> pa.Array:
    """Return the values of a column, as JSON holds them, as an array."""
    read = _reader(kind)
    return pa.array([None if value is None else read(value) for value in values], kind)


def _reader(kind: pa.DataType) -> Callable[[Any], object]:
    """Return what turns a value of JSON into one of a type."""
    if pa.types.is_decimal(kind):
        return decimal.Decimal
    if pa.types.is_timestamp(kind):
        return dt.datetime.fromisoformat
    return _READERS.get(kind, lambda value: value)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _bytes(value: str) -> bytes:
    return base64.b16decode(value.removeprefix("\\x"), casefold=True)


_READERS: dict[pa.DataType, Callable[[Any], object]] = {
    pa.string(): _text, pa.binary(): _bytes, pa.int64(): int, pa.float64(): float,
    pa.date32(): dt.date.fromisoformat, pa.time64("us"): dt.time.fromisoformat,
}  # fmt: skip
