"""Variables of a function that have no value yet: `global`, `nonlocal`, another name, a first value."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from bestfix.core import Applicability, Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.names.names import renames
from bestfix.generate.python.reading import usage
from bestfix.generate.python.reading.site import Function, Site
from bestfix.lang.python.scope import bound_names

__all__ = ["declared_name", "first_value", "near_local", "shadowed_name"]


@repair("UnboundLocalError")
def declared_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Declare a name `global` or `nonlocal` that a function changes and that is defined outside it.

    Why: an assignment anywhere in a function makes the name local to the whole function.
    Example: `def add(): count += 1` → `def add(): global count; count += 1`
    Safety: unsafe: the function then changes the outer variable, which is mostly what is meant.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    function = site.function if site is not None else None
    if site is None or function is None or name in usage.parameters(function):
        return
    outer = [f for f in usage.binders(site.tree, function) if name in usage.bound_in(f)]
    word = "nonlocal" if outer else "global"
    if not outer and name not in bound_names(site.tree.text) and context.value(name) is None:
        return
    if not outer and name in dir(builtins) and name not in bound_names(site.tree.text):
        return
    changed = any(isinstance(n, ast.AugAssign) and getattr(n.target, "id", "") == name for n in ast.walk(function))
    edit = _first_line(site, function, f"{word} {name}")
    reason = f"`{name}` is assigned in `{function.name}` and so is local to it: `{word} {name}` takes the outer one"
    yield Candidate.edit(
        site.source, edit, reason=reason, prior=0.9 if changed else 0.72, applicability=Applicability.UNSAFE
    )
    if outer and name in bound_names(site.tree.text):
        edit = _first_line(site, function, f"global {name}")
        yield Candidate.edit(site.source, edit, reason=reason, prior=0.2, applicability=Applicability.UNSAFE)


@repair("UnboundLocalError")
def shadowed_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a local variable another name where it hides the function or outer value that it is computed from.

    Why: `max = max(values)` makes `max` local, so that the call finds no function.
    Example: `max = max(values)` → `max_ = max(values)`
    Safety: safe; only the variable in this function is renamed.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    function = site.function if site is not None else None
    if site is None or function is None or not isinstance(site.node, ast.Name):
        return
    visible = name in dir(builtins) or name in bound_names(site.tree.text)
    if not visible or name in usage.parameters(function):
        return
    edits: list[Edit] = []
    for hidden in _hiding(function, name):
        edits += _local_rename(site, function, hidden)
    reason = f"the variable `{name}` hides what is called `{name}` outside `{function.name}`"
    if edits:
        called = isinstance(p := site.tree.parents.get(site.node), ast.Call) and p.func is site.node
        yield Candidate.edit(site.source, *dict.fromkeys(edits), reason=reason, prior=0.9 if called else 0.1)


def _hiding(function: Function, name: str) -> list[str]:
    """Return the variables of a function that are assigned from a call of their own name, `name` first."""
    found = [name]
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=other)], value=ast.Call(func=ast.Name(id=called))) if other == called:
                found.append(other)
    return list(dict.fromkeys(found))


def _local_rename(site: Site, function: Function, name: str) -> Iterator[Edit]:
    """Yield the edits that rename a variable where it is assigned and, after that, where it is read."""
    first: int | None = None
    nodes = sorted((n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name), key=_position)
    for node in nodes:
        if isinstance(node.ctx, ast.Store) and first is None:
            statement = site.tree.statement(node)
            first = (statement.end_lineno or statement.lineno) if statement is not None else node.lineno
        called = isinstance(parent := site.tree.parents.get(node), ast.Call) and parent.func is node
        if isinstance(node.ctx, ast.Store) or (first is not None and node.lineno > first and not called):
            yield Edit.insert(site.tree.span(node).end, "_")


def _position(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


@repair("UnboundLocalError")
def near_local(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the variable that was meant where one is read before it has a value.

    Why: of two variables of a function one is written for the other.
    Example: `total1 = 0; total2 += 1` → `total1 += 1`
    Safety: safe where the spelling is near.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    function = site.function if site is not None else None
    if site is None or function is None:
        return
    nodes = [n for n in ast.walk(site.statement) if isinstance(n, ast.Name) and n.id == name]
    if not nodes:
        return
    for rename in renames(nodes[:1], site.tree, context)[:4]:
        if rename.similarity >= 0.6 or rename.name in context.local_names():
            edits = [site.replace(n, rename.name) for n in nodes]
            reason = f"`{name}` has no value yet; `{rename.name}` has"
            odds = 0.7 if rename.similarity >= 0.6 else 0.2
            yield Candidate.edit(site.source, *edits, reason=reason, prior=odds * rename.prior)


@repair("UnboundLocalError", "NameError")
def first_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a name its first value before the loop or block that only adds to it.

    Why: the line that starts a sum, a list or a table is forgotten, or stands in a branch that was not taken.
    Example: `for x in xs: total += x` → `total = 0` above it
    Safety: unsafe: the kind of the first value is concluded from how the name is used.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    if site is None:
        return
    scope = site.scope
    nodes = [n for n in ast.walk(scope) if isinstance(n, ast.Name) and n.id == name]
    value, odds = _start(nodes, site)
    if not value:
        return
    if isinstance(scope, ast.Module) and context.value(name) is not None:
        return
    place = _outermost(site, nodes, scope)
    unbound = report.error.is_a("UnboundLocalError")
    reason = f"`{name}` has no first value"
    lines = [f"{name} = {value}", *(_also_started(site, name) if unbound else ())]
    yield Candidate.edit(
        site.source, site.insert_before(place, *lines), reason=reason,
        prior=odds * (0.35 if context.value(name) is not None else 1.0 if unbound else 0.8),
        applicability=Applicability.UNSAFE,
    )  # fmt: skip


def _also_started(site: Site, name: str) -> Iterator[str]:
    """Yield the first values of the function's other variables that are only ever computed from themselves."""
    function = site.function
    if function is None:
        return
    for other in sorted(usage.bound_in(function) - {name, *usage.parameters(function)}):
        nodes = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == other]
        stores = [n for n in nodes if isinstance(n.ctx, ast.Store)]
        if stores and all(_is_accumulated(n, site) for n in stores):
            value, _ = _start(stores, site)
            yield f"{other} = {value}"


def _is_accumulated(node: ast.Name, site: Site) -> bool:
    return isinstance(site.tree.parents.get(node), ast.AugAssign) or _accumulated(node, site) is not None


def _start(nodes: Sequence[ast.Name], site: Site) -> tuple[str, float]:
    """Return the first value that the uses of a name point to, and how clearly they do."""
    for node in nodes:
        match site.tree.parents.get(node):
            case ast.Attribute(attr="append" | "extend" | "insert" | "sort"):
                return "[]", 0.6
            case ast.Attribute(attr="add" | "discard"):
                return "set()", 0.6
            case ast.Attribute(attr="setdefault" | "items"):
                return "{}", 0.45
            case ast.Subscript(value=owner, ctx=ast.Store()) if owner is node:
                return "{}", 0.45
            case ast.AugAssign(target=target, op=op, value=value) if target is node:
                return _neutral(op, value, site), 0.75
        if (start := _accumulated(node, site)) is not None:
            return start, 0.6
    return "", 0.0


def _accumulated(node: ast.Name, site: Site) -> str | None:
    """Return the first value of a name that is computed from itself: `n = n + 1`, `best = max(best, x)`."""
    match site.tree.parents.get(node):
        case ast.Assign(targets=[target], value=ast.BinOp(op=op, left=left, right=right)) if target is node:
            inside = [n for n in ast.walk(left) if isinstance(n, ast.Name) and n.id == node.id]
            if inside or (isinstance(right, ast.Name) and right.id == node.id):
                return _neutral(op, right if inside else left, site)
        case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id="max" | "min" as name), args=args)):
            if target is node and any(isinstance(a, ast.Name) and a.id == node.id for a in args):
                return "0" if name == "max" else "float('inf')"
    return None


def _neutral(operator: ast.operator, value: ast.expr, site: Site) -> str:
    kind = site.kind(value)
    if isinstance(operator, ast.Mult):
        return "1"
    return {"str": "''", "list": "[]", "tuple": "()"}.get(kind, "0")


def _outermost(site: Site, nodes: Sequence[ast.Name], scope: ast.AST) -> ast.stmt:
    """Return the statement of a scope's own body that the first use stands in."""
    first = min(nodes, key=_position)
    statement: ast.stmt = site.statement
    for node in (first, *site.tree.ancestors(first)):
        if isinstance(node, ast.stmt) and site.tree.parents.get(node) is scope:
            statement = node
    return statement


def _first_line(site: Site, function: Function, line: str) -> Edit:
    """Return the edit that adds a line at the start of a function's body, below its docstring."""
    body = function.body
    doc = (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    )
    first = body[1] if doc and len(body) > 1 else body[0]
    if first.lineno == function.lineno:
        return Edit.insert(site.tree.span(first).start, f"{line}; ")
    return site.insert_before(first, line)
