"""Calls of functions that nothing defines: what is left without them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Applicability, Candidate, Context, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.attribute_site import AttributeSite
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.reading.usage import error_name, name_at
from bestfix.generate.python.writing.edits import removal

__all__ = ["unknown_function", "unknown_method"]


@repair("NameError")
def unknown_function(report: Report, context: Context) -> Iterator[Candidate]:
    """Leave out the call of a function that nothing defines and nothing is like.

    Why: a helper was never written, or was left behind when code was copied.
    Example: `n = len(clean(items))` → `n = len(items)`
    Safety: unsafe: what the function should have done is not done. The last resort.
    """
    site = Site.of(report, context)
    if site is None or (node := name_at(site.tree, report.innermost[1], error_name(report))) is None:
        return
    parent = site.tree.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        yield from _without(site, parent, node.id)


@repair("AttributeError")
def unknown_method(report: Report, context: Context) -> Iterator[Candidate]:
    """Leave out the call of a method that the object does not have and nothing is like.

    Why: a helper was never written, or was left behind when code was copied.
    Example: `rows.append(self.clean(row))` → `rows.append(row)`
    Safety: unsafe: what the method should have done is not done. The last resort.
    """
    site, found = Site.of(report, context), AttributeSite.of(report, context)
    if site is None or found is None or found.call is None or not isinstance(found.node.value, ast.Name):
        return
    if found.node.value.id in {"self", "cls"}:
        yield from _without(site, found.call, found.name)


def _without(site: Site, call: ast.Call, name: str) -> Iterator[Candidate]:
    """Yield the statement without the call, or the call's only argument in its place."""
    statement = site.tree.parents.get(call)
    reason = f"nothing defines `{name}`"
    if isinstance(statement, ast.Expr):
        yield Candidate.edit(
            site.source, *removal(statement, site.tree), reason=reason, prior=0.012, applicability=Applicability.UNSAFE
        )
    elif len(call.args) == 1 and not call.keywords:
        yield site.fix(site.replace(call, site.text(call.args[0])), reason=reason, prior=0.01, safe=False)
