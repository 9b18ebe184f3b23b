"""Which names a text uses and binds, by Python's own scoping rules."""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator

from bestfix.lang.python.cell import masked

__all__ = ["bound_names", "global_names", "unresolved"]

_IMPLICIT = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__doc__", "__builtins__", "__annotations__", "__class__", "_", "__", "___", "In", "Out",
    "get_ipython", "display", "exit", "quit", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "__session__",
}  # fmt: skip


def _table(text: str) -> symtable.SymbolTable | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return symtable.symtable(masked(text), "<cell>", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def bound_names(text: str) -> frozenset[str]:
    """Return the names that running `text` may bind at the top level, in whatever branch; none if it does not parse."""
    if (table := _table(text)) is None:
        return frozenset()
    names = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    for scope in _scopes(table):
        names |= {s.get_name() for s in scope.get_symbols() if s.is_declared_global() and s.is_assigned()}
    return frozenset(names)


def global_names(text: str) -> frozenset[str]:
    """Return the names that `text` looks up as globals, anywhere in it; none if it does not parse."""
    if (table := _table(text)) is None:
        return frozenset()
    used: set[str] = set()
    for scope in _scopes(table):
        top = scope.get_type() == "module"
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return frozenset(used)


def unresolved(text: str) -> frozenset[str]:
    """Return the global names that `text` uses and neither it nor Python itself defines."""
    names = global_names(text) - _IMPLICIT
    return names - bound_names(text) if names else names
