"""What the installed versions of Python and the libraries no longer have, written as they have it now."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Kind, Report, Source, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading import installed
from bestfix.generate.python.reading.imported import dotted, imports_of, local_name
from bestfix.generate.python.reading.infer import value_of
from bestfix.generate.python.removed.removed_table import Row, table
from bestfix.generate.python.removed.removed_values import colormap_edits
from bestfix.generate.python.writing.edits import import_edit, removal
from bestfix.generate.python.writing.templates import filled
from bestfix.lang.python import Tree, parsed
from bestfix.lang.python.scope import bound_names

__all__ = ["Replacement", "removed_name", "replaced_together", "replacements"]

_MODULES = re.compile(
    r"(?<![\w.'\"])((?:numpy|pandas|scipy|sklearn|matplotlib|seaborn|networkx)(?:\.[a-z_]\w*)*)\.(?=\w)"
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One use of something removed, and what stands for it now.

    Attributes:
        node: the use.
        edits: the edits of that use.
        needs: statements that the new form needs at the top.
        row: the row of the table.
        rank: which of several new forms this is, the likeliest 0.
    """

    node: ast.AST
    edits: tuple[Edit, ...]
    needs: tuple[str, ...]
    row: Row
    rank: int = 0


@repair("AttributeError", "NameError", "TypeError")
def removed_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the present form of a function, method, class or builtin that a newer release has removed or renamed.

    Why: the code was written for an older version of Python or of a library.
    Example: `np.product(x)` → `np.prod(x)`
    Safety: safe; only where the installed version lacks the old name and has the new one. All other uses in the
        text that must fail in the same way are changed too.
    """
    source, span, _ = report.innermost
    if (tree := parsed(source.text)) is None or span is None:
        return
    name = report.error.details.get("name") or next(
        iter(re.findall(r"(?:attribute|name) '(\w+)'", report.error.message)), ""
    )
    found = list(replacements(tree, context, failing=name))
    here = [
        r for r in found
        if tree.span(r.node).start <= span.end and span.start <= tree.span(r.node).end and r.row.name == name
    ]  # fmt: skip
    for first in sorted(here, key=lambda r: r.rank):
        yield from replaced_together(source, tree, first, found)


def replaced_together(
    source: Source, tree: Tree, first: Replacement, found: Sequence[Replacement]
) -> Iterator[Candidate]:
    """Yield the candidate that makes a replacement and with it every other of the text, each in its likeliest form."""
    chosen = [first]
    for other in found:
        same = other.row.old == first.row.old
        if other.rank != (first.rank if same else 0) or other is first:
            continue
        if not any(_overlap(tree, other.node, taken.node) for taken in chosen):
            chosen.append(other)
    edits = dict.fromkeys(edit for r in chosen for edit in r.edits)
    if first.row.since.startswith("matplotlib"):
        taken = list(edits)
        edits.update(
            dict.fromkeys(e for e in colormap_edits(tree) if all(e.end <= t.start or t.end <= e.start for t in taken))
        )
    needs = dict.fromkeys(line for r in chosen for line in r.needs)
    added = [import_edit(tree, "\n".join(needs))] if needs else []
    prior = (0.98, 0.4, 0.1)[min(first.rank, 2)]
    row = first.row
    now = f"; now `{row.new}`" if not row.is_template else ""
    reason = f"`{row.old}` is gone since {row.since}{now} ({row.note})"
    yield Candidate.edit(source, *edits, *added, reason=reason, prior=prior, evidence={"uses": float(len(chosen))})


def _overlap(tree: Tree, one: ast.AST, other: ast.AST) -> bool:
    a, b = tree.span(one), tree.span(other)
    return a.start < b.end and b.start < a.end


def replacements(tree: Tree, context: Context, *, failing: str = "") -> Iterator[Replacement]:
    """Yield what can be replaced anywhere in a text because the installed versions lack it.

    Args:
        tree: the text.
        context: what the failing program could see.
        failing: the attribute that failed; its uses count even on objects that are not known.
    """
    rows = table()
    bound = bound_names(tree.text)
    origins = imports_of(tree)
    for node in tree.nodes(ast.expr):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            home = origins.get(node.id, "")
            if node.id in rows.builtins and node.id not in bound and context.value(node.id) is None:
                yield from _uses(rows.builtins[node.id], node, None, tree, context)
            elif home in rows.attributes and _lacks(home, context):
                templates = [r for r in rows.attributes[home] if r.is_template]
                yield from _uses(templates, node, None, tree, context)
        elif isinstance(node, ast.Attribute):
            name = dotted(node, tree, context)
            if name is not None and name in rows.attributes and _lacks(name, context):
                yield from _uses(rows.attributes[name], node, node.value, tree, context)
            elif node.attr in rows.methods:
                yield from _methods(node, rows.methods[node.attr], tree, context, known=node.attr == failing)


def _methods(
    node: ast.Attribute, rows: Sequence[Row], tree: Tree, context: Context, *, known: bool
) -> Iterator[Replacement]:
    """Yield the replacements of a method or attribute of an object."""
    owner = value_of(node.value, tree, context)
    if owner is None and known:
        owner = context.subject()
    if owner is None or owner.kind is Kind.MODULE or owner.has(node.attr):
        return
    classes = [owner.type_name, *owner.bases]
    if owner.kind in {Kind.FUNCTION, Kind.METHOD}:
        classes += ["function", "method"]
    fitting = [row for row in rows if row.is_of(classes)]
    usable = [row for row in fitting if row.is_template or _has(owner, row.new)]
    yield from _uses(usable, node, node.value, tree, context)


def _has(owner: Value, name: str) -> bool:
    return name.startswith("__") or owner.has(name.partition(".")[0])


def _uses(
    rows: Sequence[Row], node: ast.expr, owner: ast.expr | None, tree: Tree, context: Context
) -> Iterator[Replacement]:
    """Yield a use's replacements: the first row that fits the call, or each row that fits any use."""
    call = tree.parents.get(node)
    called = call if isinstance(call, ast.Call) and call.func is node else None
    rank = 0
    for row in rows:
        if row.arity is not None and called is None:
            continue
        found = _replaced(row, node, owner, called, tree, context, rank)
        if found is not None:
            yield found
            rank += 1
            if row.arity is not None:
                return


def _replaced(  # noqa: PLR0913, PLR0917 - a use is all of these
    row: Row, node: ast.expr, owner: ast.expr | None, call: ast.Call | None, tree: Tree, context: Context, rank: int
) -> Replacement | None:
    if not _offered(row, context):
        return None
    plain = row.arity is None and not row.is_template and not row.needs
    if plain and isinstance(node, ast.Attribute) and (place := _renamed(row, node, tree)) is not None:
        return Replacement(node, (place,), (), row, rank)
    whole = call if row.arity is not None and call is not None else node
    if row.arity is not None and row.arity >= 0 and call is not None and len(call.args) > row.arity:
        return None
    template = filled(row.new, owner, call, tree, context) if row.is_template or "{" in row.new else row.new
    if template is None:
        return None
    if isinstance(node, ast.Name) and "." in row.old:
        template = re.sub(r"^[\w.]+\.(\w+)\(", r"\1(", template)
    if isinstance(node, ast.Attribute):
        template = _in_moved(template, row, tree.source(node.value))
    text, needs = _localised(template, row, tree, context)
    span = tree.span(whole)
    statement = tree.parents.get(whole)
    if row.new == "None" and isinstance(statement, ast.Expr):
        return Replacement(statement, removal(statement, tree), (), row, rank)
    if re.match(r"\{self\}.* = ", row.new) and not isinstance(statement, ast.Expr):
        return None
    return Replacement(whole, (Edit(span.start, span.end, text),), needs, row, rank)


def _renamed(row: Row, node: ast.Attribute, tree: Tree) -> Edit | None:
    """Return the edit of the last name alone, where the part before it stays as it is."""
    end = tree.span(node).end
    start = end - len(node.attr)
    if "." not in row.new and row in table().methods.get(row.name, ()):
        return Edit(start, end, row.new)
    home = f"{row.owner}."
    return Edit(start, end, row.new[len(home) :]) if row.new.startswith(home) else None


def _in_moved(template: str, row: Row, owner: str) -> str:
    """Return a template whose module has only moved, with the name by which the text knows the module."""
    for moved in table().modules.get(row.owner, ()):
        if owner != row.owner and template.startswith(f"{moved.new}."):
            return owner + template[len(moved.new) :]
    return template


def _localised(text: str, row: Row, tree: Tree, context: Context) -> tuple[str, tuple[str, ...]]:
    """Return a new form with the modules in it as the text calls them, and the imports that it still needs."""
    needs: dict[str, None] = {}
    if row.needs.startswith("from "):
        name = row.needs.split()[-1]
        if context.value(name) is None or name in bound_names(tree.text):
            needs[row.needs] = None
        module = row.needs.split()[1]
        return text.replace(f"{module}.{name}", name), tuple(needs)
    if row.needs and not row.needs.startswith("import "):
        return text, (row.needs,)

    def named(match: re.Match[str]) -> str:
        name, line = local_name(match[1], tree, context)
        if line:
            needs[line] = None
        return f"{name}."

    if row.needs:
        words = row.needs.split()
        name, line = local_name(words[1], tree, context)
        if line:
            needs[row.needs if len(words) > 2 else line] = None
            name = words[-1] if len(words) > 2 else name
        return re.sub(rf"(?<![\w.'\"]){re.escape(words[1])}\.", f"{name}.", text), tuple(needs)
    return _MODULES.sub(named, text), tuple(needs)


def _lacks(name: str, context: Context) -> bool:
    """Whether the installed version does not have what a dotted name stands for."""
    module, _, attribute = name.rpartition(".")
    if not installed.exists(module, context):
        return True
    return not installed.offers(module, attribute, context)


def _offered(row: Row, context: Context) -> bool:
    """Whether the installed version has the new form."""
    if row.needs and (words := row.needs.split())[0] in {"import", "from"}:
        return installed.exists(words[1], context)
    if row.is_template or "." not in row.new:
        return True
    module, _, name = row.new.rpartition(".")
    if hasattr(builtins, module):
        return True
    if not installed.exists(module, context):
        module, _, name = module.rpartition(".")
    return installed.exists(module, context) and installed.offers(module, name, context)
