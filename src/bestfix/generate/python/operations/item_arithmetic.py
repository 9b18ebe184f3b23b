"""Arithmetic with a whole list, set or dictionary, which Python does for arrays alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.operands import operands
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import NUMBERS

__all__ = ["arithmetic_of_items", "sign_of_items", "texts_multiplied"]

_SYMBOLS = frozenset({"+", "-", "*", "/", "//", "%", "**"})


def _comprehension(kind: str, rows: str, item: str) -> str:
    """Return a comprehension over a collection; `item` is what becomes of each `x`."""
    if kind == "dict":
        return f"{{k: {item} for k, x in {rows}.items()}}"
    if kind == "set":
        return f"{{{item} for x in {rows}}}"
    if kind == "tuple":
        return f"tuple({item} for x in {rows})"
    return f"[{item} for x in {rows}]"


@repair("TypeError")
def arithmetic_of_items(report: Report, context: Context) -> Iterator[Candidate]:
    """Calculate with every item of a list, not with the list.

    Why: arrays calculate item by item, lists do not.
    Example: `[1, 2] / 2` → `[x / 2 for x in [1, 2]]`
    Safety: unsafe; a single item may have been meant.
    """
    site = Site.of(report, context)
    for left, right, a, b, symbol in operands(site) if site is not None else ():
        operator = symbol.removesuffix("=") if symbol not in {"<=", ">="} else ""
        if site is None or operator not in _SYMBOLS:
            continue
        x, y = site.atom(left) if not isinstance(left, ast.Constant) else site.text(left), site.text(right)
        y = y if isinstance(right, ast.Constant | ast.Name) else site.atom(right)
        if b in NUMBERS and a in {"list", "tuple", "set", "dict"}:
            text = _comprehension(a, x, f"x {operator} {y}")
        elif a in NUMBERS and b in {"list", "tuple", "set", "dict"}:
            text = _comprehension(b, y, f"{x} {operator} x")
        elif operator == "-" and a == "list" and b in {"list", "tuple", "set"} and symbol == "-=":
            text = f"[x for x in {x} if x not in {y}]"
        else:
            continue
        if symbol.endswith("="):
            text = f"{site.text(left)} = {text}"
        reason = f"{short(x if a not in NUMBERS else y)} is calculated item by item"
        yield site.fix(site.replace(site.node, text), reason=reason, prior=0.4, safe=False)


@repair("TypeError")
def sign_of_items(report: Report, context: Context) -> Iterator[Candidate]:
    """Change the sign of every item of a list, not of the list.

    Why: arrays calculate item by item, lists do not.
    Example: `-[1, 2]` → `[-x for x in [1, 2]]`
    Safety: unsafe; a single item may have been meant.
    """
    site = Site.of(report, context)
    if site is None or not site.says("bad operand type for unary", "bad operand type for abs()"):
        return
    match site.node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert(), operand=rows):
            item = site.text(site.node)[0] + "x"
        case ast.Call(func=ast.Name(id="abs"), args=[rows]):
            item = "abs(x)"
        case _:
            return
    kind = site.kind(rows)
    if kind in {"list", "tuple", "set"}:
        edit = site.replace(site.node, _comprehension(kind, site.atom(rows), item))
        yield site.fix(edit, reason=f"a {kind} is calculated item by item", prior=0.5, safe=False)


@repair("TypeError")
def texts_multiplied(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn all factors of a product into numbers, where all are text that spells numbers.

    Why: `input` and files give text.
    Example: `"2" * "3"` → `int("2") * int("3")`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("can't multiply sequence by non-int of type 'str'"):
        return
    top = site.node
    for node in site.tree.ancestors(site.node):
        if not isinstance(node, ast.BinOp):
            break
        top = node
    if isinstance(top, ast.AugAssign):
        value = site.literal(top.value)
        if isinstance(value, str) and value.isdigit():
            edit = site.replace(top.value, f"int({site.text(top.value)})")
            yield site.fix(edit, reason=f"{short(site.text(top.value))} is text", prior=0.7)
        return
    leaves = [n for n in ast.walk(top) if isinstance(n, ast.Name | ast.Constant | ast.Subscript)]
    values = [site.literal(n) for n in leaves]
    if len(leaves) > 1 and all(isinstance(v, str) and v.strip().isdigit() for v in values):
        edits = [site.replace(n, f"int({site.text(n)})") for n in leaves]
        yield site.fix(*edits, reason="the factors are text that spells numbers", prior=0.85)
