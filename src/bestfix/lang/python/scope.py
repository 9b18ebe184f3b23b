"""Which names a text uses and binds, by Python's own scoping rules."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from functools import lru_cache

from bestfix.lang.python.cell import masked
from bestfix.lang.python.quiet import quietly
from bestfix.lang.python.tree import parsed

__all__ = ["bound_names", "global_names", "is_implicit", "unresolved"]

_IMPLICIT = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__doc__", "__builtins__", "__annotations__", "__class__", "_", "__", "___", "In", "Out",
    "get_ipython", "display", "exit", "quit", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "__session__",
}  # fmt: skip


def _table(text: str) -> symtable.SymbolTable | None:
    plain = masked(text, pasted=True)
    try:
        return quietly(lambda name: symtable.symtable(plain, name, "exec"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


@lru_cache(maxsize=1024)
def bound_names(text: str) -> frozenset[str]:
    """Return the names that running `text` may bind at the top level, in whatever branch; none if it does not parse.

    A name that is only ever augmented (`x += 1`) must have been bound before, so it does not count.
    """
    if (table := _table(text)) is None:
        return frozenset()
    names = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    for scope in _scopes(table):
        if scope is not table:
            names |= {s.get_name() for s in scope.get_symbols() if s.is_global() and s.is_assigned()}
    return frozenset(names | _walrus(text)) - _only_augmented(text)


@lru_cache(maxsize=1024)
def global_names(text: str) -> frozenset[str]:
    """Return the names that `text` looks up as globals, anywhere in it; none if it does not parse."""
    if (table := _table(text)) is None:
        return frozenset()
    used: set[str] = set()
    for scope in _scopes(table):
        top = scope is table
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return frozenset(used) | _only_augmented(text)


def is_implicit(name: str) -> bool:
    """Whether Python or IPython defines the name everywhere."""
    return name in _IMPLICIT


def unresolved(text: str) -> frozenset[str]:
    """Return the global names that `text` uses and neither it nor Python itself defines.

    After a star import nothing is known to be undefined.
    """
    names = global_names(text) - _IMPLICIT
    names = names - bound_names(text) if names else names
    return names if names and not _imports_star(text) else frozenset()


def _imports_star(text: str) -> bool:
    if "*" not in text or "import" not in text or (tree := parsed(text)) is None:
        return False
    return any(alias.name == "*" for node in tree.nodes(ast.ImportFrom) for alias in node.names)


def _only_augmented(text: str) -> frozenset[str]:
    """Return the names that the top level augments and nothing in the text binds."""
    if "=" not in text or (tree := parsed(text)) is None:
        return frozenset()
    targets = [node.target for node in _top_level(tree.root) if isinstance(node, ast.AugAssign)]
    augmented = {target: target.id for target in targets if isinstance(target, ast.Name)}
    if not augmented:
        return frozenset()
    bound = {n.id for n in tree.nodes(ast.Name) if not isinstance(n.ctx, ast.Load) and n not in augmented}
    for node in ast.walk(tree.root):
        name = getattr(node, "asname", None) or getattr(node, "name", None)
        bound |= {name.partition(".")[0]} if isinstance(name, str) else set()
    return frozenset(augmented.values()) - bound


def _walrus(text: str) -> set[str]:
    """Return the names that `:=` binds outside functions; symbol tables lack those of inlined comprehensions."""
    if ":=" not in text or (tree := parsed(text)) is None:
        return set()
    return {node.target.id for node in tree.nodes(ast.NamedExpr) if tree.function(node) is None}


def _top_level(root: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements outside functions and classes."""
    waiting = [root]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if not isinstance(child, ast.expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield child
                waiting.append(child)
