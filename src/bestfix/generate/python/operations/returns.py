"""`None` where a value was expected: methods that work in place, functions that return nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Function, Site
from bestfix.generate.python.writing.edits import without_argument

__all__ = ["in_place_result", "missing_return"]

_IN_PLACE = frozenset(
    {"sort", "reverse", "append", "extend", "insert", "remove", "add", "update", "discard", "clear", "shuffle"}
)


def _nones(site: Site) -> Iterator[ast.expr]:
    """Yield the expressions that may have given `None`: calls in the failing expression, and what its names hold."""
    if not site.says("NoneType"):
        return
    roots: list[ast.AST] = [site.node]
    parent = site.tree.parents.get(site.node)
    if isinstance(parent, ast.Assign) and isinstance(site.node, ast.Tuple):
        roots.append(parent.value)
    for node in (n for root in roots for n in ast.walk(root)):
        if isinstance(node, ast.Call):
            yield node
        if isinstance(node, ast.Name) and (found := site.context.value(node.id)) and found.type_name == "NoneType":
            yield from (assign.value for assign in site.assignments(node.id))
            yield from _passed(site, node.id)


def _passed(site: Site, name: str) -> Iterator[ast.expr]:
    """Yield what the text passes for a parameter of the failing function."""
    function = site.function
    if function is None or name not in site.parameters():
        return
    number = site.parameters().index(name)
    for call in site.tree.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == function.name and len(call.args) > number:
            yield call.args[number]


def _method(call: ast.expr) -> tuple[ast.expr, str, list[ast.expr]] | None:
    """Return what a call of an in-place method works on, the method, and its arguments."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="list" | "dict" | "set" | "random"), attr=name), args=args):
            return (args[0], name, args[1:]) if args and name in _IN_PLACE else None
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args) if name in _IN_PLACE:
            return owner, name, args
    return None


@repair("TypeError", "AttributeError")
def in_place_result(report: Report, context: Context) -> Iterator[Candidate]:
    """Take the changed sequence where the result of a method that changes it in place was taken.

    Why: `sort`, `append` and the like change their object and give `None`.
    Example: `ys = xs.sort()` → `ys = sorted(xs)`
    Safety: safe.
    """
    site = Site.of(report, context)
    for call in dict.fromkeys(_nones(site)) if site is not None else ():
        if site is None or not isinstance(call, ast.Call):
            continue
        keyword = next((k for k in call.keywords if k.arg == "inplace"), None)
        if keyword is not None and site.literal(keyword.value) is True:
            reason = "with `inplace=True` the method gives `None`"
            yield site.fix(without_argument(site.tree, call, keyword), reason=reason, prior=0.85)
        found = _method(call)
        if found is None:
            continue
        owner, name, arguments = found
        reason = f"`{name}` works in place and gives `None`"
        parent = site.tree.parents.get(call)
        bound = [site.text(t) for t in parent.targets] if isinstance(parent, ast.Assign) else []
        rebinding = parent if bound == [site.text(owner)] else None
        if rebinding is not None:
            edit = Edit.delete(site.tree.span(rebinding).start, site.tree.span(call).start)
            yield site.fix(edit, reason=reason, prior=0.85)
        elif text := _value_of(site, call, owner, name, arguments):
            yield site.fix(site.replace(call, text), reason=reason, prior=0.8)
        statement = site.tree.statement(call)
        if rebinding is None and statement is not None and not isinstance(statement, ast.While):
            edits = [site.insert_before(statement, site.text(call)), site.replace(call, site.text(owner))]
            yield site.fix(*edits, reason=reason, prior=0.6)


def _value_of(site: Site, call: ast.Call, owner: ast.expr, name: str, arguments: list[ast.expr]) -> str:
    """Return the expression that gives what an in-place method leaves behind; empty when there is none."""
    rows = site.text(owner)
    given = ", ".join(site.text(a) for a in (*arguments, *call.keywords))
    match name:
        case "sort":
            return f"sorted({rows}{', ' if given else ''}{given})"
        case "reverse":
            return f"{site.atom(owner)}[::-1]"
        case "append" if given:
            return f"{site.atom(owner)} + [{given}]"
        case "extend" if given:
            return f"{site.atom(owner)} + {site.atom(arguments[0])}"
        case "add" if given:
            return f"{site.atom(owner)} | {{{given}}}"
    return ""


@repair("TypeError", "AttributeError")
def missing_return(report: Report, context: Context) -> Iterator[Candidate]:
    """Return what a function computes, where it returns nothing.

    Why: the last line computes or prints the result, and `return` is forgotten.
    Example: `def double(x): y = 2 * x` → `def double(x): y = 2 * x; return y`
    Safety: safe; a function that returned nothing returns its result.
    """
    site = Site.of(report, context)
    for call in dict.fromkeys(_nones(site)) if site is not None else ():
        if site is None or not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
        for function in site.tree.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            if isinstance(function, Function) and function.name == name:
                yield from _returning(site, function)


def _returning(site: Site, function: Function) -> Iterator[Candidate]:
    returns = [n for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    reason = f"`{function.name}` returns nothing"
    for block in _ends(function.body):
        last = block[-1]
        if isinstance(last, ast.Expr) and isinstance(last.value, ast.BinOp | ast.Call | ast.BoolOp | ast.Compare):
            printed = isinstance(last.value, ast.Call) and site.text(last.value.func) == "print"
            changed = _method(last.value)
            if not printed and changed is None:
                edit = Edit.insert(site.tree.span(last).start, "return ")
                yield site.fix(edit, reason=reason, prior=0.8)
                continue
    if returns:
        return
    last = function.body[-1]
    result = _result(site, function.body)
    if result:
        edit = Edit.insert(site.tree.span(last).end, f"\n{site.indent(function.body[-1])}return {result}")
        if function.body[0].lineno == function.lineno:
            edit = Edit.insert(site.tree.span(last).end, f"; return {result}")
        yield site.fix(edit, reason=f"{reason}: `return {result}`", prior=0.75)


def _ends(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Yield the blocks that a function may end with: its body, or the branches of its last `if`."""
    last = body[-1]
    if isinstance(last, ast.If):
        yield from _ends(last.body)
        if last.orelse:
            yield from _ends(last.orelse)
    else:
        yield body


def _result(site: Site, body: list[ast.stmt]) -> str:
    """Return the expression that the statements evidently compute."""
    for statement in reversed(body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
                return name
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[value])):
                return site.text(value)
            case ast.Expr(value=ast.Call() as call) if (found := _method(call)) is not None:
                return site.text(found[0])
            case ast.For() | ast.While() | ast.With() | ast.If():
                inner = _collected(statement)
                if inner:
                    return inner
    return ""


def _collected(statement: ast.stmt) -> str:
    """Return the name that a compound statement adds to."""
    for node in ast.walk(statement):
        match node:
            case ast.AugAssign(target=ast.Name(id=name)):
                return name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in {"append", "add"}:
                return name
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
                return name
    return ""
