"""Several names of one text that nothing defines, repaired together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.python.names.missing_import import import_lines, qualifiers
from bestfix.generate.python.names.names import renames
from bestfix.generate.python.reading import usage
from bestfix.generate.python.writing.edits import import_edit
from bestfix.lang.python import Tree, parsed
from bestfix.lang.python.scope import unresolved

__all__ = ["several_names"]

_SURE = 0.6
"""How likely a name's repair must be to be taken along."""
_MOST = 8
"""Names of one text that are looked at."""


@dataclass(frozen=True, slots=True)
class _Repair:
    """The likeliest repair of one name: edits, or an import line."""

    name: str
    edits: tuple[Edit, ...]
    line: str
    prior: float


@repair("NameError")
def several_names(report: Report, context: Context) -> Iterator[Candidate]:
    """Repair every name of the text that nothing defines at once, each by a near name or an import.

    Why: where one import or one spelling is wrong, others are as well; each would stop the next run.
    Example: `df = pd.DataFrame(np.zeros(3))` → `import pandas as pd` and `import numpy as np` above it
    Safety: as safe as the repairs of the single names.
    """
    source, _, _ = report.innermost
    failing = usage.error_name(report)
    if (tree := parsed(source.text)) is None or report.error.is_a("UnboundLocalError"):
        return
    known = context.names()
    missing = sorted((n for n in unresolved(source.text) if n not in known), key=source.text.find)
    if failing not in missing or not 2 <= len(missing) <= _MOST:
        return
    found = [r for n in missing if (r := _best(n, tree, context)) is not None]
    first = next((r for r in found if r.name == failing), None)
    others = [r for r in found if r.name != failing and r.prior >= _SURE]
    if first is not None and others:
        yield _together(source, tree, [first, *others])


def _together(source: Source, tree: Tree, repairs: list[_Repair]) -> Candidate:
    lines = dict.fromkeys(r.line for r in repairs if r.line)
    edits = [e for r in repairs for e in r.edits]
    if lines:
        edits.append(import_edit(tree, "\n".join(lines)))
    names = ", ".join(f"`{r.name}`" for r in repairs)
    prior = min(0.985, repairs[0].prior + 0.02)
    return Candidate.edit(source, *edits, reason=f"{names} are not defined", prior=prior)


def _best(name: str, tree: Tree, context: Context) -> _Repair | None:
    """Return the likeliest repair of a name that nothing defines."""
    if (node := usage.name_at(tree, None, name)) is None:
        return None
    nodes = usage.occurrences(tree, node)
    found = [_Repair(name, (), line, prior) for line, prior in import_lines(name, nodes, tree, context)]
    for owner, prior in qualifiers(name, nodes, tree, context):
        found.append(_Repair(name, tuple(Edit.insert(tree.span(n).start, f"{owner}.") for n in nodes), "", prior))
    for rename in renames(nodes, tree, context)[:1]:
        spans = [tree.span(n) for n in nodes]
        found.append(_Repair(name, tuple(Edit(s.start, s.end, rename.name) for s in spans), "", rename.prior))
    return max(found, key=lambda r: r.prior, default=None)
