"""The name that nothing defines, and every place that reads it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.core import Context, Report, Source
from bestfix.generate.python.reading import usage
from bestfix.lang.python import Tree, parsed

__all__ = ["NameSite"]


@dataclass(frozen=True, slots=True)
class NameSite:
    """A name that failed.

    Attributes:
        source: the text that it stands in.
        tree: the tree of that text.
        name: the name.
        nodes: the places that read it and find nothing.
        certainty: the factor, up to 1, by which it is likely that the name itself is the mistake.
    """

    source: Source
    tree: Tree
    name: str
    nodes: Sequence[ast.Name]
    certainty: float

    @classmethod
    def of(cls, report: Report, context: Context) -> NameSite | None:
        """Return the site of a `NameError`, or `None` when the text does not parse or lacks the name."""
        source, span, _ = report.innermost
        name = usage.error_name(report)
        if (tree := parsed(source.text)) is None or (node := usage.name_at(tree, span, name)) is None:
            return None
        return cls(source, tree, name, usage.occurrences(tree, node), usage.certainty(name, tree, context))
