"""How a name is used in a text, and whether a value could be used so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Context, Kind, Report, Span, Value
from bestfix.generate.python.reading.infer import value_of
from bestfix.lang.python import Tree
from bestfix.lang.python.scope import bound_names, unresolved

__all__ = [
    "Function", "binders", "bound_in", "certainty", "defined_elsewhere", "error_name", "fits", "function_names",
    "name_at", "occurrences", "parameters",
]  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = Function | ast.ClassDef | ast.Module

_ITERABLE = ("__iter__", "__getitem__")
_SIZED_CALLS = frozenset({"len"})
_ITERATING_CALLS = frozenset({"sum", "min", "max", "sorted", "list", "set", "tuple", "enumerate", "zip", "reversed"})
_NUMERIC = frozenset({"int", "float", "bool", "complex", "numpy.ndarray", "pandas.Series", "pandas.DataFrame"})


def name_at(tree: Tree, span: Span | None, name: str) -> ast.Name | None:
    """Return the node of the name that `span` covers or lies in."""
    nodes = [n for n in tree.nodes(ast.Name) if n.id == name]
    if span is None:
        return nodes[0] if nodes else None
    inside = [n for n in nodes if span.start <= tree.span(n).start and tree.span(n).end <= span.end]
    return inside[0] if inside else None


def bound_in(scope: Scope) -> set[str]:
    """Return the names that a scope binds itself, a function's parameters included."""
    names: set[str] = set()
    for node in _own(scope):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.alias(name=name, asname=asname):
                names.add(asname or name.partition(".")[0])
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                names -= set(declared)
    return names


def _own(scope: Scope) -> Iterator[ast.AST]:
    """Yield the nodes of a scope; of a function or class inside it only the node itself."""
    todo: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo[:0] = ast.iter_child_nodes(node)


def binders(tree: Tree, node: ast.AST) -> list[Function]:
    """Return the functions around a node, the innermost first."""
    return [a for a in tree.ancestors(node) if isinstance(a, Function)]


def function_names(tree: Tree, node: ast.AST) -> set[str]:
    """Return the names that the functions around a node bind."""
    names: set[str] = set()
    for function in binders(tree, node):
        names |= bound_in(function)
    return names


def occurrences(tree: Tree, node: ast.Name) -> list[ast.Name]:
    """Return every place that reads the undefined name that `node` reads: those where no function around binds it."""
    same = [n for n in tree.nodes(ast.Name) if n.id == node.id and isinstance(n.ctx, ast.Load)]
    if any(isinstance(n.ctx, ast.Store) and n.id == node.id for n in tree.nodes(ast.Name)):
        function = tree.function(node)
        same = [n for n in same if tree.function(n) is function]
    return same or [node]


def fits(value: Value, nodes: Sequence[ast.Name], tree: Tree, context: Context) -> float:
    """Return how well a value suits the uses of a name: 0 when some use must fail, 1 when all are sure to work.

    0.5 stands for uses that tell nothing.
    """
    marks = [mark for node in nodes if (mark := _fits_one(value, node, tree, context)) is not None]
    if not marks:
        return 0.5
    return 0.0 if not all(marks) else 1.0


def _fits_one(value: Value, node: ast.Name, tree: Tree, context: Context) -> bool | None:
    parent = tree.parents.get(node)
    is_data = value.kind is Kind.INSTANCE
    if _is_annotation(node, tree):
        return value.kind is Kind.CLASS or value.type_name.startswith("typing.")
    match parent:
        case ast.Attribute(attr="remove" | "pop" | "index" | "popleft") if value.length() == 0:
            return False
        case ast.Attribute(attr=attr):
            return value.has(attr)
        case ast.Call(func=function) if function is node:
            return value.kind is not Kind.MODULE and (not is_data or value.has("__call__"))
        case ast.Subscript(value=owner) if owner is node:
            is_read_empty = isinstance(parent.ctx, ast.Load) and value.length() == 0
            return is_data and value.has("__getitem__") and not is_read_empty
        case ast.For(iter=it) | ast.comprehension(iter=it) if it is node:
            return is_data and any(value.has(m) for m in _ITERABLE)
        case ast.Call(func=ast.Name(id=called), args=[first, *_]) if first is node:
            return _fits_call(value, called)
        case ast.BinOp() | ast.AugAssign() | ast.Compare():
            return None if is_data and _fits_operation(value, parent, node, tree, context) else False
        case ast.Starred() | ast.UnaryOp() | ast.Return() | ast.JoinedStr() | ast.FormattedValue():
            return None if is_data else False
    return None


def _fits_call(value: Value, called: str) -> bool | None:
    if called in _SIZED_CALLS:
        return value.kind is Kind.INSTANCE and value.has("__len__")
    if called in _ITERATING_CALLS:
        return value.kind is Kind.INSTANCE and any(value.has(m) for m in _ITERABLE)
    if called == "range":
        return value.type_name in {"int", "bool"}
    return None


def _fits_operation(value: Value, parent: ast.AST, node: ast.Name, tree: Tree, context: Context) -> bool:
    """Whether the value may stand in an operation, as far as the class of the other operand tells."""
    match parent:
        case ast.BinOp(left=left, right=right):
            other = right if left is node else left
        case ast.AugAssign(target=other):
            pass
        case ast.Compare(left=left, comparators=[right], ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()]):
            other = right if left is node else left
        case _:
            return True
    known = value_of(other, tree, context)
    if known is None or isinstance(getattr(parent, "op", None), ast.Mult | ast.Mod):
        return True
    names = {known.type_name, value.type_name}
    plain = names <= _NUMERIC | {"str", "list", "tuple", "dict", "set", "NoneType", "bytes"}
    return not plain or len(names) == 1 or names <= _NUMERIC


def _is_annotation(node: ast.AST, tree: Tree) -> bool:
    child = node
    for parent in tree.ancestors(node):
        match parent:
            case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation) if annotation is child:
                return True
            case ast.FunctionDef(returns=returns) if returns is child and returns is not None:
                return True
            case ast.stmt():
                return False
        child = parent
    return False


def parameters(function: Function | None) -> list[str]:
    """Return the names of a function's parameters."""
    if function is None:
        return []
    a = function.args
    return [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, *(x for x in (a.vararg, a.kwarg) if x))]


def error_name(report: Report) -> str:
    """Return the name that a `NameError` is about; some, and all from a text, carry it in their message alone."""
    match = re.search(r"(?:variable|name) '(\w+)'", report.error.message)
    return report.error.details.get("name") or (match[1] if match else "")


def defined_elsewhere(name: str, tree: Tree, context: Context) -> bool:
    """Whether the text itself, or another cell, gives the name a value somewhere."""
    texts = [tree.text, *(cell.text for cell in context.cells())]
    return any(name in text and name in bound_names(text) for text in texts)


def certainty(name: str, tree: Tree, context: Context) -> float:
    """Return how far a repair of one undefined name can be all that is wrong, 0 to 1.

    Less where the name is defined elsewhere, and where further names of the text are undefined too.
    """
    known = context.names()
    alone = all(other == name or other in known for other in unresolved(tree.text))
    return (0.5 if defined_elsewhere(name, tree, context) else 1.0) * (1.0 if alone else 0.5)
