"""Whether a fix removes an error or only keeps it from being seen."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from bestfix.core import Patch, Report, Span
from bestfix.lang.python import Tree, parsed

__all__ = ["hides"]

_QUIET_CALLS = frozenset({"print", "warn", "warning", "debug", "info", "error", "exception", "log"})


def hides(report: Report, patch: Patch, text: str) -> bool:
    """Whether a patch, which gives `text`, only hides the failure.

    It does so with a handler that does nothing about the error, and by taking out the statement that failed.
    """
    source = report.source(patch.source)
    before = parsed(source.text) if source is not None else None
    after = parsed(text)
    if before is None or after is None:
        return False
    return _swallowing(after) > _swallowing(before) or _drops_failing(report, patch, before, after)


def _swallowing(tree: Tree) -> int:
    """Return how many places let an error pass unseen."""
    handlers = sum(all(_does_nothing(s) for s in h.body) for h in tree.nodes(ast.ExceptHandler))
    return handlers + sum(_name(call.func) == "suppress" for call in tree.nodes(ast.Call))


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and _name(value.func) in _QUIET_CALLS)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _drops_failing(report: Report, patch: Patch, before: Tree, after: Tree) -> bool:
    """Whether the statement that failed is gone, and what it called with it."""
    source, span, lineno = report.innermost
    if source.name != patch.source or lineno is None:
        return False
    place = span or Span(before.lines.start(lineno), before.lines.end(lineno))
    failing = before.at(place, ast.stmt)
    if failing is None:
        return False
    here = before.span(failing)
    if not any(e.start <= here.end and here.start <= e.end for e in patch.edits):
        return False
    old, new, own = Counter(_words(before.root)), Counter(_words(after.root)), Counter(_words(failing))
    return bool(own) and not new - old and own <= old - new


def _words(root: ast.AST) -> Iterator[str]:
    """Yield the names, attributes and constants of a piece of program."""
    for node in ast.walk(root):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and node.value is not ...:
            yield repr(node.value)
