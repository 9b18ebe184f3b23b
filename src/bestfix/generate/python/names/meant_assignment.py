"""Statements that compare where they were meant to assign."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.name_site import NameSite

__all__ = ["meant_assignment"]


@repair("NameError")
def meant_assignment(report: Report, context: Context) -> Iterator[Candidate]:
    """Assign with one sign of equality.

    Why: a comparison is written with two, an assignment with one.
    Example: `total == 3` as a statement → `total = 3`
    Safety: safe; nothing has that name, and the comparison would be used for nothing.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for node in site.nodes:
        comparison = site.tree.parents.get(node)
        match comparison:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if left is node:
                pass
            case _:
                continue
        if isinstance(site.tree.parents.get(comparison), ast.Expr):
            start, end = site.tree.span(left).end, site.tree.span(right).start
            at = start + site.source.text[start:end].index("==")
            reason = f"`==` compares; `=` gives `{site.name}` its value"
            yield Candidate.edit(site.source, Edit(at, at + 2, "="), reason=reason, prior=0.93)
            return
