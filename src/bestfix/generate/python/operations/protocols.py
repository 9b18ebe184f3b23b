"""Instances of a class that lacks what an operation needs, where another class of the session has it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping

from bestfix.core import Candidate, Context, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site

__all__ = ["class_with_method"]

_NEEDED: Mapping[str, str] = {
    r"'(\w+)' object cannot be interpreted as an integer": "__index__",
    r"\w+ indices must be integers or slices, not (\w+)": "__index__",
    r"'(\w+)' object (?:doesn't|does not) support item deletion": "__delitem__",
    r"'(\w+)' object does not support item assignment": "__setitem__",
    r"'(\w+)' object is not subscriptable": "__getitem__",
    r"'(\w+)' object is not iterable": "__iter__",
    r"'(\w+)' object is not callable": "__call__",
    r"object of type '(\w+)' has no len\(\)": "__len__",
    r"'(\w+)' object does not support the context manager protocol": "__enter__",
}
"""Messages that name a class, and the method that it lacks."""


@repair("TypeError")
def class_with_method(report: Report, context: Context) -> Iterator[Candidate]:
    """Make an instance of the class that has the method an operation needs.

    Why: two classes of one program are mixed up.
    Example: `with Settings(): …` → `with Session(): …`, where only `Session` has `__enter__`
    Safety: unsafe; the method may have been forgotten instead.
    """
    site = Site.of(report, context)
    found = site and next(((m[1], name) for p, name in _NEEDED.items() if (m := re.match(p, site.message))), None)
    if site is None or not found:
        return
    lacking, method = found
    own = context.value(lacking)
    if own is None or own.kind is not Kind.CLASS:
        return
    calls = [n for n in ast.walk(site.statement) if _makes(n, lacking)] or [
        n for n in site.tree.nodes(ast.Call) if _makes(n, lacking)
    ]
    others = [n for n in site.names() if n != lacking and _has(context, n, method)]
    if len(others) == 1 and calls and isinstance(calls[0], ast.Call):
        edit = site.replace(calls[0].func, others[0])
        reason = f"`{lacking}` has no `{method}`; `{others[0]}` has"
        yield site.fix(edit, reason=reason, prior=0.38, safe=False)


def _makes(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _has(context: Context, name: str, method: str) -> bool:
    """Whether a name is a class of the user's with the method."""
    value = context.value(name)
    if value is None or value.kind is not Kind.CLASS or hasattr(builtins, name):
        return False
    return value.type_name.rpartition(".")[0] in {"", "__main__"} and value.has(method)
