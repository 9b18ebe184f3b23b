"""Positions and counts of the wrong class."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import as_number, converted

__all__ = ["count_of_items", "item_of_view", "key_in_list", "pair_of_positions", "whole_number"]

_NOT_INTEGER = (
    "indices must be integers", "index must be integers", "cannot be interpreted as an integer",
    "can't multiply sequence by non-int", "integer argument expected",
)  # fmt: skip
_VIEWS = (
    "dict_keys", "dict_values", "dict_items", "set", "frozenset", "map", "filter", "zip", "generator", "enumerate",
    "reversed", "list_reverseiterator", "odict_keys", "odict_values",
)  # fmt: skip


def _positions(site: Site) -> Iterator[ast.expr]:
    """Yield the expressions that stand where a whole number is wanted."""
    match site.node:
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=step)):
            yield from (bound for bound in (lower, upper, step) if bound is not None)
        case ast.Subscript(slice=position):
            yield position
        case ast.Call(args=arguments):
            yield from arguments
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield from (left, right)


@repair("TypeError")
def whole_number(report: Report, context: Context) -> Iterator[Candidate]:
    """Use a whole number as a position or count: `//` for `/`, `int` for text or a fraction.

    Why: `/` gives a float, even where it divides evenly; `input` gives text.
    Example: `xs[len(xs) / 2]` → `xs[len(xs) // 2]`
    Safety: safe where the number is whole.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_NOT_INTEGER):
        return
    edits: list[Edit] = []
    for expr in _positions(site):
        kind = site.kind(expr)
        if kind == "str" and not (isinstance(site.node, ast.BinOp) and site.says("of type 'str'")):
            for change, share in as_number(site, expr):
                reason = f"{short(site.text(expr))} is text; a whole number is wanted"
                yield site.fix(*change, reason=reason, prior=share * 0.9)
        elif kind in {"float", "numpy.float64"} or _divides(site, expr):
            edits += _floored(site, expr)
    if edits:
        edits += [e for n in _like(site) for e in _floored(site, n) if e not in edits]
        yield site.fix(*edits, reason="`/` gives a float; a whole number is wanted", prior=0.85)


def _divides(site: Site, expr: ast.expr) -> bool:
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div) for n in ast.walk(expr)) and not any(
        isinstance(n, ast.Call) and site.text(n.func) in {"int", "round"} for n in ast.walk(expr)
    )


def _floored(site: Site, expr: ast.expr) -> list[Edit]:
    """Return the edits that make an expression whole: where it divides, or where its name was divided."""
    found = _slashes(site, expr)
    if not found and isinstance(expr, ast.Name):
        found = [e for assign in site.assignments(expr.id) for e in _slashes(site, assign.value)]
    if not found and isinstance(expr, ast.Constant) and isinstance(expr.value, float) and expr.value.is_integer():
        return [site.replace(expr, str(int(expr.value)))]
    return found or converted(site, expr, "int")


def _slashes(site: Site, expr: ast.expr) -> list[Edit]:
    edits = []
    for node in ast.walk(expr):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            gap = site.between(node.left, node.right)
            at = gap.start + gap.of(site.source.text).index("/")
            edits.append(Edit.insert(at, "/"))
    return edits


def _like(site: Site) -> list[ast.expr]:
    """Return the positions of slices of the scope that divide as well."""
    found: list[ast.expr] = []
    for node in ast.walk(site.scope):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            bounds = (node.slice.lower, node.slice.upper)
            found += [b for b in bounds if b is not None and _slashes(site, b)]
    return found


@repair("TypeError")
def count_of_items(report: Report, context: Context) -> Iterator[Candidate]:
    """Count to the length of a sequence, not to the sequence.

    Why: `range` wants a number.
    Example: `for i in range(xs):` → `for i in range(len(xs)):`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("cannot be interpreted as an integer"):
        return
    match site.node:
        case ast.Call(func=ast.Name(id=function), args=arguments):
            pass
        case _:
            return
    for expr in arguments:
        kind = site.kind(expr)
        if kind in {"list", "tuple", "dict", "set", "str", "numpy.ndarray", "pandas.DataFrame", "pandas.Series"}:
            reason = f"{short(site.text(expr))} is a {kind}; `{function}` wants a number"
            prior = 0.85 if function == "range" and kind != "str" else 0.4
            yield site.fix(*converted(site, expr, "len"), reason=reason, prior=prior)


@repair("TypeError")
def pair_of_positions(report: Report, context: Context) -> Iterator[Candidate]:
    """Take an item of a nested list with two subscripts, or a slice with a colon.

    Why: arrays take `a[1, 2]`, lists do not.
    Example: `rows[1, 2]` → `rows[1][2]`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("indices must be integers or slices, not tuple"):
        return
    match site.node:
        case ast.Subscript(value=rows, slice=ast.Tuple(elts=[first, second])):
            a, b = site.text(first), site.text(second)
            nested = (inner := site.item_of(site.exact(rows))) is not None and inner.length() is not None
            reason = "a list takes one position at a time"
            yield site.fix(site.replace(site.node.slice, f"{a}][{b}"), reason=reason, prior=0.85 if nested else 0.3)
            prior = 0.3 if nested else 0.7
            yield site.fix(site.replace(site.node.slice, f"{a}:{b}"), reason="a slice wants a colon", prior=prior)


@repair("TypeError")
def key_in_list(report: Report, context: Context) -> Iterator[Candidate]:
    """Take a key from the dictionaries inside a list, or from the dictionary whose keys a loop gives.

    Why: lists of dictionaries and dictionaries of dictionaries need two steps.
    Example: `for name in people: name["age"]` → `people[name]["age"]`
    Safety: unsafe where the first of several is taken.
    """
    site = Site.of(report, context)
    if site is None or not site.says("or slices, not str", "or slices, not 'str", "string indices"):
        return
    if not isinstance(site.node, ast.Subscript):
        return
    owner, key = site.node.value, site.literal(site.node.slice)
    found = site.exact(owner)
    for loop in site.loops():
        match loop:
            case ast.For(target=ast.Name(id=name), iter=rows) if isinstance(owner, ast.Name):
                value = site.exact(rows)
                if name == owner.id and value is not None and value.type_name == "dict":
                    reason = f"`{name}` is a key of {short(site.text(rows))}"
                    yield site.fix(site.replace(owner, f"{site.atom(rows)}[{name}]"), reason=reason, prior=0.75)
                inner = site.context.value(name)
                if site.text(rows) == site.text(owner) and inner is not None and key in list(inner.keys()):
                    yield site.fix(site.replace(owner, name), reason=f"`{name}` is the item", prior=0.85)
    item = site.item_of(found) if found is not None and found.type_name in {"list", "tuple"} else None
    if item is not None and key is not None and key in list(item.keys()):
        text = f"{site.atom(owner)}[0]"
        reason = f"{short(site.text(owner))} is a list of dictionaries"
        yield site.fix(site.replace(owner, text), reason=reason, prior=0.55, safe=False)


@repair("TypeError")
def item_of_view(report: Report, context: Context) -> Iterator[Candidate]:
    """Make a list of what has no positions or length before taking an item or the length.

    Why: keys, values, sets, `map`, `zip`, `filter` and generators were lists once, or look like lists.
    Example: `d.values()[0]` → `list(d.values())[0]`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = (
        site.search(
            r"'([\w.]+)' object is not (?:subscriptable|reversible)|object of type '([\w.]+)' has no len|"
            r"'([\w.]+)' object does not support item assignment",
            "not subscriptable",
            "not reversible",
            "has no len",
            "item assignment",
        )
        if site is not None
        else None
    )
    if site is None or found is None or (kind := found[1] or found[2] or found[3]) not in {*_VIEWS, "range"}:
        return
    reason = f"a {kind} has no positions; a list of it has"
    match site.node:
        case ast.Call(func=function, args=[ast.GeneratorExp() as inner]):
            text = f"[{site.text(inner)[1:-1]}]"
            own = site.tree.span(function).end < site.tree.span(inner).start
            yield site.fix(site.replace(inner, text if own else f"({text})"), reason=reason, prior=0.85)
        case ast.Call(args=[inner]) | ast.Subscript(value=inner):
            origin = _made(site, inner)
            if origin is not None:
                yield site.fix(*converted(site, origin, "list"), reason=reason, prior=0.6)
            yield site.fix(*converted(site, inner, "list"), reason=reason, prior=0.85 if origin is None else 0.4)


def _made(site: Site, expr: ast.expr) -> ast.expr | None:
    """Return the only call whose result a name holds."""
    if not isinstance(expr, ast.Name):
        return None
    values = [a.value for a in site.assignments(expr.id)]
    return values[0] if len(values) == 1 and isinstance(values[0], ast.Call | ast.GeneratorExp) else None
