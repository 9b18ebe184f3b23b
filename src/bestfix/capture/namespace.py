"""The live session, looked at without running any of its code."""

from __future__ import annotations

import builtins
import inspect
import sys
import types
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bestfix.core import Cell, Context, Key, Kind, Value

__all__ = ["LiveContext", "LiveValue"]

KEY_LIMIT = 20_000
"""Keys, columns or labels of one object that are looked at."""
LITERAL_LIMIT = 10_000
"""Characters or bytes of a literal that is handed on."""

_MISSING = object()
_LIBRARIES = frozenset({"pandas", "polars", "numpy", "scipy"})


def static_attribute(obj: object, name: str) -> Any:
    """Return an attribute as `inspect.getattr_static` finds it, or raise `AttributeError`; nothing is run."""
    return inspect.getattr_static(obj, name)


@dataclass(frozen=True, slots=True)
class LiveValue:
    """An object of the session."""

    obj: Any

    @property
    def kind(self) -> Kind:
        """What sort of object it is."""
        kind = type(self.obj)
        if issubclass(kind, types.ModuleType):
            return Kind.MODULE
        if issubclass(kind, type):
            return Kind.CLASS
        if kind in {types.MethodType, types.BuiltinMethodType} and getattr(self.obj, "__self__", None) is not None:
            return Kind.FUNCTION if isinstance(self.obj.__self__, types.ModuleType) else Kind.METHOD
        if kind in {
            types.FunctionType,
            types.BuiltinFunctionType,
            types.MethodDescriptorType,
            types.WrapperDescriptorType,
        }:
            return Kind.FUNCTION
        return Kind.INSTANCE

    @property
    def _class(self) -> type:
        return self.obj if issubclass(type(self.obj), type) else type(self.obj)

    @property
    def type_name(self) -> str:
        """The qualified name of its class; for a class or module, its own name."""
        if issubclass(type(self.obj), types.ModuleType):
            return str(types.ModuleType.__getattribute__(self.obj, "__dict__").get("__name__", ""))
        return qualified_name(self._class)

    @property
    def bases(self) -> tuple[str, ...]:
        """The qualified names of the classes above its type."""
        return tuple(qualified_name(c) for c in type.__dict__["__mro__"].__get__(self._class)[1:])

    def attributes(self) -> Sequence[str]:
        """The names of its attributes."""
        names: dict[str, None] = {}
        for space in _spaces(self.obj):
            names.update(dict.fromkeys(k for k in list(space) if isinstance(k, str)))
        return list(names)

    def attribute(self, name: str) -> Value | None:
        """The attribute, when it is no property or other descriptor that runs code."""
        found = _static(self.obj, name)
        if found is _MISSING:
            return None
        return LiveValue(found) if issubclass(type(self.obj), types.ModuleType) else _bound(found, self.obj)

    def has(self, name: str) -> bool:
        """Whether the attribute is there."""
        return _static(self.obj, name) is not _MISSING

    def keys(self) -> Sequence[Key]:
        """The keys of a mapping, the columns of a frame, the labels of a series."""
        if issubclass(type(self.obj), dict):
            return _labels(dict.__iter__(self.obj))
        with suppress(Exception):
            if self.type_name == "pandas.Series":
                return _labels(self.obj.index)
            if (
                _library(self.obj) in {"pandas", "polars"}
                and (columns := getattr(self.obj, "columns", None)) is not None
            ):
                return _labels(columns)
            if _library(self.obj) == "numpy" and self.obj.dtype.names:
                return list(self.obj.dtype.names)
        return []

    def index_labels(self) -> Sequence[Key]:
        """The names of the index levels, then the row labels."""
        with suppress(Exception):
            if _library(self.obj) == "pandas":
                index = self.obj.index
                return [n for n in index.names if n is not None] + _labels(index)
        return []

    def item(self, key: Key) -> Value | None:
        """The item at `key`."""
        with suppress(Exception):
            if issubclass(type(self.obj), dict):
                return LiveValue(dict.__getitem__(self.obj, key))
            for kind in (list, tuple):
                if issubclass(type(self.obj), kind) and isinstance(key, int):
                    return LiveValue(kind.__getitem__(self.obj, key))
            if _library(self.obj) in {"pandas", "polars"} and key in self.keys():
                return LiveValue(self.obj[key])
        return None

    def signature(self) -> inspect.Signature | None:
        """The signature of a callable."""
        if not callable(self.obj) or _is_hostile(self.obj):
            return None
        with suppress(Exception):
            return inspect.signature(self.obj)
        return None

    def length(self) -> int | None:
        """Number of items."""
        if type(self.obj) in {list, tuple, dict, set, frozenset, str, bytes, range, bytearray} or _library(self.obj):
            with suppress(Exception):
                return len(self.obj)
        return None

    def shape(self) -> tuple[int, ...] | None:
        """Shape of an array or frame."""
        if _library(self.obj):
            with suppress(Exception):
                return tuple(int(n) for n in self.obj.shape)
        return None

    def literal(self) -> object | None:
        """The object itself when it is small plain data."""
        if type(self.obj) in {int, float, bool, complex}:
            return self.obj  # type: ignore[no-any-return]
        if type(self.obj) in {str, bytes} and len(self.obj) <= LITERAL_LIMIT:
            return self.obj  # type: ignore[no-any-return]
        return None


@dataclass(frozen=True, slots=True)
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

    def names(self) -> Collection[str]:
        """Every visible name."""
        names = dict.fromkeys(k for k in list(self.frame_locals) if isinstance(k, str))
        names.update(dict.fromkeys(k for k in list(self.namespace) if isinstance(k, str)))
        names.update(dict.fromkeys(vars(builtins)))
        return names.keys()

    def value(self, name: str) -> Value | None:
        """The object a name is bound to."""
        for space in (self.frame_locals, self.namespace, vars(builtins)):
            if name in space:
                return LiveValue(space[name])
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
        module, _, name = qualified.rpartition(".")
        space = vars(sys.modules.get(module) or builtins)
        found = space.get(name) if isinstance(name, str) else None
        return LiveValue(found) if isinstance(found, type) else None

    @classmethod
    def of(
        cls,
        namespace: Mapping[str, Any],
        error: BaseException | None = None,
        *,
        frame: types.FrameType | None = None,
        notebook: Sequence[Cell] = (),
    ) -> Context:
        """Return the context of a session, of an error in it, and of the user's innermost frame."""
        subject: tuple[Any, ...] = ()
        if isinstance(error, AttributeError) and error.name is not None:
            subject = (error.obj,)
        inner: Mapping[str, Any] = {}
        if frame is not None:
            namespace = frame.f_globals if frame.f_globals is not namespace else namespace
            if frame.f_locals is not frame.f_globals:
                inner = dict(frame.f_locals)
        return cls(namespace, inner, subject, notebook)


def qualified_name(cls: type) -> str:
    """Return `module.Class`, as short as the library's own users write it; builtins without their module."""
    module, name = _module_name(cls), type.__dict__["__qualname__"].__get__(cls)
    if module in {"", "builtins"}:
        return str(name)
    top = module.partition(".")[0]
    if top in _LIBRARIES and (package := sys.modules.get(top)) is not None and vars(package).get(name) is cls:
        return f"{top}.{name}"
    return f"{module}.{name}"


def _library(obj: object) -> str:
    """Return the array library that an object's own class comes from, or nothing."""
    top = _module_name(type(obj)).partition(".")[0]
    return top if top in _LIBRARIES else ""


def _module_name(cls: type) -> str:
    """Return the module of a class, without its metaclass having a say; empty when it is no text."""
    with suppress(AttributeError):
        module = type.__dict__["__module__"].__get__(cls)
        return module if isinstance(module, str) else ""
    return ""


def _spaces(obj: object) -> list[Mapping[str, Any]]:
    """Return the dictionaries that hold an object's attributes, nearest first."""
    spaces: list[Mapping[str, Any]] = []
    if issubclass(type(obj), type):
        spaces += [type.__dict__["__dict__"].__get__(c) for c in type.__dict__["__mro__"].__get__(obj)]
    else:
        with suppress(Exception):
            own = object.__getattribute__(obj, "__dict__")
            if isinstance(own, dict):
                spaces.append(own)
    spaces += [type.__dict__["__dict__"].__get__(c) for c in type.__dict__["__mro__"].__get__(type(obj))]
    return spaces


def _static(obj: object, name: str) -> Any:
    with suppress(Exception):
        return inspect.getattr_static(obj, name, _MISSING)
    return _MISSING


def _bound(found: Any, obj: object) -> Value | None:
    """Return what reading a static attribute would give, when that is known without running code."""
    if isinstance(found, staticmethod):
        return LiveValue(found.__func__)
    if isinstance(found, classmethod):
        owner = obj if issubclass(type(obj), type) else type(obj)
        return LiveValue(types.MethodType(found.__func__, owner))
    if isinstance(found, types.FunctionType | types.MethodDescriptorType | types.WrapperDescriptorType):
        if issubclass(type(obj), type | types.ModuleType):
            return LiveValue(found)
        with suppress(Exception):
            return LiveValue(found.__get__(obj))
        return None
    if hasattr(type(found), "__get__") and not isinstance(found, type):
        return None
    return LiveValue(found)


def _is_hostile(obj: object) -> bool:
    """Whether an instance of a user's class stands where a function would: asking its signature may run its code."""
    plain = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType, type)
    return not isinstance(obj, plain) and type(obj).__module__.partition(".")[0] not in {
        *_LIBRARIES,
        "functools",
        "builtins",
    }


def _labels(labels: Any) -> list[Key]:
    """Return the first labels that are plain data."""
    found: list[Key] = []
    for number, label in enumerate(labels):
        if number >= KEY_LIMIT:
            break
        if label is None or type(label) in {str, int, float, bool, tuple}:
            found.append(label)
        elif type(label).__module__ == "numpy" and hasattr(label, "item"):
            found.append(label.item())
    return found
