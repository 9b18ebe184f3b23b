"""Imports of modules and names that the installed versions have moved, renamed or removed."""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import installed
from bestfix.generate.python.reading.import_site import ImportSite
from bestfix.generate.python.removed.removed_api import Replacement, replacements
from bestfix.generate.python.removed.removed_table import Row, table
from bestfix.generate.python.writing.edits import removal

__all__ = ["removed_import"]


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an imported name is now: `from module import name`, used as `use`.

    A name without a module is imported as a module itself; no name at all is a builtin.
    """

    module: str
    name: str
    use: str
    row: Row


@repair("ImportError")
def removed_import(report: Report, context: Context) -> Iterator[Candidate]:
    """Import from where the installed version has it now.

    Why: modules and their contents move between releases of Python and of libraries.
    Example: `from sklearn.grid_search import GridSearchCV` → `from sklearn.model_selection import GridSearchCV`
    Safety: safe; only where the old place is not there and the new one is. Other imports of the text that must fail
        in the same way, and uses of what has changed with the move, are changed too.
    """
    site = ImportSite.of(report, context)
    if site is None:
        return
    imports = [n for n in site.tree.nodes(ast.stmt) if isinstance(n, ast.Import | ast.ImportFrom)]
    first = list(_changes(site, site.node))
    if not first:
        return
    others = [
        change for node in imports if node is not site.node for change in itertools.islice(_changes(site, node), 1)
    ]
    uses = list(replacements(site.tree, context))
    for rank, (edits, row) in enumerate(first[:3]):
        everything = _merged(site, [edits, *(e for e, _ in others)], uses)
        now = f"; now `{row.new}`" if not row.is_template else ""
        reason = f"`{row.old}` is gone since {row.since}{now} ({row.note})"
        yield Candidate.edit(site.source, *everything, reason=reason, prior=(0.98, 0.4, 0.1)[min(rank, 2)])


def _merged(site: ImportSite, changes: Sequence[Sequence[Edit]], uses: Sequence[Replacement]) -> list[Edit]:
    """Return all edits, those of a use that a new form replaces whole taking the place of its renaming."""
    taken: list[Edit] = []
    for edit in itertools.chain((e for u in uses if not u.rank for e in u.edits), itertools.chain(*changes)):
        if all(edit.end <= t.start or t.end <= edit.start for t in taken if t.start != t.end or edit.start != edit.end):
            taken.append(edit)
    written = {edit.text for edit in taken}
    lines = dict.fromkeys(line for u in uses if not u.rank for line in u.needs)
    needs = [line for line in lines if line.removeprefix("import ") not in written]
    if needs:
        taken.append(Edit.insert(site.tree.span(site.node).start, "".join(f"{line}\n" for line in needs)))
    return taken


def _changes(site: ImportSite, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[list[Edit], Row]]:
    """Yield the ways to write an import statement now, the likeliest first; none when it is fine."""
    here = ImportSite(site.source, site.tree, node, site.missing, site.context)
    if isinstance(node, ast.Import):
        for alias in node.names:
            for old, row in _moved_module(alias.name, site.context):
                yield here.module_edits(old, row.new), row
        return
    if node.module is None or node.level:
        return
    targets = [list(_targets(node.module, alias.name, site.context)) for alias in node.names]
    if not any(targets):
        return
    for choice in itertools.islice(itertools.zip_longest(*(t for t in targets if t)), 3):
        chosen = iter(choice)
        picked = [next(chosen) if found else None for found in targets]
        rows = [t.row for t in picked if t is not None]
        if rows:
            yield list(_rewritten(here, node, picked)), rows[0]


def _moved_module(module: str, context: Context) -> Iterator[tuple[str, Row]]:
    """Yield the part of a dotted name that is gone, with the row that says where it is now."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        old = ".".join(parts[:length])
        if installed.exists(old, context):
            return
        for row in table().modules.get(old, ()):
            if installed.exists(row.new, context):
                yield old, row


def _targets(module: str, name: str, context: Context) -> Iterator[_Target]:
    """Yield where a name of a module is now; nothing when it is still there."""
    there = installed.exists(module, context)
    if there and installed.offers(module, name, context):
        return
    for row in table().attributes.get(f"{module}.{name}", ()):
        if row.arity is None and not row.is_template and (target := _target(row, context)) is not None:
            yield target
    for row in table().modules.get(f"{module}.{name}", ()):
        if installed.exists(row.new, context):
            home, _, last = row.new.rpartition(".")
            yield _Target(home, last, last, row)
    if not there:
        yield from _moved_targets(module, name, context)


def _moved_targets(module: str, name: str, context: Context) -> Iterator[_Target]:
    """Yield where a name of a module that has moved is now."""
    for old, row in _moved_module(module, context):
        home = row.new + module[len(old) :]
        if installed.offers(home, name, context):
            yield _Target(home, name, name, row)
            continue
        for renamed in table().attributes.get(f"{home}.{name}", ()):
            if renamed.arity is None and not renamed.is_template and (target := _target(renamed, context)) is not None:
                yield target
        for other in itertools.islice(installed.homes_in(home.partition(".")[0], name, context), 1):
            yield _Target(other, name, name, row)


def _target(row: Row, context: Context) -> _Target | None:
    """Return where a row's new form is imported from."""
    if row.needs.startswith("from "):
        words = row.needs.split()
        return (
            _Target(words[1], words[3], row.new.rpartition(".")[2], row)
            if installed.exists(words[1], context)
            else None
        )
    if hasattr(builtins, row.new.partition(".")[0]):
        return _Target("", "", row.new, row)
    parts = row.new.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        if installed.exists(module, context):
            if not installed.offers(module, parts[length], context):
                return None
            return _Target(module, parts[length], ".".join(parts[length:]), row)
    return None


def _rewritten(site: ImportSite, node: ast.ImportFrom, targets: Sequence[_Target | None]) -> Iterator[Edit]:
    """Yield the edits of a statement, and of what it binds, that import each name from where it is now."""
    assert node.module is not None  # noqa: S101 - only relative imports have none, and they are left out before
    modules = {t.module for t in targets if t is not None}
    moved = [t for t in targets if t is not None]
    plain = all(t.name == a.name for t, a in zip(targets, node.names, strict=True) if t is not None)
    if len(modules) == 1 and len(moved) == len(targets) and plain and "" not in modules:
        start = site.tree.text.index(node.module, site.tree.span(node).start + 4)
        yield Edit(start, start + len(node.module), modules.pop())
        return
    span = site.tree.span(node)
    text = _statements(site, node, targets)
    yield from (Edit(span.start, span.end, text),) if text else removal(node, site.tree)
    for target, alias in zip(targets, node.names, strict=True):
        if target is not None and target.use != alias.name and alias.asname is None:
            yield from site.use_edits(alias.name, target.use)


def _statements(site: ImportSite, node: ast.ImportFrom, targets: Sequence[_Target | None]) -> str:
    """Return the import statements that stand for one."""
    lines: dict[str, list[str]] = {}
    for target, alias in zip(targets, node.names, strict=True):
        suffix = f" as {alias.asname}" if alias.asname else ""
        if target is None:
            lines.setdefault(node.module or "", []).append(alias.name + suffix)
        elif target.name:
            lines.setdefault(target.module, []).append(target.name + suffix)
    line = site.tree.lines.line(node.lineno)
    indent = line[: len(line) - len(line.lstrip())]
    heads = {module: f"from {module} import" if module else "import" for module in lines}
    return f"\n{indent}".join(f"{heads[module]} {', '.join(dict.fromkeys(names))}" for module, names in lines.items())
