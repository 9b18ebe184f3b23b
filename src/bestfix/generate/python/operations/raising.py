"""What is raised and caught."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short

__all__ = ["raised_value", "uncaught_class"]


@repair("TypeError")
def raised_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Raise and catch exceptions alone.

    Why: text can be thrown elsewhere; `NotImplemented` is no exception; a class lacks its base.
    Example: `raise "no data"` → `raise Exception("no data")`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("exceptions must", "catching classes that", "() takes no arg"):
        return
    match site.statement:
        case ast.Raise(exc=ast.Name(id="NotImplemented") as name):
            yield site.fix(site.replace(name, "NotImplementedError"), reason="`NotImplemented` is a value", prior=0.95)
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplemented") as name)):
            yield site.fix(site.replace(name, "NotImplementedError"), reason="`NotImplemented` is a value", prior=0.95)
        case ast.Raise(exc=ast.expr() as value) if site.kind(value) in {"str", "int", "tuple"}:
            edit = site.replace(value, f"Exception({site.text(value)})")
            yield site.fix(edit, reason=f"{short(site.text(value))} is no exception", prior=0.85)
        case ast.Raise(exc=ast.expr() as value):
            yield from _with_base(site, {n.id for n in ast.walk(value) if isinstance(n, ast.Name)})
        case _:
            yield from _caught(site)


@repair("Exception")
def uncaught_class(report: Report, context: Context) -> Iterator[Candidate]:
    """Catch the error that is raised in a `try` whose handlers name another one.

    Why: the class of an error is remembered wrongly.
    Example: `except TypeError:` around a `KeyError` → `except (TypeError, KeyError):`
    Safety: unsafe; the error may be the very thing that was to be seen.
    """
    site = Site.of(report, context)
    if site is None:
        return
    node: ast.AST = site.statement
    for parent in site.tree.ancestors(site.statement):
        if isinstance(parent, ast.Try) and node in parent.body and len(parent.handlers) == 1:
            handler = parent.handlers[0]
            if handler.type is not None and not _names_error(site, handler.type):
                span = site.tree.span(handler.type)
                inner = site.text(handler.type).strip("()")
                edit = Edit(span.start, span.end, f"({inner}, {report.error.type})")
                reason = f"the handler does not catch `{report.error.type}`"
                yield site.fix(edit, reason=reason, prior=0.2, safe=False)
            return
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        node = parent


def _names_error(site: Site, kinds: ast.expr) -> bool:
    """Whether a handler would catch the error: it is on its way from another place then."""
    names = {site.text(k).rpartition(".")[2] for k in (kinds.elts if isinstance(kinds, ast.Tuple) else [kinds])}
    return site.report.error.is_a(*names) or not hasattr(builtins, site.report.error.type)


def _with_base(site: Site, names: set[str]) -> Iterator[Candidate]:
    """Yield the classes of those names with the base that makes them exceptions."""
    for node in site.tree.nodes(ast.ClassDef):
        if node.name in names and not node.bases:
            at = site.source.text.index(node.name, site.tree.span(node).start) + len(node.name)
            empty = site.source.text[at : at + 2] == "()"
            edit = Edit(at, at + 2 if empty else at, "(Exception)")
            yield site.fix(edit, reason=f"`{node.name}` does not inherit from `Exception`", prior=0.9)


def _caught(site: Site) -> Iterator[Candidate]:
    """Yield the handler without what is no exception."""
    node = site.node
    if isinstance(node, ast.Try):
        node = next((h.type for h in node.handlers if isinstance(h.type, ast.Tuple | ast.Name)), node)
    kinds = [node] if isinstance(node, ast.Name) else list(getattr(node, "elts", []))
    yield from _with_base(site, {k.id for k in kinds if isinstance(k, ast.Name)})
    if not isinstance(node, ast.Tuple):
        return
    good = [k for k in kinds if _is_exception(site, k)]
    if good and len(good) < len(kinds):
        text = ", ".join(site.text(k) for k in good)
        edit = site.replace(node, f"({text})" if len(good) > 1 else text)
        yield site.fix(edit, reason="only classes of exceptions are caught", prior=0.4, safe=False)


def _is_exception(site: Site, expr: ast.expr) -> bool:
    found = site.value(expr)
    return found is not None and ("BaseException" in found.bases or found.type_name == "BaseException")
