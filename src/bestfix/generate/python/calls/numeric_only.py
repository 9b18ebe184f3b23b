"""Aggregations over tables that hold text as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short

__all__ = ["numeric_only"]


@repair("TypeError", "ValueError")
def numeric_only(report: Report, context: Context) -> Iterator[Candidate]:
    """Aggregate the columns of numbers alone.

    Why: pandas used to leave out columns of text without a word; since 2.0 it must be told to.
    Example: `df.mean()` → `df.mean(numeric_only=True)`
    Safety: safe; columns of text have no mean.
    """
    site = Site.of(report, context)
    if site is None or not site.says("with string dtype", "does not support operation", "could not convert string"):
        return
    for call in site.inside(ast.Call):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if any(k.arg == "numeric_only" for k in call.keywords) or not _takes(site, call.func):
            continue
        more = ", " if call.args or call.keywords else ""
        edit = Edit.insert(site.tree.span(call).end - 1, f"{more}numeric_only=True")
        reason = f"{short(site.text(call.func.value))} has columns that hold no numbers"
        yield site.fix(edit, reason=reason, prior=0.88)


def _takes(site: Site, function: ast.Attribute) -> bool:
    """Whether a method of a table, not of one column, has the parameter."""
    owner = site.value(function.value)
    found = site.value(function)
    signature = found.signature() if found is not None else None
    column = owner is not None and "Series" in owner.type_name
    grouped = owner is None and "groupby" in site.text(function.value) and not isinstance(function.value, ast.Attribute)
    return not column and (grouped or (signature is not None and "numeric_only" in signature.parameters))
