"""Frozen dataclasses as plain JSON values, and back, checked field by field."""

from __future__ import annotations

import enum
import json
import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["DocumentError", "encoded", "structured"]

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, type(None)})


class DocumentError(ValueError):
    """A document is no JSON, of another version, or does not have the form that it must have."""


def encoded(value: object) -> object:
    """Return a dataclass, and what it holds, as plain JSON values; a measurement that is no number is left out."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if (names := _names(kind)) is not None:
        return {name: encoded(getattr(value, name)) for name in names}
    if isinstance(value, enum.IntEnum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): encoded(item) for key, item in value.items() if not _is_no_number(item)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [encoded(item) for item in value]
    return value


@lru_cache(maxsize=512)
def _names(kind: type) -> tuple[str, ...] | None:
    """Return the names of a dataclass's fields; nothing for another class."""
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else None


def _is_no_number(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def structured(kind: type[T], document: object) -> T:
    """Return the dataclass `kind` that a document holds.

    Raises:
        DocumentError: when the document lacks, adds or mistypes a field; the message starts with the field's path.
    """
    value: T = _value(kind, document, "")
    return value


def _value(kind: Any, value: object, at: str) -> Any:
    """Return `value` as `kind`; `at` is its path in the document."""
    if is_dataclass(kind):
        return _object(kind, value, at)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _member(kind, value, at)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _value(arguments[0], value, at)
    if origin is tuple:
        items = _checked(value, list, at)
        if arguments[-1] is not ...:
            raise TypeError(f"no way to decode {kind}")
        return tuple(_value(arguments[0], item, f"{at}[{i}]") for i, item in enumerate(items))
    if origin is not None:
        return {key: _value(arguments[1], item, f"{at}.{key}") for key, item in _checked(value, dict, at).items()}
    return float(_checked(value, (int, float), at)) if kind is float else _checked(value, kind, at)


def _object(kind: Any, value: object, at: str) -> Any:
    given = _checked(value, dict, at)
    hints, known = _form(kind)
    dot = f"{at}." if at else ""
    if unknown := [key for key in given if key not in known]:
        raise DocumentError(f"{dot}{unknown[0]}: there is no such field; there are {', '.join(known)}")
    for name, f in known.items():
        if name not in given and f.default is MISSING and f.default_factory is MISSING:
            raise DocumentError(f"{dot}{name}: is missing")
    values = {name: _value(hints[name], item, f"{dot}{name}") for name, item in given.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise DocumentError(f"{at or 'document'}: {error}") from error


@lru_cache(maxsize=256)
def _form(kind: type) -> tuple[dict[str, Any], dict[str, Field[Any]]]:
    """Return the types of a dataclass's fields, and the fields, by their names."""
    return get_type_hints(kind), {f.name: f for f in fields(kind)}


def _member(kind: type[enum.Enum], value: object, at: str) -> enum.Enum:
    members = {str(encoded(member)): member for member in kind}
    if not isinstance(value, str) or value not in members:
        raise DocumentError(f"{at}: must be one of {', '.join(members)}, not {value!r}")
    return members[value]


def _checked(value: object, kind: Any, at: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        name = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}.get(kind, "a number")
        raise DocumentError(f"{at or 'document'}: must be {name}, not {json.dumps(value)[:40]}")
    return value
