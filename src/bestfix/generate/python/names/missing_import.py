"""Names that only lack their import."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bestfix.core import Candidate, Context, Edit, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import installed, usage
from bestfix.generate.python.reading.name_site import NameSite
from bestfix.generate.python.writing.edits import import_edit
from bestfix.lang.python import Tree, parsed

__all__ = ["import_lines", "missing_import", "qualified_name", "qualifiers"]

_HOMES = 20
"""Modules that the notebook imports from, up to which a name is looked for."""


@repair("NameError")
def missing_import(report: Report, context: Context) -> Iterator[Candidate]:
    """Import what is used: a module, a well-known alias (`np`, `pd`, `plt`), or a name that an installed module offers.

    Why: the import is forgotten, or stands in a cell that has not been run.
    Example: `Counter(words)` → `from collections import Counter` above it
    Safety: safe; the import is added above the code, and only of what is installed.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for line, prior in import_lines(site.name, site.nodes, site.tree, context):
        reason = f"`{site.name}` is not defined: `{line}` is missing"
        yield Candidate.edit(site.source, import_edit(site.tree, line), reason=reason, prior=prior * site.certainty)


@repair("NameError")
def qualified_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Write the module before the name, where the session has imported the module.

    Why: the module is imported, and its functions are taken for imported as well.
    Example: `import math; x = sqrt(2)` → `x = math.sqrt(2)`
    Safety: safe; the module is already there.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for owner, prior in qualifiers(site.name, site.nodes, site.tree, context):
        edits = [Edit.insert(site.tree.span(n).start, f"{owner}.") for n in site.nodes]
        reason = f"`{site.name}` is not defined; `{owner}.{site.name}` is"
        yield Candidate.edit(site.source, *edits, reason=reason, prior=prior * site.certainty)


def qualifiers(name: str, nodes: Sequence[ast.Name], tree: Tree, context: Context) -> Iterator[tuple[str, float]]:
    """Yield the imported modules, as the session calls them, that have an attribute of that name."""
    found = []
    for owner in list(context.names())[:5000]:
        value = context.value(owner)
        if value is None or value.kind is not Kind.MODULE or owner.startswith("_") or not value.has(name):
            continue
        if (attribute := value.attribute(name)) is not None and usage.fits(attribute, nodes, tree, context) == 0:
            continue
        found.append((owner, 0.92 if len(name) > 2 else 0.5))
    for owner, prior in found[:4]:
        yield owner, prior / len(found) ** 0.5


def import_lines(name: str, nodes: Sequence[ast.Name], tree: Tree, context: Context) -> Iterator[tuple[str, float]]:
    """Yield the import statements that would define a name, with how likely each is meant, 0 to 1."""
    attributes = [p.attr for n in nodes if isinstance(p := tree.parents.get(n), ast.Attribute)]
    if (line := installed.ALIASES.get(name)) is not None:
        yield from _alias(name, line, attributes, context)
    elif installed.exists(name, context) and not name.startswith("_"):
        yield f"import {name}", _module_odds(name, nodes, attributes, tree, context)
    called = any(isinstance(p := tree.parents.get(n), ast.Call) and p.func is n for n in nodes)
    plain = not called and name.islower() and not _alone(nodes, tree)
    factor = (0.35 if plain else 1.0) * (0.5 if len(name) < 3 and name != "pi" else 1.0)
    stdlib = installed.stdlib_homes(name)
    for module, odds in stdlib:
        bound = context.value(module) is not None
        yield f"from {module} import {name}", odds * factor * (0.5 if bound else 1.0)
    for module in _homes(tree, context) if len(name) > 2 else ():
        if installed.offers(module, name, context):
            yield f"from {module} import {name}", 0.9
    if not stdlib and len(name) > 2:
        factor *= 0.5 if attributes else 1.0
        for place, module in enumerate(installed.third_party_homes(name, context)):
            yield f"from {module} import {name}", (0.85 if place == 0 else 0.3) * factor
            if place == 2:
                break


def _homes(tree: Tree, context: Context) -> list[str]:
    """Return the modules from which the notebook imports names, the last one first."""
    texts = [*(cell.text for cell in context.cells()), tree.text]
    modules = itertools.chain.from_iterable(_imported_from(text) for text in reversed(texts) if "import" in text)
    return list(itertools.islice(dict.fromkeys(modules), _HOMES))


@lru_cache(maxsize=1024)
def _imported_from(text: str) -> Sequence[str]:
    """Return the modules from which a source imports names, the last one first; a notebook may have many cells."""
    if (tree := parsed(text)) is None:
        return ()
    modules = [node.module for node in tree.nodes(ast.ImportFrom) if node.module and not node.level]
    return modules[::-1]


def _alias(name: str, line: str, attributes: Sequence[str], context: Context) -> Iterator[tuple[str, float]]:
    words = line.split()
    module = words[1]
    if not installed.exists(module, context):
        return
    if words[0] == "from":
        yield line, 0.9
        return
    offered = attributes and all(installed.offers(module, a, context) for a in attributes)
    unknown = 0.75 if context.module(module) is not None or len(name) == 1 else 0.93
    yield line, (0.97 if len(name) > 1 else 0.7) if offered else unknown


def _module_odds(
    name: str, nodes: Sequence[ast.Name], attributes: Sequence[str], tree: Tree, context: Context
) -> float:
    """Return how likely a name that is also a module's stands for the module."""
    if len(attributes) == len(nodes):
        offered = sum(installed.offers(name, a, context) for a in attributes)
        return 0.97 if offered == len(attributes) else (0.8 if offered else 0.6)
    if attributes:
        return 0.5
    called = any(isinstance(p := tree.parents.get(n), ast.Call) and p.func is n for n in nodes)
    return 0.88 if _alone(nodes, tree) and not called else 0.12


def _alone(nodes: Sequence[ast.Name], tree: Tree) -> bool:
    """Whether the name is a statement of its own, or an argument: its use says nothing of it."""
    return all(isinstance(tree.parents.get(n), ast.Expr | ast.Call) for n in nodes)
