"""Give live functions the code of a changed source, where they stand: whoever holds them gets the change."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["only_bodies_differ", "qualified_names", "recode"]

DEPTH = 3
"""Classes within classes that are looked into."""
_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def recode(space: dict[str, Any], code: types.CodeType, is_old: Callable[[types.CodeType], bool]) -> set[str]:
    """Give the functions and methods in a namespace the code that has their name in `code`; return those names.

    Their defaults, closures and globals stay.

    Args:
        space: the globals of the session or of a module.
        code: the compiled module.
        is_old: whether a code object is of an earlier version of that module.
    """
    codes, done = dict(_codes(code)), set()
    for value in list(space.values()):
        for function in _functions(value, space.get("__name__"), DEPTH):
            new = codes.get(function.__code__.co_qualname)
            old = function.__code__
            if new is not None and len(new.co_freevars) == len(old.co_freevars) and is_old(old):
                function.__code__ = new
                done.add(new.co_qualname)
    return done


def only_bodies_differ(before: ast.stmt, after: ast.stmt) -> bool:
    """Whether two definitions have the same name and head, and a class the same statements but for its methods."""
    return isinstance(before, _DEFINITIONS) and type(before) is type(after) and _head(before) == _head(after)


def qualified_names(statement: ast.stmt, outer: str = "") -> Iterator[str]:
    """Yield the qualified names of the functions that a definition makes when it runs."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield outer + statement.name
    elif isinstance(statement, ast.ClassDef):
        for member in statement.body:
            yield from qualified_names(member, f"{outer}{statement.name}.")


def _head(statement: ast.stmt) -> list[str]:
    """Return a definition without what its functions do when they are called.

    Nothing is copied: libraries hang the whole tree of a file on nodes that all trees share.
    """
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = statement.args
        keywords = [
            part
            for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if value is not None
            for part in (argument.arg, ast.dump(value))
        ]
        evaluated = map(ast.dump, [*statement.decorator_list, *arguments.defaults])
        return [type(statement).__name__, statement.name, *evaluated, *keywords]
    if isinstance(statement, ast.ClassDef):
        evaluated = map(ast.dump, [*statement.decorator_list, *statement.bases, *statement.keywords])
        members = (part for member in statement.body for part in _head(member))
        return [statement.name, *evaluated, *members]
    return [ast.dump(statement)]


def _codes(code: types.CodeType) -> Iterator[tuple[str, types.CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(value: Any, module: Any, depth: int) -> Iterator[types.FunctionType]:
    """Yield the functions that a value is or holds, as far as they are reached without running anything."""
    kind = type(value)
    if kind is types.FunctionType:
        yield value
        if (wrapped := value.__dict__.get("__wrapped__")) is not None:
            yield from _functions(wrapped, module, depth - 1)
    elif kind in {staticmethod, classmethod}:
        yield from _functions(value.__func__, module, depth)
    elif kind is property:
        for accessor in (value.fget, value.fset, value.fdel):
            yield from _functions(accessor, module, depth)
    elif issubclass(kind, type) and depth and type.__dict__["__dict__"].__get__(value).get("__module__") == module:
        for member in list(type.__dict__["__dict__"].__get__(value).values()):
            yield from _functions(member, module, depth - 1)
