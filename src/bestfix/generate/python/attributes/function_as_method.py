"""Functions that are called as if they were methods."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.attribute_site import AttributeSite

__all__ = ["function_as_method"]

_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "filter", "float", "frozenset", "int", "iter", "len", "list",
    "map", "max", "min", "next", "print", "repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple",
    "type", "zip",
})  # fmt: skip
_FUNCTION_FIRST = frozenset({"filter", "map"})


@repair("AttributeError")
def function_as_method(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a function with the object, where it is written as a method of it.

    Why: other languages and libraries have methods for what is a function here.
    Example: `chunks(items, 2).list()` → `list(chunks(items, 2))`
    Safety: safe; the function is there and the method is not.
    """
    site = AttributeSite.of(report, context)
    call = site.call if site is not None else None
    if site is None or call is None or site.owner is None or site.owner.kind is not Kind.INSTANCE:
        return
    function = context.value(site.name)
    own = function is not None and function.kind in {Kind.FUNCTION, Kind.CLASS} and not hasattr(builtins, site.name)
    if not own and (site.name not in _BUILTINS or function is None):
        return
    arguments = site.source.text[site.tree.span(call.func).end + 1 : site.tree.span(call).end - 1]
    owner = site.text(site.node.value)
    parts = [arguments, owner] if site.name in _FUNCTION_FIRST else [owner, arguments]
    span = site.tree.span(call)
    edit = Edit(span.start, span.end, f"{site.name}({', '.join(part for part in parts if part.strip())})")
    reason = f"`{site.name}` is a function, not a method"
    yield Candidate.edit(site.source, edit, reason=reason, prior=0.86 if own else 0.84)
