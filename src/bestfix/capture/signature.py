"""Signatures of callables, when asking for them runs nothing of the user's."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from bestfix.capture.files import is_library_file
from bestfix.capture.static import FUNCTIONS, MISSING, class_module, find, mro, space_of

__all__ = ["is_function", "signature_of", "signature_text"]

UNWRAPPED = 50
"""Decorators on one function that are looked through."""
_COMPILED = frozenset({
    "_ArrayFunctionDispatcher", "_lru_cache_wrapper", "cython_function_or_method", "fused_cython_function", "ufunc",
    "builtin_function_or_method", "PyCapsule", "nb_func", "nb_method",
})  # fmt: skip


def is_function(obj: object) -> bool:
    """Whether an object is a function of the interpreter's or of a compiled library's."""
    cls = type(obj)
    return cls in FUNCTIONS or (cls.__name__ in _COMPILED and class_module(cls) not in {"__main__", ""})


def signature_of(obj: Any) -> inspect.Signature | None:
    """Return the signature of a callable without its bound argument, or `None` when it cannot be had safely."""
    with suppress(Exception):  # `inspect` meets foreign classes, and raises what they raise
        if not callable(obj):
            return None
        if issubclass(type(obj), type):
            return inspect.signature(obj) if _is_plain_class(obj) else None
        if type(obj) is types.MethodType:
            return inspect.signature(obj) if _is_plain_function(obj.__func__) else None
        if _is_plain_function(obj):
            return inspect.signature(obj)
        if type(obj) is partial:
            return inspect.signature(obj) if _is_plain_function(obj.func) else None
        call, _ = find(type(obj), "__call__")
        if type(call) is types.FunctionType and _is_plain_function(call):
            return inspect.signature(types.MethodType(call, obj))
    return None


def signature_text(signature: inspect.Signature) -> str:
    """Return the parameters as they are written, with `...` for defaults and without annotations."""
    bare = inspect.Parameter.empty
    parameters = [
        p.replace(annotation=bare, default=bare if p.default is bare else ...) for p in signature.parameters.values()
    ]
    shown = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return str(shown).replace("=Ellipsis", "=...")


def _is_plain_function(function: Any) -> bool:
    """Whether neither a function nor what it wraps is an object of the user's that stands for a function."""
    for _ in range(UNWRAPPED):
        if not is_function(function):
            return False
        if type(function) is not types.FunctionType:
            return True
        notes = types.FunctionType.__dict__["__dict__"].__get__(function)
        if type(notes.get("__signature__", None)) not in {inspect.Signature, type(None)}:
            return False
        if "__wrapped__" not in notes:
            return True
        function = notes["__wrapped__"]
    return False


def _is_plain_class(cls: type) -> bool:
    """Whether looking at a class and its constructors runs no code but the interpreter's or a library's."""
    hooks = ("__getattribute__", "__getattr__", "__call__")
    meta = [found for base in mro(type(cls)) for name in hooks if (found := space_of(base).get(name)) is not None]
    if not all(_is_trusted(hook) for hook in meta):
        return False
    if any(type(sig) not in {inspect.Signature, type(None)} for sig in _values(cls, "__signature__")):
        return _is_trusted(find(cls, "__init__")[0])
    makers = [find(cls, name)[0] for name in ("__new__", "__init__")]
    return not any(_values(cls, "__wrapped__")) and all(_is_maker(maker) for maker in makers)


def _is_trusted(hook: object) -> bool:
    """Whether a hook is compiled or stands in an installed library."""
    return type(hook) is not types.FunctionType or is_library_file(hook.__code__.co_filename)


def _is_maker(maker: Any) -> bool:
    if type(maker) is staticmethod:
        maker = maker.__func__
    return maker is MISSING or _is_plain_function(maker)


def _values(cls: type, name: str) -> Iterator[Any]:
    return (space_of(base)[name] for base in mro(cls) if name in space_of(base))
