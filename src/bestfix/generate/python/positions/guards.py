"""A guard at the top of a function against an empty argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate
from bestfix.generate.python.reading.site import Function, Site

__all__ = ["guarded"]

_EMPTY = {"list": "[]", "tuple": "[]", "str": '""', "dict": "{}", "int": "0", "bool": "False"}
"""What a function gives for an empty argument, by the class of what it gives else; the first that fits."""


def guarded(site: Site, name: str) -> Iterator[Candidate]:
    """Yield the function with a guard for an empty argument `name`, or for a plain copy of one."""
    function = site.function
    for assign in site.assignments(name):
        if isinstance(assign.value, ast.Name):
            name = assign.value.id
    if function is None or name not in site.parameters() or any(_shrinks(site, n, name) for n in ast.walk(function)):
        return
    body = function.body
    first = body[1] if _is_docstring(body[0]) and len(body) > 1 else body[0]
    result = _empty_result(site, function, name)
    edit = site.insert_before(first, f"if not {name}:", f"    return {result}")
    yield site.fix(edit, reason=f"`{name}` is empty", prior=0.22, safe=False)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _shrinks(site: Site, node: ast.AST, name: str) -> bool:
    """Whether a loop around the failure takes items out of the sequence: then it was not empty to begin with."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=used), attr="pop" | "remove" | "clear" | "popleft")):
            return used == name and any(node in ast.walk(loop) for loop in site.loops())
    return False


def _empty_result(site: Site, function: Function, name: str) -> str:
    """Return what a function gives for an empty argument, in the manner of its other returns."""
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    kinds = {k for value in returned for k in _result_kinds(site, value, name)}
    unknown = "None" if kinds and "" not in kinds else "[]"
    return next((empty for kind, empty in _EMPTY.items() if kind in kinds), unknown)


def _result_kinds(site: Site, value: ast.expr, name: str) -> Iterator[str]:
    match value:
        case ast.Name(id=used) if used == name:
            found = site.context.value(name)
            yield found.type_name if found else ""
        case ast.Name(id=used):
            for assign in site.assignments(used):
                yield site.kind(assign.value) if not isinstance(assign.value, ast.Name) else ""
        case ast.Subscript(slice=ast.Slice(), value=inner):
            yield from _result_kinds(site, inner, name)
        case ast.Subscript() | ast.Call(func=ast.Name(id="max" | "min")):
            yield "item"
        case _:
            yield site.kind(value)
