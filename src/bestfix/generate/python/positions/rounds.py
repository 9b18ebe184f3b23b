"""Loops that run too often, and what they empty on the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.positions.guards import guarded
from bestfix.generate.python.reading.site import Site, short

__all__ = ["emptied_by_loop", "emptied_too_soon", "empty_argument", "removed_in_loop"]

_EMPTY = ("is an empty sequence", "iterable argument is empty", "pop from", "list index out of range", "pop index")


def _empty_name(site: Site) -> str:
    """Return the name of the sequence that turned out to be empty."""
    for node in ast.walk(site.node):
        if isinstance(node, ast.Name):
            found = site.context.value(node.id)
            if found is not None and found.length() == 0:
                return node.id
    return ""


@repair("ValueError", "IndexError")
def emptied_by_loop(report: Report, context: Context) -> Iterator[Candidate]:
    """End a loop that takes items out of a sequence one round earlier, before nothing is left.

    Why: counting rounds from zero and ending with `<=`, or forgetting to count.
    Example: `while n >= 0: xs.pop(); n -= 1` → `while n > 0: xs.pop(); n -= 1`
    Safety: unsafe; the number of rounds changes.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_EMPTY) or not (name := _empty_name(site)):
        return
    for loop in site.loops():
        if not any(_takes(node, name) for node in ast.walk(loop)):
            continue
        reason = f"the loop goes on when `{name}` is empty"
        if isinstance(loop, ast.For):
            for edit in _fewer(site, loop.iter):
                yield site.fix(edit, reason=reason, prior=0.75, safe=False)
            continue
        for edit, prior in _stricter(site, loop, name):
            yield site.fix(edit, reason=reason, prior=prior, safe=False)
        yield from _counted(site, loop)
        test = site.text(loop.test)
        edit = site.replace(loop.test, f"{name} and {test}" if test not in {"True", "1"} else name)
        yield site.fix(edit, reason=reason, prior=0.12, safe=False)


def _takes(node: ast.AST, name: str) -> bool:
    """Whether a node takes an item out of the sequence."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=used), attr="pop" | "remove" | "popleft")):
            return used == name
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=used))]):
            return used == name
    return False


def _fewer(site: Site, iterable: ast.expr) -> Iterator[Edit]:
    match iterable:
        case ast.Call(
            func=ast.Name(id="range"), args=[*_, ast.BinOp(op=ast.Add(), right=ast.Constant(value=1)) as stop]
        ):
            yield site.replace(stop, site.text(stop.left))


def _stricter(site: Site, loop: ast.While, name: str) -> Iterator[tuple[Edit, float]]:
    """Yield the changes of a loop's condition that end it earlier."""
    for node in ast.walk(loop.test):
        match node:
            case ast.Compare(left=left, ops=[ast.LtE() | ast.GtE() as op], comparators=[right]):
                symbol = "<=" if isinstance(op, ast.LtE) else ">="
            case ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() as op], comparators=[right]):
                symbol = "<" if isinstance(op, ast.Lt) else ">"
            case _:
                continue
        if (replaced := _moving_limit(site, loop, left, right)) is not None:
            yield replaced, 0.75
        elif symbol in {"<=", ">="}:
            gap = site.between(left, right)
            at = gap.start + gap.of(site.source.text).index(symbol)
            yield Edit(at, at + 2, symbol[0]), 0.8
        elif symbol == "<" and name in site.text(right):
            continue


def _moving_limit(site: Site, loop: ast.While, left: ast.expr, right: ast.expr) -> Edit | None:
    """Return the count of what is collected, for a limit that moves with what it limits: `len(xs) > len(xs) - k`."""
    match right:
        case ast.BinOp(left=same, op=ast.Sub(), right=count) if site.text(same) == site.text(left):
            pass
        case _:
            return None
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=result), attr="append")):
                return site.replace(loop.test, f"len({result}) < {site.text(count)}")
    return None


def _counted(site: Site, loop: ast.While) -> Iterator[Candidate]:
    """Yield a loop that counts, where its condition compares a counter that it never changes."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=counter), ops=[ast.Lt() | ast.LtE()]):
            pass
        case _:
            return
    changed = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if counter in changed:
        return
    last = loop.body[-1]
    end = site.tree.span(last).end
    edit = Edit.insert(end, f"\n{site.indent(last)}{counter} += 1")
    yield site.fix(edit, reason=f"`{counter}` is never counted up", prior=0.8)


@repair("ValueError", "IndexError")
def emptied_too_soon(report: Report, context: Context) -> Iterator[Candidate]:
    """Use an item before it is removed.

    Why: two statements in the wrong order.
    Example: `xs.remove(max(xs)); out.append(max(xs))` → `out.append(max(xs)); xs.remove(max(xs))`
    Safety: unsafe; the order of two statements changes.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_EMPTY) or not (name := _empty_name(site)):
        return
    statement = site.statement
    body = getattr(site.tree.parents.get(statement), "body", [])
    before = body[body.index(statement) - 1] if statement in body and body.index(statement) else None
    if isinstance(before, ast.Expr) and _takes(before.value, name) and not _takes(statement, name):
        edits = [site.replace(before, site.text(statement)), site.replace(statement, site.text(before))]
        yield site.fix(*edits, reason=f"{short(site.text(before))} comes before its item is used", prior=0.8)


@repair("ValueError")
def empty_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Return early from a function that is given an empty sequence and asks for its largest or smallest item.

    Why: the empty case is forgotten.
    Example: `max(xs)` → `max(xs, default=None)`
    Safety: unsafe; what an empty sequence should give is a guess.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*_EMPTY[:2]):
        return
    if name := _empty_name(site):
        yield from guarded(site, name)
    if isinstance(site.node, ast.Call) and site.node.args:
        end = site.tree.span(site.node.args[-1]).end
        yield site.fix(Edit.insert(end, ", default=None"), reason="the sequence is empty", prior=0.15, safe=False)


@repair("ValueError", "RuntimeError", "IndexError")
def removed_in_loop(report: Report, context: Context) -> Iterator[Candidate]:
    """Loop over a copy of what the loop changes, or change it after the loop.

    Why: a loop over a list, set or dictionary must not see it change.
    Example: `for k in d: d.pop(k)` → `for k in list(d): d.pop(k)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("changed size", "keys changed", "mutated during", "list.remove(x)"):
        return
    changed = not site.says("list.remove(x)")
    loops = [site.statement] if isinstance(site.statement, ast.For) else list(site.loops())
    for loop in loops:
        if not isinstance(loop, ast.For) or (isinstance(loop.iter, ast.Call) and not changed):
            continue
        rows = site.text(loop.iter)
        if changed:
            edit = site.replace(loop.iter, f"list({rows})")
            yield site.fix(edit, reason=f"{short(rows)} changes while the loop goes over it", prior=0.9)
        elif (moved := _after_loop(site, loop)) is not None:
            reason = f"an item is removed from {short(rows)} in every round of the loop over it"
            yield site.fix(moved, reason=reason, prior=0.6, safe=False)


def _after_loop(site: Site, loop: ast.For) -> Edit | None:
    """Return the edit that moves what removes items, and what uses them, behind the loop."""
    body = loop.body
    marks = [_touches(node, site.text(loop.iter)) for node in body]
    if not any(marks):
        return None
    first = marks.index(True)
    while first > 0 and isinstance(body[first - 1], ast.Expr):
        first -= 1
    if first == 0:
        return None
    start = site.tree.lines.start(body[first].lineno)
    end = site.tree.span(body[-1]).end
    inner, outer = site.indent(body[first]), site.indent(loop)
    lines = site.source.text[start:end].split("\n")
    moved = "\n".join(outer + line.removeprefix(inner) if line.startswith(inner) else line for line in lines)
    return Edit(start, end, moved)


def _touches(node: ast.stmt, rows: str) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="remove"))):
            return name == rows
    return False
