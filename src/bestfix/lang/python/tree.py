"""A syntax tree whose nodes know their characters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TypeVar

from bestfix.core import Span
from bestfix.lang.python.cell import masked
from bestfix.lang.python.quiet import quietly
from bestfix.lang.text import Lines

__all__ = ["Tree", "parsed"]

Node = TypeVar("Node", bound=ast.AST)


class Tree:
    """The syntax tree of a cell or module, IPython's syntax masked.

    Attributes:
        text: the text as the user wrote it.
        root: the tree.
        lines: the positions of the text.
    """

    def __init__(self, text: str, root: ast.Module) -> None:
        self.text = text
        self.root = root
        self.lines = Lines(text)

    def span(self, node: ast.AST) -> Span:
        """Return the characters of a node that has a position."""
        start = self.lines.offset_of_byte(node.lineno, node.col_offset)  # type: ignore[attr-defined]  # nodes of statements and expressions have it
        end = self.lines.offset_of_byte(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]  # nodes of statements and expressions have it
        return Span(start, end)

    def source(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.span(node).of(self.text)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of every node but the root."""
        return {child: node for node in self._all for child in ast.iter_child_nodes(node)}

    @cached_property
    def _all(self) -> list[ast.AST]:
        return list(ast.walk(self.root))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the parent of a node, its parent, and so on to the root."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def nodes(self, *kinds: type[Node]) -> Iterator[Node]:
        """Yield the nodes of the given classes, outer ones first."""
        for node in self._all:
            if isinstance(node, kinds):
                yield node

    def at(self, span: Span, *kinds: type[Node]) -> Node | None:
        """Return the smallest node of the given classes that covers `span`."""
        best: tuple[int, Node] | None = None
        first, last = self.lines.lineno(span.start), self.lines.lineno(span.end)
        for node in self.nodes(*kinds):
            if getattr(node, "lineno", first + 1) > first or node.end_lineno < last:  # type: ignore[attr-defined]  # nodes of statements and expressions have it
                continue
            here = self.span(node)
            if here.start <= span.start and span.end <= here.end and (best is None or here.end - here.start <= best[0]):
                best = (here.end - here.start, node)
        return best[1] if best else None

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the statement that a node belongs to, itself if it is one."""
        if isinstance(node, ast.stmt):
            return node
        return next((a for a in self.ancestors(node) if isinstance(a, ast.stmt)), None)

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the innermost function that encloses a node."""
        return next((a for a in self.ancestors(node) if isinstance(a, ast.FunctionDef | ast.AsyncFunctionDef)), None)


@lru_cache(maxsize=64)
def parsed(text: str) -> Tree | None:
    """Return the tree of `text`, or `None` when it does not parse. Cached: the repairs of one failure share it.

    Prompts and a common indent count for nothing, since IPython runs such cells.
    """
    plain = masked(text, pasted=True)
    try:
        return Tree(text, quietly(lambda name: ast.parse(plain, name)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
