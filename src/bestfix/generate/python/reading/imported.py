"""Which dotted names stand behind the names of a text."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from bestfix.core import Context, Kind
from bestfix.generate.python.reading.infer import value_of
from bestfix.generate.python.reading.installed import ALIASES
from bestfix.lang.python import Tree

__all__ = ["dotted", "imports_of", "local_name"]


def imports_of(tree: Tree) -> Mapping[str, str]:
    """Return the dotted name that each import of the text binds a name to."""
    found: dict[str, str] = {}
    for node in tree.nodes(ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            found[alias.asname or top] = alias.name if alias.asname else top
    for origin in tree.nodes(ast.ImportFrom):
        if origin.module and not origin.level:
            found.update({a.asname or a.name: f"{origin.module}.{a.name}" for a in origin.names})
    return found


def dotted(node: ast.expr, tree: Tree, context: Context) -> str | None:
    """Return the dotted name of a module, or of something in a module, that an expression names."""
    if isinstance(node, ast.Name):
        value = context.value(node.id)
        if value is not None and value.kind is Kind.MODULE:
            return value.type_name
        return imports_of(tree).get(node.id)
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, tree, context)
        if owner is not None:
            return f"{owner.type_name}.{node.attr}" if owner.kind is Kind.MODULE else None
        head = dotted(node.value, tree, context)
        return f"{head}.{node.attr}" if head else None
    return None


def local_name(module: str, tree: Tree, context: Context) -> tuple[str, str]:
    """Return how the text may name a module, and the import statement that it then lacks, if any."""
    for name, home in imports_of(tree).items():
        if home == module:
            return name, ""
    for name in (n for line in ALIASES.values() if line.split()[1] == module for n in line.split()[-1:]):
        if (value := context.value(name)) is not None and value.type_name == module and value.kind is Kind.MODULE:
            return name, ""
    names = list(context.names())[:2000]
    for name in names:
        value = context.value(name)
        if value is not None and value.kind is Kind.MODULE and value.type_name == module and not name.startswith("_"):
            return name, ""
    usual = next((line for line in ALIASES.values() if line.startswith(f"import {module} as ")), "")
    return (usual.split()[-1], usual) if usual else (module, f"import {module}")
