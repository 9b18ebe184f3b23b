"""Attributes found in the dictionaries that hold them: nothing of an object's own is run.

What an object says of itself (`__class__`, `__dict__`, `__getattribute__`, a metaclass, a property) is not asked;
the interpreter's own descriptors are.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

__all__ = [
    "FUNCTIONS", "LIBRARIES", "MISSING", "bound", "class_module", "documentation", "find", "has_method", "library",
    "module_space", "mro", "space_of", "spaces",
]  # fmt: skip

MISSING = object()
FUNCTIONS = frozenset({
    types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.ClassMethodDescriptorType, types.MethodWrapperType,
})  # fmt: skip
"""The interpreter's own kinds of functions."""
LIBRARIES = frozenset({"numpy", "pandas", "polars", "scipy"})
_SLOTS = frozenset({types.GetSetDescriptorType, types.MemberDescriptorType})
_LAZY = frozenset({"LazyFrame"})


def mro(cls: type) -> tuple[type, ...]:
    """Return the classes that a class inherits from, itself first."""
    return type.__dict__["__mro__"].__get__(cls)  # type: ignore[no-any-return]  # a slot has no type


def space_of(cls: type) -> Mapping[str, Any]:
    """Return the dictionary of a class."""
    return type.__dict__["__dict__"].__get__(cls)  # type: ignore[no-any-return]  # a slot has no type


def module_space(module: object) -> dict[str, Any]:
    """Return the dictionary of a module without loading it, should it load lazily."""
    if issubclass(type(module), types.ModuleType):
        return vars(types.ModuleType)["__dict__"].__get__(module) or {}
    return {}


def class_module(cls: type) -> str:
    """Return the module of a class, without its metaclass having a say; empty when it is no text."""
    with suppress(AttributeError):
        module = type.__dict__["__module__"].__get__(cls)
        return module if type(module) is str else ""
    return ""


def library(obj: object) -> str:
    """Return the array library that an object's class comes from, or nothing; a user's subclass is not a library's."""
    cls = type(obj)
    module, name = class_module(cls), type.__dict__["__name__"].__get__(cls)
    top = module.partition(".")[0]
    if top not in LIBRARIES or name in _LAZY:
        return ""
    return top if module_space(sys.modules.get(module)).get(name) is cls else ""


def has_method(cls: type, name: str) -> bool:
    """Whether instances of a class have a method such as `__get__`."""
    return any(name in space_of(base) for base in mro(cls))


def spaces(obj: object) -> Iterator[Mapping[str, Any]]:
    """Yield the dictionaries that hold an object's attributes, nearest first."""
    if issubclass(type(obj), type):
        yield from map(space_of, mro(obj))  # type: ignore[arg-type]  # a class may lie to `isinstance`
    elif issubclass(type(obj), types.ModuleType):
        yield module_space(obj)
    elif own := _instance_dict(obj):
        yield own
    yield from map(space_of, mro(type(obj)))


def find(obj: object, name: str) -> tuple[Any, bool]:
    """Return an attribute as it is stored, or `MISSING`, and whether the object itself stores it.

    A data descriptor of the class goes before what the object stores, as in reading the attribute.
    """
    shared = _first(map(space_of, mro(type(obj))), name)
    if issubclass(type(obj), type):
        own = _first(map(space_of, mro(obj)), name)  # type: ignore[arg-type]  # a class may lie to `isinstance`
        return (own, False) if own is not MISSING else (shared, False)
    if issubclass(type(obj), types.ModuleType):
        own = module_space(obj).get(name, MISSING)
    else:
        own = dict.get(_instance_dict(obj), name, MISSING)
    if own is MISSING or (shared is not MISSING and has_method(type(shared), "__set__")):
        return shared, False
    return own, True


def bound(found: Any, obj: object) -> Any:
    """Return what reading an attribute stored in a class gives, or `MISSING` when that would run code."""
    kind, of_class = type(found), issubclass(type(obj), type)
    if kind is staticmethod:
        return found.__func__
    with suppress(Exception):  # a foreign descriptor may refuse what it is bound to
        if kind is classmethod:
            return types.MethodType(found.__func__, obj if of_class else type(obj))
        if kind is types.ClassMethodDescriptorType:
            return found.__get__(None, obj if of_class else type(obj))
        if kind in FUNCTIONS:
            return found if of_class or not has_method(kind, "__get__") else found.__get__(obj)
        if kind is types.MemberDescriptorType and not of_class:
            return found.__get__(obj)
        return MISSING if has_method(kind, "__get__") else found
    return MISSING


def documentation(obj: object) -> str:
    """Return the docstring of a function, method or class; empty where reading it would run code."""
    if type(obj) is types.MethodType:
        return documentation(obj.__func__)
    text = find(obj, "__doc__")[0]
    if type(text) in _SLOTS:
        text = text.__get__(obj)
    return text if type(text) is str else ""


def _first(found: Iterator[Mapping[str, Any]], name: str) -> Any:
    return next((space[name] for space in found if name in space), MISSING)


def _instance_dict(obj: object) -> dict[str, Any]:
    """Return the dictionary of an instance as the interpreter keeps it, whatever its class calls `__dict__`."""
    for cls in mro(type(obj)):
        slot: Any = space_of(cls).get("__dict__")
        if type(slot) in _SLOTS:
            with suppress(Exception):  # a foreign class may describe its dictionary wrongly
                own = slot.__get__(obj)
                return own if issubclass(type(own), dict) else {}
    return {}
