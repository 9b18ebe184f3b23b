"""Calls of what is no function, and functions that are not called."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Kind, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.similar import near

__all__ = ["brackets_for_call", "call_of_value", "call_with_brackets", "missing_call", "shadowed_builtin"]

_FUNCTIONS = r"(function|method|builtin_function_or_method|method_descriptor|type|method-wrapper)"
_NOT_CALLED = (
    rf"object of type '{_FUNCTIONS}' has no len|'{_FUNCTIONS}' object is not (iterable|reversible|subscriptable)"
    rf"|argument of type '{_FUNCTIONS}' is not|unsupported operand|cannot unpack non-iterable {_FUNCTIONS}"
    rf"|'[<>]=?' not supported|can only concatenate|'{_FUNCTIONS}' object (does not|doesn't) support item"
    rf"|'{_FUNCTIONS}' object cannot be interpreted|bad operand type|must be real number"
    rf"|int\(\) argument must be .* not '{_FUNCTIONS}'"
)
_BOX = frozenset({"list", "tuple", "dict", "str", "bytes", "range", "collections.defaultdict", "collections.Counter"})
_ARRAYS = frozenset({"numpy.ndarray", "pandas.Series", "pandas.DataFrame", "polars.DataFrame", "polars.Series"})


def _uncallable(site: Site | None) -> ast.Call | None:
    """Return the call that failed because what it calls is no function."""
    if site is None or not site.says("' object is not callable") or not isinstance(site.node, ast.Call):
        return None
    return site.node


@repair("TypeError")
def shadowed_builtin(report: Report, context: Context) -> Iterator[Candidate]:
    """Rename a variable that hides a built-in function, or delete it where another cell made it.

    Why: `list`, `str`, `sum`, `max`, `input` and `id` are tempting names.
    Example: `list = [1]; list("ab")` → `list_ = [1]; list("ab")`
    Safety: safe within a cell.
    """
    site = Site.of(report, context)
    call = _uncallable(site)
    if site is None or call is None or not isinstance(call.func, ast.Name) or not hasattr(builtins, call.func.id):
        return
    name = call.func.id
    reason = f"the variable `{name}` hides the built-in function"
    called = {n.func for n in site.tree.nodes(ast.Call)}
    names = [n for n in ast.walk(site.scope) if isinstance(n, ast.Name) and n.id == name]
    if any(isinstance(n.ctx, ast.Store) for n in names):
        edits = [site.replace(n, f"{name}_") for n in names if n not in called]
        yield site.fix(*edits, reason=reason, prior=0.85)
    elif name not in context.local_names():
        yield site.fix(site.insert_before(site.statement, f"del {name}"), reason=reason, prior=0.7)


@repair("TypeError")
def call_of_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Take a value as it is instead of calling it: leave out the call, or put the operator that is missing.

    Why: an attribute is taken for a method, a comma or `*` is left out, a module is taken for its class.
    Example: `array.shape()` → `array.shape`
    Safety: safe.
    """
    site = Site.of(report, context)
    call = _uncallable(site)
    if site is None or call is None:
        return
    function = call.func
    kind, found = site.kind(function), site.exact(function)
    end = site.tree.span(function).end
    arguments = Edit.delete(end, site.tree.span(call).end)
    if found is not None and found.kind is Kind.MODULE:
        yield from _inside_module(site, function, found)
    if not call.args and not call.keywords:
        prior = 0.85 if isinstance(function, ast.Attribute) else 0.7
        yield site.fix(arguments, reason=f"{short(site.text(function))} is no function", prior=prior)
    elif isinstance(function, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Constant | ast.JoinedStr):
        number = isinstance(function, ast.Constant) and isinstance(function.value, int | float)
        formats = kind == "str" and "%" in site.text(function)
        text, prior = ("*", 0.85) if number else (" % ", 0.8) if formats else (",", 0.75)
        yield site.fix(Edit.insert(end, text), reason="something is missing between the two", prior=prior)
    elif kind in {"int", "float"}:
        yield site.fix(Edit.insert(end, " * "), reason=f"{short(site.text(function))} is a number", prior=0.7)


def _inside_module(site: Site, function: ast.expr, module: Value) -> Iterator[Candidate]:
    """Yield the function or class of a module that is called like the module."""
    name = module.type_name.rpartition(".")[2]
    for other in module.attributes():
        found = module.attribute(other) if other.lower() == name.lower() else None
        if found is not None and found.kind in {Kind.FUNCTION, Kind.CLASS, Kind.METHOD}:
            edit = Edit.insert(site.tree.span(function).end, f".{other}")
            reason = f"`{name}` is the module; `{other}` in it is the {found.kind}"
            yield site.fix(edit, reason=reason, prior=0.85)


@repair("TypeError")
def brackets_for_call(report: Report, context: Context) -> Iterator[Candidate]:
    """Use square brackets to take an item out of a sequence, table or dictionary.

    Why: other languages use round ones; some attributes (`loc`) look like methods.
    Example: `names(0)` → `names[0]`
    Safety: safe.
    """
    site = Site.of(report, context)
    call = _uncallable(site)
    if site is None or call is None or not call.args or call.keywords:
        return
    kind = site.kind(call.func)
    indexer = isinstance(call.func, ast.Attribute) and call.func.attr in {"loc", "iloc", "at", "iat"}
    first = site.value(call.args[0])
    if first is not None and first.kind in {Kind.FUNCTION, Kind.CLASS} and len(call.args) == 1:
        edit = site.replace(call, f"{site.text(call.args[0])}({site.text(call.func)})")
        reason = f"{short(site.text(call.func))} is no function, {short(site.text(call.args[0]))} is"
        yield site.fix(edit, reason=reason, prior=0.8)
    elif indexer or kind in _BOX | _ARRAYS:
        span, end = site.tree.span(call), site.tree.span(call.func).end
        opened = site.source.text.index("(", end)
        edits = [Edit(opened, opened + 1, "["), Edit(span.end - 1, span.end, "]")]
        display = isinstance(call.func, ast.List | ast.Tuple | ast.Constant) or hasattr(builtins, site.text(call.func))
        reason = f"{short(site.text(call.func))} is no function: square brackets take an item"
        yield site.fix(*edits, reason=reason, prior=0.3 if display else 0.8)


@repair("TypeError")
def call_with_brackets(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a function with round brackets, wherever the same slip is made in the scope.

    Why: the brackets are next to each other on the keyboard.
    Example: `xs.append[1]` → `xs.append(1)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("not subscriptable", "not a generic class"):
        return
    if not site.search(
        rf"'{_FUNCTIONS}' object is not subscriptable|type '.*' is not subscriptable|.* is not a generic class"
    ):
        return
    if not isinstance(site.node, ast.Subscript):
        return
    owner = site.value(site.node.value)
    name = site.text(site.node.value)
    if site.says("not a generic class") or (owner is not None and owner.kind is Kind.CLASS):
        for node in _subscripted_classes(site):
            yield from _instance_of_class(site, node)
    if site.says("not a generic class"):
        return
    same = [n for n in ast.walk(site.scope) if isinstance(n, ast.Subscript) and _is_function(site.value(n.value))]
    if site.node not in same:
        same = [site.node]
    edits = [edit for node in same for edit in _round(site, node)]
    reason = f"{short(name)} is a function: round brackets call it"
    yield site.fix(*edits, reason=reason, prior=0.85 if owner is None or owner.kind is not Kind.CLASS else 0.5)


def _is_function(value: Value | None) -> bool:
    return value is not None and value.kind in {Kind.FUNCTION, Kind.METHOD}


def _round(site: Site, node: ast.Subscript) -> list[Edit]:
    span, end = site.tree.span(node), site.tree.span(node.value).end
    opened = site.source.text.index("[", end)
    return [Edit(opened, opened + 1, "("), Edit(span.end - 1, span.end, ")")]


def _subscripted_classes(site: Site) -> Iterator[ast.expr]:
    """Yield the classes that a subscript follows, in the failing expression or where its names were assigned."""
    values = [a.value for n in site.inside(ast.Name) if isinstance(n, ast.Name) for a in site.assignments(n.id)]
    for node in (n for root in (site.node, *values) for n in ast.walk(root)):
        if isinstance(node, ast.Subscript) and (found := site.value(node.value)) and found.kind is Kind.CLASS:
            yield node.value


def _instance_of_class(site: Site, node: ast.expr) -> Iterator[Candidate]:
    """Yield the variable of the class, for the class itself: `list[0]` → `lst[0]`."""
    cls = site.value(node)
    if cls is None:
        return
    names = [
        n for n in site.names()
        if (v := site.context.value(n)) is not None and v.kind is Kind.INSTANCE and v.type_name == cls.type_name
        and not n.startswith("_")
    ]  # fmt: skip
    matches = near(site.text(node), names, least=0.6)
    for match in matches[:2]:
        reason = f"`{site.text(node)}` is the class; `{match.name}` is one"
        yield site.fix(site.replace(node, match.name), reason=reason, prior=0.85 * match.score)
    if len(names) == 1 and not matches:
        yield site.fix(site.replace(node, names[0]), reason=f"`{names[0]}` is meant", prior=0.6, safe=False)


@repair("TypeError")
def missing_call(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a function whose result is used, or use the variable that is named like it.

    Why: the brackets of a call without arguments are forgotten.
    Example: `for k, v in d.items: …` → `for k, v in d.items(): …`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.search(_NOT_CALLED, "function", "method", "type", "support"):
        return
    called = {n.func for n in site.tree.nodes(ast.Call)}
    for node in _operands(site):
        found = site.value(node) if node not in called else None
        if found is None or found.kind not in {Kind.FUNCTION, Kind.METHOD}:
            continue
        name = site.text(node)
        if _takes_nothing(found):
            values = [a.value for a in site.assignments(node.id)] if isinstance(node, ast.Name) else []
            if len(values) == 1 and isinstance(values[0], ast.Attribute):
                edit = Edit.insert(site.tree.span(values[0]).end, "()")
                yield site.fix(edit, reason=f"{short(site.text(values[0]))} is not called", prior=0.88)
            at = site.tree.span(node).end
            yield site.fix(
                Edit.insert(at, "()"),
                reason=f"{short(name)} is not called",
                prior=0.88 if _has_items(site, node) else 0.3,
            )
        if isinstance(node, ast.Name):
            yield from _variable_like(site, node)


def _has_items(site: Site, function: ast.expr) -> bool:
    """Whether what a function gives has items, where an item is what was asked for."""
    if not site.says("not subscriptable"):
        return True
    call = ast.copy_location(ast.Call(func=function, args=[], keywords=[]), function)
    return site.kind(call) in {"list", "str", "dict", "tuple", "bytes", "numpy.ndarray"}


def _operands(site: Site) -> Iterator[ast.expr]:
    """Yield the names and attributes in the failing expression; of an unpacking, in its value."""
    for root in (site.node, getattr(site.tree.parents.get(site.node), "value", None)):
        for node in ast.walk(root) if isinstance(root, ast.AST) else ():
            if isinstance(node, ast.Name | ast.Attribute):
                yield node


def _takes_nothing(function: Value) -> bool:
    signature = function.signature()
    if signature is None:
        return function.kind is Kind.METHOD
    parameters = signature.parameters.values()
    return all(
        p.default is not inspect.Parameter.empty or p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD} for p in parameters
    )


def _variable_like(site: Site, node: ast.Name) -> Iterator[Candidate]:
    """Yield variables whose names begin like the function's: `len // 2` → `length // 2`."""
    longer = [n for n in site.names() if n.startswith(node.id) and n != node.id]
    names = [n for n in longer if (value := site.context.value(n)) is not None and value.kind is Kind.INSTANCE]
    same = [n for n in ast.walk(site.scope) if isinstance(n, ast.Name) and n.id == node.id and _is_operand(site, n)]
    for name in names[:3]:
        edits = [site.replace(n, name) for n in same]
        yield site.fix(*edits, reason=f"`{node.id}` is a function; `{name}` is a variable", prior=0.75)


def _is_operand(site: Site, node: ast.Name) -> bool:
    return isinstance(site.tree.parents.get(node), ast.BinOp | ast.Compare | ast.AugAssign)
