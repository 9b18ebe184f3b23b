"""What edits change in a program: the statements that they touch, the names that come and go."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bestfix.core import Edit
from bestfix.lang.python.cell import masked
from bestfix.lang.python.tokens import tokenized
from bestfix.lang.python.tree import Tree
from bestfix.lang.text import Lines

__all__ = ["Change", "changed_lines"]


@dataclass(frozen=True, slots=True)
class Change:
    """Whole lines of a source before and after edits.

    Attributes:
        start: the offset of the first line, in both versions.
        before: the lines as they were.
        after: the lines as they are now.
    """

    start: int
    before: str
    after: str

    @property
    def added(self) -> frozenset[str]:
        """The names that stand in the new lines and not in the old ones."""
        return _names(self.after) - _names(self.before)

    @property
    def removed(self) -> frozenset[str]:
        """The names that stand in the old lines and not in the new ones."""
        return _names(self.before) - _names(self.after)


def changed_lines(before: str, after: str, edits: Sequence[Edit], tree: Tree | None = None) -> Change:
    """Return the lines that `edits` touch; with the tree of `before`, those of whole top-level statements.

    Such lines compile exactly when the whole text does, unless IPython's syntax is in them.
    """
    lines = tree.lines if tree else Lines(before)
    first, last = lines.lineno(edits[0].start), lines.lineno(edits[-1].end)
    for node in tree.root.body if tree else ():
        start, end = _line_range(node)
        if start <= last and first <= end:
            first, last = min(first, start), max(last, end)
    start = lines.start(first)
    end = lines.start(last + 1) if last < len(lines) else len(before)
    return Change(start, before[start:end], after[start : end + len(after) - len(before)])


def _line_range(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", ())
    return min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno


@lru_cache(maxsize=16)
def _names(text: str) -> frozenset[str]:
    """Return the names in a text that are no attributes."""
    names, after_dot = set(), False
    for token in tokenized(masked(text)):
        if token.kind == "name" and not after_dot:
            names.add(token.text)
        after_dot = token.text == "."
    return frozenset(names)
