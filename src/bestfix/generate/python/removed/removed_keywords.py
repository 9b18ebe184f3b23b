"""Keyword arguments that the installed versions have renamed or removed."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Edit, Kind, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.python.reading.imported import dotted
from bestfix.generate.python.reading.infer import value_of
from bestfix.generate.python.removed.removed_table import Row, table
from bestfix.generate.python.writing.edits import import_edit, without_argument
from bestfix.generate.python.writing.templates import filled_keyword
from bestfix.lang.python import Tree, parsed

__all__ = ["removed_keyword"]

_UNEXPECTED = re.compile(
    r"(?:unexpected|invalid) keyword argument:? '?(\w+)'?|property (\w+)$|'(\w+)' is an invalid keyword"
)


@repair("TypeError", "AttributeError", "ValueError")
def removed_keyword(report: Report, context: Context) -> Iterator[Candidate]:
    """Pass an argument by its present name, or leave out one that is gone.

    Why: the code was written for an older version of a library.
    Example: `plt.hist(x, normed=True)` → `plt.hist(x, density=True)`
    Safety: safe; the error says that the old name is not known. Every call of the function in the text changes.
    """
    source, span, _ = report.innermost
    match = _UNEXPECTED.search(report.error.message)
    tree = parsed(source.text)
    if match is None or tree is None or span is None:
        return
    keyword = next(g for g in match.groups() if g)
    rows = table().keywords.get(keyword, ())
    uses = [(call, k) for call in tree.nodes(ast.Call) for k in call.keywords if k.arg == keyword]
    here = [(c, k) for c, k in uses if tree.span(c).start < span.end and span.start < tree.span(c).end]
    for call, use in here:
        for rank, row in enumerate(itertools.islice(_fitting(rows, call, use, tree, context), 2)):
            same = [(c, k) for c, k in uses if _function(c) == _function(call)]
            yield from _changed(source, tree, row, same, rank)
    if not here:
        yield from _spread(report, tree, keyword, rows)


def _changed(
    source: Source, tree: Tree, row: Row, uses: Sequence[tuple[ast.Call, ast.keyword]], rank: int
) -> Iterator[Candidate]:
    edits = [edit for call, use in uses for edit in _edits(tree, call, use, row)]
    if row.needs:
        edits.append(import_edit(tree, row.needs))
    old = row.old.rpartition(":")[2]
    now = f"is now `{row.new}`" if row.new and not row.is_template else "is gone"
    reason = f"the argument `{old}` {now} since {row.since} ({row.note})"
    yield Candidate.edit(source, *dict.fromkeys(edits), reason=reason, prior=0.94 if rank == 0 else 0.4)


def _edits(tree: Tree, call: ast.Call, use: ast.keyword, row: Row) -> Iterator[Edit]:
    """Yield the edits that give one call its present form."""
    span = tree.span(use)
    if not row.new:
        yield without_argument(tree, call, use)
    elif row.new.isidentifier():
        yield Edit(span.start, span.start + len(use.arg or ""), row.new)
    elif re.match(r"\w+=[^=]", row.new):
        yield Edit(span.start, span.end, filled_keyword(row.new, call, use, tree))
    else:
        whole = tree.span(call)
        yield Edit(whole.start, whole.end, filled_keyword(row.new, call, use, tree))


def _fitting(rows: Sequence[Row], call: ast.Call, use: ast.keyword, tree: Tree, context: Context) -> Iterator[Row]:
    """Yield the rows that are about a keyword of a call, those that name the function first."""
    name = _function(call)
    package = _package(call.func, tree, context)
    for exact in (True, False):
        for row in rows:
            home, function, keyword = row.old.split(":")
            if (function == name) is not exact or (not exact and function != "*"):
                continue
            if package and home != package and not {home, package} <= {"matplotlib", "pandas", "seaborn"}:
                continue
            wanted = keyword.partition("=")[2]
            if not wanted or wanted == tree.source(use.value).replace('"', "'"):
                yield row


def _function(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _package(function: ast.expr, tree: Tree, context: Context) -> str:
    """Return the package that a function comes from; empty when that is not known."""
    if name := dotted(function, tree, context):
        return name.partition(".")[0]
    owner = function.value if isinstance(function, ast.Attribute) else function
    value = value_of(owner, tree, context)
    if value is None:
        return ""
    names = [value.type_name] if value.kind is not Kind.FUNCTION else []
    return next((n.partition(".")[0] for n in (*names, *value.bases) if "." in n), "")


def _spread(report: Report, tree: Tree, keyword: str, rows: Sequence[Row]) -> Iterator[Candidate]:
    """Yield the change of a keyword that reaches the call in a mapping: `options = dict(normed=True)`."""
    source, span, _ = report.innermost
    calls = [
        c for c in tree.nodes(ast.Call) if span and tree.span(c).start < span.end and span.start < tree.span(c).end
    ]
    for call in calls:
        if not any(k.arg is None for k in call.keywords):
            continue
        for row in rows:
            if row.old.split(":")[1] in {_function(call), "*"} and row.new.isidentifier():
                edits = list(_keys(tree, keyword, row.new))
                reason = f"the argument `{keyword}` is now `{row.new}` since {row.since} ({row.note})"
                if edits:
                    yield Candidate.edit(source, *edits, reason=reason, prior=0.9)
                return


def _keys(tree: Tree, keyword: str, new: str) -> Iterator[Edit]:
    """Yield the edits of a key in the literal mappings of a text."""
    for node in tree.nodes(ast.Call):
        for use in node.keywords:
            if use.arg == keyword and isinstance(node.func, ast.Name) and node.func.id == "dict":
                start = tree.span(use).start
                yield Edit(start, start + len(keyword), new)
    for mapping in tree.nodes(ast.Dict):
        for key in mapping.keys:
            if isinstance(key, ast.Constant) and key.value == keyword:
                span = tree.span(key)
                yield Edit(span.start + 1, span.start + 1 + len(keyword), new)
