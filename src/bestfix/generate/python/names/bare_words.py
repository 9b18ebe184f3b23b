"""Words that stand alone and should not: `self.` or quotes are missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import usage
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.writing.edits import import_edit

__all__ = ["bare_word", "foreign_namespace", "missing_self"]


@repair("NameError")
def missing_self(report: Report, context: Context) -> Iterator[Candidate]:
    """Write `self.` before an attribute or method of the object that a method works on.

    Why: in other languages the object's own names are visible in its methods.
    Example: `return radius * 2` → `return self.radius * 2`
    Safety: safe; the object has the attribute.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    if site is None or (node := usage.name_at(site.tree, report.innermost[1], name)) is None:
        return
    function = site.tree.function(node)
    first = next(iter(usage.parameters(function)), "") if function is not None else ""
    cls = next((a for a in site.tree.ancestors(node) if isinstance(a, ast.ClassDef)), None)
    owner = context.value(first) if first else None
    in_text = cls is not None and name in _members(cls)
    if function is None or not ((owner is not None and owner.has(name) and cls is not None) or in_text):
        return
    word = first or (cls.name if cls is not None else "self")
    nodes = [n for n in usage.occurrences(site.tree, node) if site.tree.function(n) is function]
    edits = [Edit.insert(site.tree.span(n).start, f"{word}.") for n in nodes]
    edits += [e for n in nodes if (e := _surplus_self(site, n, word)) is not None]
    reason = f"`{name}` belongs to the object: `{word}.{name}`"
    yield Candidate.edit(site.source, *edits, reason=reason, prior=0.95)


def _surplus_self(site: Site, node: ast.Name, word: str) -> Edit | None:
    """Return the edit that takes `self` out of the arguments of what is now a method call."""
    match site.tree.parents.get(node):
        case ast.Call(func=func, args=[ast.Name(id=first) as argument, *rest]) if func is node and first == word:
            stop = site.tree.span(rest[0]).start if rest else site.tree.span(argument).end
            return Edit.delete(site.tree.span(argument).start, stop)
    return None


def _members(cls: ast.ClassDef) -> set[str]:
    """Return the names that a class and its methods give an object."""
    names = usage.bound_in(cls)
    for node in ast.walk(cls):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and getattr(node.value, "id", "") == "self"
        ):
            names.add(node.attr)
    return names


@repair("NameError")
def bare_word(report: Report, context: Context) -> Iterator[Candidate]:
    """Put quotes around a word that is a key, a column, an option or a value, and no name.

    Why: the quotes are forgotten.
    Example: `frame[price]` → `frame["price"]`
    Safety: safe where the word is a key of the object; a guess elsewhere.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    if site is None or (node := usage.name_at(site.tree, report.innermost[1], name)) is None:
        return
    quote = "'" if site.source.text.count("'") > site.source.text.count('"') else '"'
    parent = site.tree.parents.get(node)
    prior = 0.0
    match parent:
        case ast.Subscript(value=owner, slice=index) if index is node:
            value = site.value(owner)
            prior = 0.95 if value is not None and name in list(value.keys()) else 0.25
        case ast.List() if isinstance(up := site.tree.parents.get(parent), ast.Subscript) and up.slice is parent:
            value = site.value(up.value)
            prior = 0.95 if value is not None and name in list(value.keys()) else 0.2
        case ast.keyword(arg=str(arg)) if arg in {"how", "on", "by", "encoding", "mode", "kind", "method", "columns"}:
            prior = 0.6
        case ast.Call(args=arguments) if node in arguments:
            prior = 0.16
        case ast.Compare() | ast.keyword() | ast.Assign() | ast.Return():
            prior = 0.12
    if prior:
        nodes = [n for n in usage.occurrences(site.tree, node) if type(site.tree.parents.get(n)) is type(parent)]
        edits = [site.replace(n, f"{quote}{name}{quote}") for n in nodes]
        yield site.fix(*edits, reason=f"`{name}` is no name here but text: it needs quotes", prior=prior)


@repair("NameError")
def foreign_namespace(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a builtin, or a function of `math`, as Python does where another language has a namespace for it.

    Why: `Math.max`, `Console.read` and the like are written from habit.
    Example: `Math.max(a, b)` → `max(a, b)`
    Safety: safe; the function is there.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    if site is None or (node := usage.name_at(site.tree, report.innermost[1], name)) is None:
        return
    if name not in {"Math", "math", "Array", "Object", "System", "String", "builtins", "numpy"}:
        return
    pairs = [
        (n, p) for n in usage.occurrences(site.tree, node) if isinstance(p := site.tree.parents.get(n), ast.Attribute)
    ]
    standalone = [Edit.delete(site.tree.span(p).start, site.tree.span(p).end - len(p.attr)) for _, p in pairs]
    if pairs and all(context.value(p.attr) is not None for _, p in pairs):
        yield site.fix(*standalone, reason=f"`{pairs[0][1].attr}` needs no `{name}`", prior=0.9)
    elif pairs and name == "Math":
        edits = [site.replace(n, "math") for n, _ in pairs]
        line = import_edit(site.tree, "import math")
        yield site.fix(*edits, line, reason="the module of mathematics is `math`", prior=0.88)
