"""Loops and functions over what is no sequence."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import NUMBERS, converted

__all__ = ["digits_of_number", "items_as_text", "iterator_of", "one_item", "range_of_number", "whole_sequence"]

_NOT_ITERABLE = tuple(f"'{k}' object is not iterable" for k in ("int", "float", "numpy.int64", "numpy.float64", "bool"))


def _iterated(site: Site) -> ast.expr | None:
    """Return the expression that is looped over."""
    node = site.node
    parent = site.tree.parents.get(node)
    if isinstance(node, ast.expr) and isinstance(parent, ast.For) and parent.iter is node:
        return node
    if isinstance(node, ast.For):
        return node.iter
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return node.generators[0].iter
    if isinstance(parent, ast.comprehension):
        return parent.iter
    return None


@repair("TypeError")
def range_of_number(report: Report, context: Context) -> Iterator[Candidate]:
    """Loop over the numbers up to a number.

    Why: a loop wants a sequence; `range` makes one of a number.
    Example: `for i in 10:` → `for i in range(10):`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_NOT_ITERABLE) or (rows := _iterated(site)) is None:
        return
    reason = f"{short(site.text(rows))} is a number: `range` counts up to it"
    yield site.fix(*converted(site, rows, "range"), reason=reason, prior=0.85)


@repair("TypeError")
def whole_sequence(report: Report, context: Context) -> Iterator[Candidate]:
    """Pass the whole sequence to a function that wants one, not an item of it.

    Why: a subscript too many.
    Example: `sum(xs[0])` → `sum(xs)`
    Safety: unsafe; another sequence may have been meant.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_NOT_ITERABLE) or not isinstance(site.node, ast.Call) or not site.node.args:
        return
    argument = site.node.args[0]
    if isinstance(argument, ast.Subscript) and not isinstance(argument.slice, ast.Slice):
        reason = f"{short(site.text(argument))} is one item"
        yield site.fix(site.replace(argument, site.text(argument.value)), reason=reason, prior=0.65, safe=False)


@repair("TypeError")
def one_item(report: Report, context: Context) -> Iterator[Candidate]:
    """Write a sequence of one item with brackets, or several arguments as one sequence.

    Why: `list(5)` wants something to take the items of.
    Example: `list(5)` → `[5]`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_NOT_ITERABLE):
        return
    match site.node:
        case ast.Call(func=ast.Name(id=name), args=[value], keywords=[]) if name in _BRACKETS:
            before, after = _BRACKETS[name]
            reason = f"`{name}` wants a sequence; {short(site.text(value))} is a number"
            edit = site.replace(site.node, f"{before}{site.text(value)}{after}")
            yield site.fix(edit, reason=reason, prior=0.45)
            yield site.fix(*converted(site, value, "range"), reason=reason, prior=0.4)
        case ast.Call(func=ast.Name(id="sum" | "any" | "all" | "sorted"), args=[first, *_, last]):
            start, end = site.tree.span(first).start, site.tree.span(last).end
            edit = Edit(start, end, f"[{site.source.text[start:end]}]")
            yield site.fix(edit, reason="one sequence is wanted, not several arguments", prior=0.8)
        case ast.Call(func=ast.Attribute(attr="extend") as method, args=[_]):
            end = site.tree.span(method).end
            reason = "`extend` adds the items of a sequence, `append` one item"
            yield site.fix(Edit(end - len("extend"), end, "append"), reason=reason, prior=0.85)


_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ",)"), "set": ("{", "}")}


@repair("TypeError")
def iterator_of(report: Report, context: Context) -> Iterator[Candidate]:
    """Make an iterator before `next` takes an item from it.

    Why: a list is iterable, but no iterator.
    Example: `next([1, 2])` → `next(iter([1, 2]))`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("object is not an iterator") or not isinstance(site.node, ast.Call):
        return
    if site.node.args:
        edits = converted(site, site.node.args[0], "iter")
        yield site.fix(*edits, reason=f"{short(site.text(site.node.args[0]))} is no iterator", prior=0.85)


@repair("TypeError")
def items_as_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn every item into text before they are joined.

    Why: `join` takes texts alone.
    Example: `", ".join([1, 2])` → `", ".join(map(str, [1, 2]))`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("expected str instance"):
        return
    match site.node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[ast.GeneratorExp(elt=item) | ast.ListComp(elt=item)]):
            yield site.fix(*converted(site, item, "str"), reason="`join` takes texts alone", prior=0.9)
        case ast.Call(func=ast.Attribute(attr="join"), args=[items]):
            edit = site.replace(items, f"map(str, {site.text(items)})")
            yield site.fix(edit, reason="`join` takes texts alone", prior=0.9)


@repair("TypeError")
def digits_of_number(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a number into text before its digits are counted, searched or taken.

    Why: a number has no digits until it is written.
    Example: `len(1234)` → `len(str(1234))`
    Safety: safe.
    """
    site = Site.of(report, context)
    kinds = [
        m for k in ("int", "float") for m in (f"object of type '{k}' has no len", f"argument of type '{k}' is not")
    ]
    if site is None or not site.says(*kinds, *_NOT_ITERABLE):
        return
    match site.node:
        case ast.Call(func=ast.Name(id="len" | "reversed" | "enumerate"), args=[number, *_]):
            pass
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[number]):
            pass
        case _:
            return
    reason = f"{short(site.text(number))} is a number; its digits are those of its text"
    if isinstance(number, ast.Name) and site.kind(number) in NUMBERS:
        subscripted = any(
            isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and n.value.id == number.id
            for n in ast.walk(site.scope)
        )
        if subscripted and (place := _start(site)) is not None:
            line = f"{number.id} = str({number.id})"
            prior = 0.8 if number.id in site.parameters() else 0.3
            yield site.fix(site.insert_before(place, line), reason=reason, prior=prior)
    yield site.fix(*converted(site, number, "str"), reason=reason, prior=0.65)


def _start(site: Site) -> ast.stmt | None:
    """Return the first statement of the function after its docstring."""
    if site.function is None:
        return site.statement
    body = site.function.body
    return (
        body[1]
        if len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        else body[0]
    )
