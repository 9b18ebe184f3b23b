"""The attribute that failed, and what it was asked of."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report, Source, Value
from bestfix.generate.python.reading.infer import value_of
from bestfix.lang.python import Tree, parsed

__all__ = ["AttributeSite"]


@dataclass(frozen=True, slots=True)
class AttributeSite:
    """A failed attribute look-up.

    Attributes:
        source: the text that it stands in.
        tree: the text's tree.
        node: the look-up, `owner.name`.
        owner: the object, as far as it is known.
        context: what the failing program could see.
    """

    source: Source
    tree: Tree
    node: ast.Attribute
    owner: Value | None
    context: Context

    @classmethod
    def of(cls, report: Report, context: Context) -> AttributeSite | None:
        """Return the site of a failed look-up that stands in the user's own text, or `None`."""
        source, span, lineno = report.innermost
        name = report.error.details.get("name") or _named(report.error.message)
        tree = parsed(source.text)
        if tree is None or not name:
            return None
        nodes = [n for n in tree.nodes(ast.Attribute) if n.attr == name]
        if span is not None:
            nodes = [n for n in nodes if span.start <= tree.span(n).end and tree.span(n).start <= span.end]
        elif lineno is not None:
            nodes = [n for n in nodes if n.lineno <= lineno <= (n.end_lineno or n.lineno)]
        if not nodes:
            return None
        exact = next((n for n in nodes if span is not None and tree.span(n) == span), nodes[0])
        owner = context.subject() or value_of(exact.value, tree, context)
        return cls(source, tree, exact, owner, context)

    @property
    def name(self) -> str:
        """The attribute's name."""
        return self.node.attr

    @property
    def call(self) -> ast.Call | None:
        """The call of the attribute, when it is called."""
        parent = self.tree.parents.get(self.node)
        return parent if isinstance(parent, ast.Call) and parent.func is self.node else None

    @property
    def place(self) -> tuple[int, int]:
        """The characters of the attribute's name."""
        end = self.tree.span(self.node).end
        return end - len(self.name), end

    def text(self, node: ast.AST) -> str:
        """Return the user's text of a node."""
        return self.tree.source(node)

    def same(self) -> list[ast.Attribute]:
        """Return every place that asks the same expression for the same attribute."""
        owner = self.text(self.node.value)
        return [n for n in self.tree.nodes(ast.Attribute) if n.attr == self.name and self.text(n.value) == owner]

    def renamed(self, new: str, *, prior: float, reason: str) -> Candidate:
        """Return the candidate that asks for another attribute, everywhere where the same is asked for."""
        edits = []
        for node in self.same():
            end = self.tree.span(node).end
            edits.append(Edit(end - len(self.name), end, new))
        return Candidate.edit(self.source, *edits, reason=reason, prior=prior)

    def replaced(self, node: ast.AST, text: str, *, prior: float, reason: str) -> Candidate:
        """Return the candidate that writes `text` for a node."""
        span = self.tree.span(node)
        return Candidate.edit(self.source, Edit(span.start, span.end, text), reason=reason, prior=prior)


def _named(message: str) -> str:
    match = re.search(r"has no attribute '(\w+)'", message)
    return match[1] if match else ""
