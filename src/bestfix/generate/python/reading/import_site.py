"""The import statement that failed, and the edits of it and of what it binds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report, Source
from bestfix.generate.python.reading.installed import ALIASES, POPULAR
from bestfix.lang.python import Tree, parsed

__all__ = ["ImportSite"]


@dataclass(frozen=True, slots=True)
class ImportSite:
    """A failed import.

    Attributes:
        source: the text that it stands in.
        tree: the text's tree.
        node: the statement.
        missing: the dotted name of the module that was not found, when that is what failed.
        context: what the failing program could see.
    """

    source: Source
    tree: Tree
    node: ast.Import | ast.ImportFrom
    missing: str | None
    context: Context

    @classmethod
    def of(cls, report: Report, context: Context) -> ImportSite | None:
        """Return the site of a failed import of the user's own, or `None`."""
        source, span, lineno = report.innermost
        if (tree := parsed(source.text)) is None:
            return None
        match = re.match(r"No module named '([\w.]+)'", report.error.message)
        missing = match[1] if match else None
        for node in tree.nodes(ast.stmt):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            here = tree.span(node)
            if span is not None and not (here.start <= span.start < here.end):
                continue
            if lineno is not None and not node.lineno <= lineno <= (node.end_lineno or node.lineno):
                continue
            if missing is None or any(_starts(name, missing) for name in _modules(node)):
                return cls(source, tree, node, missing, context)
        return None

    def moved(self, module: str, *, prior: float, reason: str) -> Candidate:
        """Return the candidate that imports from `module` instead of the missing one."""
        assert self.missing is not None  # noqa: S101 - only a site that was found by its missing module is moved
        return Candidate.edit(self.source, *self.module_edits(self.missing, module), reason=reason, prior=prior)

    def likelihood(self, module: str) -> float:
        """Return how much likelier than others a top-level module is meant: by its usual alias, or its being known."""
        aliases = {a.asname for a in self.node.names if a.asname} if isinstance(self.node, ast.Import) else set()
        known = [(line.split()[1].partition(".")[0], line.split()[-1]) for line in ALIASES.values()]
        if any(name == module and alias in aliases for name, alias in known):
            return 1.4
        return 1.0 if module in POPULAR or any(name == module for name, _ in known) else 0.85

    def other_modules(self) -> list[str]:
        """Return the modules that the text's other imports name."""
        others = [n for n in self._imports() if n is not self.node]
        names = {
            m
            for n in others
            if not getattr(n, "level", 0)
            for m in _modules(n)[: 1 if isinstance(n, ast.ImportFrom) else None]
        }
        return sorted(n for n in names if self.missing is None or not _starts(n, self.missing))

    def module_edits(self, missing: str, module: str) -> list[Edit]:
        """Return the edits that write `module` for `missing` in every import and in what those imports bind."""
        edits = [e for node in self._imports() for e in self._module_edit(node, missing, module)]
        if any(isinstance(n, ast.Import) and self._binds(n, missing) for n in self._imports()):
            edits += self._uses(missing, module)
        return edits

    def _imports(self) -> Iterator[ast.Import | ast.ImportFrom]:
        yield from self.tree.nodes(ast.Import)
        yield from self.tree.nodes(ast.ImportFrom)

    def _module_edit(self, node: ast.Import | ast.ImportFrom, missing: str, module: str) -> Iterator[Edit]:
        if isinstance(node, ast.ImportFrom):
            if node.module and _starts(node.module, missing) and not node.level:
                start = self.tree.text.index(node.module, self.tree.span(node).start + 4)
                yield Edit(start, start + len(missing), module)
            return
        for alias in node.names:
            if _starts(alias.name, missing):
                start = self.tree.span(alias).start
                yield Edit(start, start + len(missing), module)

    @staticmethod
    def _binds(node: ast.Import, missing: str) -> bool:
        return any(_starts(alias.name, missing) and not alias.asname for alias in node.names)

    def _uses(self, missing: str, module: str) -> Iterator[Edit]:
        """Yield the edits of the places that use a module by its full name."""
        parts = missing.split(".")
        kind: type[ast.expr] = ast.Name if len(parts) == 1 else ast.Attribute
        for node in self.tree.nodes(kind):
            if self.tree.source(node) == missing:
                span = self.tree.span(node)
                yield Edit(span.start, span.end, module)

    def renamed(self, name: str, new: str, *, prior: float, reason: str) -> Candidate:
        """Return the candidate that imports another name of the same module, and renames its uses."""
        return Candidate.edit(self.source, *self.name_edits(name, new), reason=reason, prior=prior)

    def name_edits(self, name: str, new: str) -> list[Edit]:
        """Return the edits that import `new` for `name` and rename its uses."""
        alias = self.alias(name)
        if alias is None:
            return []
        start = self.tree.span(alias).start
        edits = [Edit(start, start + len(name), new)]
        return edits if alias.asname else [*edits, *self.use_edits(name, new)]

    def use_edits(self, name: str, new: str) -> list[Edit]:
        """Return the edits that rename the uses of an imported name."""
        spans = [self.tree.span(n) for n in self.tree.nodes(ast.Name) if n.id == name]
        return [Edit(s.start, s.end, new) for s in spans]

    def taken_from(self, name: str, module: str, *, prior: float, reason: str) -> Candidate:
        """Return the candidate that imports a name from another module, its companions staying where they are."""
        return Candidate.edit(self.source, *self.origin_edits(name, module, name), reason=reason, prior=prior)

    def origin_edits(self, name: str, module: str, new: str) -> list[Edit]:
        """Return the edits that import `name` as `new` from `module`."""
        node, alias = self.node, self.alias(name)
        if alias is None or not isinstance(node, ast.ImportFrom) or not node.module:
            return []
        uses = [] if alias.asname or new == name else self.use_edits(name, new)
        if len(node.names) == 1:
            start = self.tree.text.index(node.module, self.tree.span(node).start + 4)
            at = self.tree.span(alias).start
            edits = [Edit(start, start + len(node.module), module)]
            return [*edits, *([Edit(at, at + len(name), new)] if new != name else []), *uses]
        span = self.tree.span(node)
        line = f"from {module} import {new}" + (f" as {alias.asname}" if alias.asname else "")
        return [self._without(node, alias), Edit.insert(span.end, f"\n{self._indent(node)}{line}"), *uses]

    def _without(self, node: ast.ImportFrom, alias: ast.alias) -> Edit:
        """Return the edit that takes a name out of an import of several."""
        index = node.names.index(alias)
        span = self.tree.span(alias)
        if index + 1 < len(node.names):
            return Edit.delete(span.start, self.tree.span(node.names[index + 1]).start)
        return Edit.delete(self.tree.span(node.names[index - 1]).end, span.end)

    def _indent(self, node: ast.stmt) -> str:
        line = self.tree.lines.line(node.lineno)
        return line[: len(line) - len(line.lstrip())]

    def alias(self, name: str) -> ast.alias | None:
        """Return the part of the statement that imports a name."""
        return next((a for a in self.node.names if a.name == name), None)


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module, *(f"{node.module}.{a.name}" for a in node.names)] if node.module else []


def _starts(name: str, module: str) -> bool:
    """Whether a dotted name is a module's or that of something inside it."""
    return name == module or name.startswith(f"{module}.")
