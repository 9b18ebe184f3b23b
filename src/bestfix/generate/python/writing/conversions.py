"""How a value of one class becomes one of another, in the words that people write."""

from __future__ import annotations

import ast

from bestfix.core import Edit
from bestfix.generate.python.reading.site import Site

__all__ = ["NUMBERS", "as_number", "converted", "is_input", "read_number"]

NUMBERS = frozenset({"int", "float", "complex", "numpy.int64", "numpy.float64", "numpy.int32", "numpy.float32"})
"""The classes of numbers that text is often mixed with."""


def read_number(text: object) -> str:
    """Return the class whose constructor reads a text, `"int"` or `"float"`; empty when neither does."""
    if not isinstance(text, str) or len(text) > 100:
        return ""
    for kind in (int, float):
        try:
            kind(text)
        except ValueError:
            continue
        return kind.__name__
    return ""


def is_input(expr: ast.expr) -> bool:
    """Whether an expression is a call of `input`."""
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "input"


def converted(site: Site, expr: ast.expr, function: str) -> list[Edit]:
    """Return the edits that put an expression into a call of `function`."""
    span = site.tree.span(expr)
    text = site.text(expr)
    return [Edit(span.start, span.end, f"{function}({text})")]


def as_number(site: Site, expr: ast.expr) -> list[tuple[list[Edit], float]]:
    """Return the ways to turn text into a number, each with its share: where it was read, or where it is used."""
    if isinstance(expr, ast.BinOp) and not isinstance(expr.op, ast.Mod):
        texts = [n for n in (expr.left, expr.right) if site.kind(n) == "str"]
        return as_number(site, texts[0]) if len(texts) == 1 else []
    value = site.literal(expr)
    kind = read_number(value)
    if isinstance(value, str) and not kind:
        return []
    source = _origin(site, expr)
    if source is not None:
        kind = kind or "int"
        return [(converted(site, source, kind), 0.7), (converted(site, expr, kind), 0.2)]
    if kind:
        return [(converted(site, expr, kind), 0.9)]
    return []


def _origin(site: Site, expr: ast.expr) -> ast.expr | None:
    """Return where a name gets its text: the only call of `input`, or what is assigned beside numbers."""
    if is_input(expr):
        return expr
    if not isinstance(expr, ast.Name):
        return None
    values = [
        node.value
        for node in ast.walk(site.scope)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == expr.id for t in node.targets)
    ]
    if len(values) == 1:
        return values[0] if is_input(values[0]) else None
    texts = [value for value in values if site.kind(value) == "str"]
    numbers = any(isinstance(value, ast.Constant) and isinstance(value.value, int) for value in values)
    return texts[0] if numbers and len(texts) == 1 else None
