"""The live session, looked at without running any of its code."""

from __future__ import annotations

import builtins
import inspect
import itertools
import sys
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bestfix.capture import static
from bestfix.capture.signature import is_function, signature_of
from bestfix.core import Cell, Key, Kind, Value

__all__ = ["LiveContext", "LiveValue"]

KEY_LIMIT = 20_000
"""Keys, columns or labels of one object that are looked at."""
LITERAL_LIMIT = 10_000
"""Characters or bytes of a literal that is handed on."""
OUTER_LIMIT = 50
"""Callers among which the enclosing functions of a frame are looked for."""
_PLAIN = frozenset({str, int, float, bool, type(None)})
_SIZED = frozenset({list, tuple, dict, set, frozenset, str, bytes, range, bytearray})


@dataclass(frozen=True, slots=True)
class LiveValue:
    """An object of the session."""

    obj: Any

    @property
    def kind(self) -> Kind:
        """What sort of object it is."""
        cls = type(self.obj)
        if issubclass(cls, types.ModuleType):
            return Kind.MODULE
        if issubclass(cls, type):
            return Kind.CLASS
        if cls is types.MethodType or (cls is types.BuiltinMethodType and self._is_bound()):
            return Kind.METHOD
        return Kind.FUNCTION if is_function(self.obj) else Kind.INSTANCE

    def _is_bound(self) -> bool:
        owner = self.obj.__self__
        return owner is not None and not issubclass(type(owner), types.ModuleType)

    @property
    def _class(self) -> type:
        return self.obj if issubclass(type(self.obj), type) else type(self.obj)

    @property
    def type_name(self) -> str:
        """The qualified name of its class; for a class or module, its own name."""
        if issubclass(type(self.obj), types.ModuleType):
            return str(static.module_space(self.obj).get("__name__", ""))
        return qualified_name(self._class)

    @property
    def bases(self) -> tuple[str, ...]:
        """The qualified names of the classes above its type."""
        return tuple(qualified_name(cls) for cls in static.mro(self._class)[1:])

    def attributes(self) -> Sequence[str]:
        """The names of its attributes."""
        names: dict[str, None] = {}
        for space in static.spaces(self.obj):
            names.update(dict.fromkeys(_names(space)))
        return list(names)

    def attribute(self, name: str) -> Value | None:
        """The attribute, when it is no property or other descriptor that runs code."""
        found, own = static.find(self.obj, name)
        if found is static.MISSING or own:
            return LiveValue(found) if own else None
        value = static.bound(found, self.obj)
        return None if value is static.MISSING else LiveValue(value)

    def has(self, name: str) -> bool:
        """Whether the attribute is there."""
        return static.find(self.obj, name)[0] is not static.MISSING

    def keys(self) -> Sequence[Key]:
        """The keys of a mapping, the columns of a frame, the labels of a series."""
        with suppress(Exception):  # a library's object may be half made; then nothing is known of it
            if issubclass(type(self.obj), dict):
                return _labels(dict.keys(self.obj))
            library = static.library(self.obj)
            if self.type_name == "pandas.Series":
                return _labels(self.obj.index[:KEY_LIMIT])
            if library in {"pandas", "polars"} and (columns := getattr(self.obj, "columns", None)) is not None:
                return _labels(columns)
            if library == "numpy" and self.obj.dtype.names:
                return list(self.obj.dtype.names)
        return []

    def index_labels(self) -> Sequence[Key]:
        """The names of the index levels, then the row labels."""
        with suppress(Exception):  # a library's object may be half made
            if static.library(self.obj) == "pandas":
                index = self.obj.index
                return [n for n in index.names if n is not None] + _labels(index[:KEY_LIMIT])
        return []

    def item(self, key: Key) -> Value | None:
        """The item at `key`."""
        with suppress(Exception):  # a library's object may lack the item, or be half made
            if issubclass(type(self.obj), dict):
                return _dict_item(self.obj, key)
            for kind in (list, tuple):
                if issubclass(type(self.obj), kind) and type(key) is int:
                    return LiveValue(kind.__getitem__(self.obj, key))
            if static.library(self.obj) in {"pandas", "polars"} and _is_plain(key) and key in self._axis():
                return LiveValue(self.obj[key])
        return None

    def _axis(self) -> Any:
        """The labels that a frame or series of a library is asked for an item by."""
        return self.obj.index if self.type_name == "pandas.Series" else self.obj.columns

    def signature(self) -> inspect.Signature | None:
        """The signature of a callable."""
        return signature_of(self.obj)

    def documentation(self) -> str:
        """The docstring of a callable."""
        return static.documentation(self.obj)

    def length(self) -> int | None:
        """Number of items."""
        if type(self.obj) in _SIZED or static.library(self.obj):
            with suppress(Exception):  # a library's object may have no length
                return len(self.obj)
        return None

    def shape(self) -> tuple[int, ...] | None:
        """Shape of an array or frame."""
        if static.library(self.obj):
            with suppress(Exception):  # a library's object may have no shape
                return tuple(int(n) for n in self.obj.shape)
        return None

    def dtype(self) -> str:
        """The type of an array's or column's elements."""
        if static.library(self.obj):
            with suppress(Exception):  # a library's object may have no type of elements
                return str(self.obj.dtype)
        return ""

    def literal(self) -> object | None:
        """The object itself when it is small plain data."""
        if type(self.obj) in {int, float, bool, complex}:
            return self.obj  # type: ignore[no-any-return]  # its type has just been looked at
        if type(self.obj) in {str, bytes} and len(self.obj) <= LITERAL_LIMIT:
            return self.obj  # type: ignore[no-any-return]  # its type has just been looked at
        return None


@dataclass(frozen=True)
class LiveContext:
    """The names of a live frame.

    Attributes:
        namespace: the globals of the session.
        frame_locals: the locals of the failing function, empty at the top level.
        error_subject: the object that the exception carries, in a tuple so that `None` can be one.
        notebook: the other cells.
    """

    namespace: Mapping[str, Any]
    frame_locals: Mapping[str, Any] = field(default_factory=dict)
    error_subject: tuple[Any, ...] = ()
    notebook: Sequence[Cell] = ()

    @cached_property
    def _visible(self) -> dict[str, None]:
        spaces = (self.frame_locals, self.namespace, vars(builtins))
        return dict.fromkeys(itertools.chain.from_iterable(map(_names, spaces)))

    def names(self) -> Collection[str]:
        """Every visible name."""
        return self._visible.keys()

    def value(self, name: str) -> Value | None:
        """The object a name is bound to."""
        for space in (self.frame_locals, self.namespace, vars(builtins)):
            found = _entry(space, name)
            if found is not static.MISSING:
                return LiveValue(found)
        return None

    def local_names(self) -> Collection[str]:
        """The names of the failing function's locals."""
        return self.frame_locals.keys()

    def subject(self) -> Value | None:
        """The object that the error is about."""
        return LiveValue(self.error_subject[0]) if self.error_subject else None

    def cells(self) -> Sequence[Cell]:
        """The other cells."""
        return self.notebook

    def module(self, name: str) -> Value | None:
        """An imported module."""
        module = sys.modules.get(name)
        return None if module is None else LiveValue(module)

    def class_named(self, qualified: str) -> Value | None:
        """A class by its qualified name."""
        home, _, name = qualified.rpartition(".")
        module = sys.modules.get(home or "builtins")
        if module is None and home:
            outer = self.class_named(home)
            return outer.attribute(name) if outer is not None else None
        found = static.module_space(module).get(name)
        return LiveValue(found) if issubclass(type(found), type) else None

    @classmethod
    def of(
        cls,
        namespace: Mapping[str, Any],
        error: BaseException | None = None,
        *,
        frame: types.FrameType | None = None,
        notebook: Sequence[Cell] = (),
    ) -> LiveContext:
        """Return the context of a session, of an error in it, and of the user's innermost frame."""
        subject: tuple[Any, ...] = ()
        if issubclass(type(error), AttributeError) and AttributeError.__dict__["name"].__get__(error) is not None:
            subject = (AttributeError.__dict__["obj"].__get__(error),)
        if frame is None:
            return cls(namespace, {}, subject, notebook)
        inner = _visible_locals(frame) if frame.f_locals is not frame.f_globals else {}
        return cls(frame.f_globals, inner, subject, notebook)


def qualified_name(cls: type) -> str:
    """Return `module.Class`, as short as the library's own users write it; builtins without their module."""
    module, name = static.class_module(cls), type.__dict__["__qualname__"].__get__(cls)
    if module in {"", "builtins"}:
        return str(name)
    top = module.partition(".")[0]
    if top != module and top in static.LIBRARIES and static.module_space(sys.modules.get(top)).get(name) is cls:
        return f"{top}.{name}"
    return f"{module}.{name}"


def _visible_locals(frame: types.FrameType) -> dict[str, Any]:
    """Return the locals of a frame and of the functions that enclose it, as far as they are still being called.

    A frame holds of the enclosing functions only the names that its own code mentions; a name that was misspelt is
    among the others.
    """
    names = _locals(frame)
    code, caller = frame.f_code, frame.f_back
    for _ in range(OUTER_LIMIT):
        if caller is None:
            break
        if caller.f_code.co_flags & inspect.CO_OPTIMIZED and any(const is code for const in caller.f_code.co_consts):
            names = _locals(caller) | names
            code = caller.f_code
        caller = caller.f_back
    return names


def _locals(frame: types.FrameType) -> dict[str, Any]:
    """Return a copy of a frame's locals; none where a class body or `exec` has a mapping of the user's for them."""
    found = frame.f_locals
    if type(found) is dict or type(found).__name__ == "FrameLocalsProxy":
        return {name: value for name, value in found.items() if type(name) is str}
    return {}


def _names(space: Mapping[Any, Any]) -> list[str]:
    keys = list(dict.keys(space) if isinstance(space, dict) else space)
    return [key for key in keys if type(key) is str]


def _entry(space: Mapping[str, Any], name: str) -> Any:
    if isinstance(space, dict):
        return dict.get(space, name, static.MISSING)
    return space.get(name, static.MISSING)


def _dict_item(mapping: dict[Any, Any], key: Key) -> Value | None:
    """Return the item of a dictionary; keys of the user's own classes are not compared with."""
    plain = True
    for number, (other, value) in enumerate(dict.items(mapping)):
        if number >= KEY_LIMIT:
            break
        if type(other) is type(key) and _is_plain(other) and other == key:
            return LiveValue(value)
        plain = plain and _is_plain(other)
    if not plain or not _is_plain(key):
        return None
    found = dict.get(mapping, key, static.MISSING)
    return None if found is static.MISSING else LiveValue(found)


def _is_plain(key: object) -> bool:
    if type(key) is tuple:
        return all(type(part) in _PLAIN for part in key)
    return type(key) in _PLAIN


def _labels(labels: Iterable[Any]) -> list[Key]:
    """Return the first labels that are plain data."""
    found: list[Key] = []
    for label in itertools.islice(labels, KEY_LIMIT):
        if _is_plain(label):
            found.append(label)
        elif static.library(label) == "numpy" and _is_plain(value := label.item()):
            found.append(value)
    return found
