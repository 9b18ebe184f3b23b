"""What an exception says, read without running anything of the user's."""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from types import FunctionType
from typing import Any

from bestfix.capture import static
from bestfix.capture.files import is_library_file

__all__ = ["details_of", "message_of", "slot", "traceback_of"]

MESSAGE_LIMIT = 10_000
"""Characters of a message that are kept."""
ITEM_LIMIT = 100
"""Items of a container up to which it is written out."""
_PLAIN = frozenset({str, int, float, bool, complex, bytes, type(None)})
_SCALAR_MODULES = frozenset({"numpy", "datetime", "decimal", "fractions", "pathlib", "uuid", "pandas", "ipaddress"})
_SCALARS = frozenset({
    "Decimal", "Fraction", "IPv4Address", "IPv6Address", "Path", "PosixPath", "Period", "Timedelta", "Timestamp",
    "UUID",
    "WindowsPath", "date", "datetime", "time", "timedelta", "bool_", "bool", "datetime64", "float16", "float32",
    "float64", "int16", "int32", "int64", "int8", "str_", "timedelta64", "uint16", "uint32", "uint64", "uint8",
})  # fmt: skip
_NO_ATTRIBUTE = re.compile(r"has no attribute '(?P<name>[^']+)'"), re.compile(r"^`[\w.]+\.(?P<name>\w+)` was removed")
"""What a library's own `__getattr__` says; the interpreter then leaves the error's `name` unset."""
_DETAILS = (
    "name", "name_from", "path", "filename", "strerror", "encoding", "reason", "pgcode", "sqlstate", "doc",
)  # fmt: skip


def slot(error: BaseException, name: str, owner: type = BaseException) -> Any:
    """Return what the interpreter itself keeps with an exception, whatever its class says of the attribute."""
    return owner.__dict__[name].__get__(error)


def message_of(error: BaseException) -> str:
    """Return the message of an exception, bounded.

    A `__str__` of the user's own is not run: the message is then what the arguments say.
    """
    args = slot(error, "args")
    with suppress(Exception):  # an exception's class and arguments are foreign
        if issubclass(type(error), KeyError) and len(args) == 1:
            return _repr(args[0])
        if _is_trusted(type(error)) and all(_is_plain(arg) for arg in args):
            return _bounded(str(error))
        return _bounded(args[0]) if len(args) == 1 and type(args[0]) is str else ", ".join(map(_repr, args[:10]))
    return ""


def details_of(error: BaseException) -> dict[str, str]:
    """Return what the exception carries besides its message, as far as it is text."""
    details = {}
    own: dict[str, Any] = slot(error, "__dict__") or {}
    for name in _DETAILS:
        value = own[name] if name in own else _member(error, name)
        if type(value) is str:
            details[name] = _bounded(value)
    if "name" not in details and issubclass(type(error), AttributeError):
        details |= {"name": match["name"]} if (match := _missing(message_of(error))) else {}
    if issubclass(type(error), KeyError) and len(args := slot(error, "args")) == 1 and _is_plain(args[0]):
        details["key"] = _repr(args[0])
    return details


def _missing(message: str) -> re.Match[str] | None:
    """Return the attribute that a message says is missing."""
    return next(filter(None, (pattern.search(message) for pattern in _NO_ATTRIBUTE)), None)


def traceback_of(error: BaseException) -> str:
    """Return the innermost frames and the message as the interpreter prints them, bounded."""
    with suppress(Exception):  # a traceback may name frames whose sources cannot be read
        frames = "".join(traceback.format_tb(slot(error, "__traceback__"), limit=-20))
        head = "Traceback (most recent call last):\n" if frames else ""
        return f"{head}{frames[-MESSAGE_LIMIT:]}{type(error).__name__}: {message_of(error)[:1000]}\n"
    return ""


def _bounded(text: str) -> str:
    return text[:MESSAGE_LIMIT]


def _repr(value: object) -> str:
    if static.library(value) == "pandas" and type(value).__name__ == "Index":
        labels: Any = list(value[:ITEM_LIMIT])  # type: ignore[index]  # the key of a pandas index may be anything
        value = labels
    return _bounded(repr(value)) if _is_plain(value) else f"<{type(value).__name__}>"


def _is_plain(value: object, depth: int = 2) -> bool:
    """Whether writing the value out runs no user code."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind in {tuple, list, set, frozenset} and depth:
        items: Any = value
        return len(items) <= ITEM_LIMIT and all(_is_plain(item, depth - 1) for item in items)
    if kind is dict and depth:
        pairs: Any = value
        return len(pairs) <= ITEM_LIMIT and all(_is_plain(x, depth - 1) for pair in pairs.items() for x in pair)
    module = type.__dict__["__module__"].__get__(kind)
    if type(module) is not str or (top := module.partition(".")[0]) not in _SCALAR_MODULES:
        return False
    return kind.__name__ in _SCALARS or (
        top == "numpy" and (kind.__name__ == "ufunc" or kind.__name__.endswith("DType"))
    )


def _is_trusted(kind: type[BaseException]) -> bool:
    """Whether the `__str__` of an exception class is the interpreter's or an installed library's."""
    for cls in type.__dict__["__mro__"].__get__(kind):
        method = cls.__dict__.get("__str__")
        if method is not None:
            return type(method) is not FunctionType or is_library_file(method.__code__.co_filename)
    return False


def _member(error: BaseException, name: str) -> object:
    """Read an attribute that the interpreter's own exceptions keep in a slot."""
    for cls in type.__dict__["__mro__"].__get__(type(error)):
        found = type.__dict__["__dict__"].__get__(cls).get(name)
        if found is not None:
            known = type(found).__name__ in {"member_descriptor", "getset_descriptor"}
            return found.__get__(error) if known else None
    return None
