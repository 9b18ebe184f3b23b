"""Functions that are written without the object that they belong to, or with it in the wrong place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.infer import value_of
from bestfix.generate.python.reading.name_site import NameSite

__all__ = ["lost_dot", "method_as_function"]


@repair("NameError")
def lost_dot(report: Report, context: Context) -> Iterator[Candidate]:
    """Put back the dot between an object and its attribute.

    Why: a key is not pressed hard enough.
    Example: `npones(3)` → `np.ones(3)`
    Safety: safe; the object has the attribute.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for at in range(1, len(site.name)):
        owner, attribute = site.name[:at], site.name[at:].lstrip("_") if at == 1 else site.name[at:]
        value = context.value(owner)
        if value is None or not attribute.isidentifier() or not value.has(attribute):
            continue
        edits = [Edit.insert(site.tree.span(node).start + at, ".") for node in site.nodes]
        likely = 0.9 if value.kind is Kind.MODULE or len(attribute) > 3 else 0.5
        reason = f"a dot is missing: `{owner}.{attribute}`"
        yield Candidate.edit(site.source, *edits, reason=reason, prior=likely * site.certainty)


@repair("NameError")
def method_as_function(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a method on its object, where the object is written as the first argument.

    Why: in other languages methods are functions whose first argument is the object.
    Example: `append(items, 3)` → `items.append(3)`
    Safety: safe; the object has the method.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for node in site.nodes[:1]:
        call = site.tree.parents.get(node)
        if not isinstance(call, ast.Call) or call.func is not node or not call.args:
            continue
        first = call.args[0]
        value = value_of(first, site.tree, context)
        if isinstance(first, ast.Starred) or value is None or not value.has(site.name):
            continue
        end = site.tree.span(call.args[1] if len(call.args) > 1 else call.keywords[0] if call.keywords else first)
        text = f"{site.tree.source(first)}.{site.name}("
        stop = end.start if len(call.args) > 1 or call.keywords else end.end
        reason = f"`{site.name}` belongs to `{site.tree.source(first)}`"
        edit = Edit(site.tree.span(call).start, stop, text)
        yield Candidate.edit(site.source, edit, reason=reason, prior=0.94 * site.certainty)
