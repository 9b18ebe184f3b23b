"""Text values that libraries have renamed: frequencies, style names, colour maps, options."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.python.removed.removed_table import Row, table
from bestfix.lang.python import Tree, parsed

__all__ = ["colormap_edits", "frequency", "renamed_value"]

_INVALID = re.compile(
    r"^'(?P<value>[^'\n]*)' is not a valid (?P<what>package style|value for (?P<option>\w+))"
    r"|(?:must be|should be|in the range of|one of|be a) .*Got '(?P<got>[^'\n]*)' instead",
    re.DOTALL,
)
_SUPPORTED = re.compile(r"supported values are (.*)|(?:must be a str among|among) \{([^}]*)\}", re.DOTALL)
_KINDS = {"package style": "style", "ls": "linestyle", "cmap": "colormap"}


@repair("ValueError", "KeyError", "OSError")
def frequency(report: Report, context: Context) -> Iterator[Candidate]:  # noqa: ARG001 - every function of the protocol is given it
    """Write a time frequency as the installed pandas knows it.

    Why: pandas 3 has taken the old letters away (`'M'` is `'ME'`, `'H'` is `'h'`, `'T'` is `'min'`).
    Example: `pd.date_range("2024", periods=3, freq="M")` → `freq="ME"`
    Safety: safe; the frequency is the same.
    """
    match = re.match(r"Invalid frequency: ([^,. ]+)", report.error.message)
    source, span, _ = report.innermost
    if match is None or (tree := parsed(source.text)) is None:
        return
    old = match[1]
    new = re.sub(r"(?<![A-Za-z-])[A-Za-z]+", lambda m: table().frequencies.get(m[0], m[0]), old)
    uses = [n for n in _texts(tree) if n.value == old]
    if new == old or not uses:
        return
    here = [n for n in uses if span and span.start <= tree.span(n).start < span.end]
    edits = [_text_edit(tree, n, new) for n in here or uses]
    reason = f"pandas now writes the frequency `{old}` as `{new}`"
    yield Candidate.edit(source, *edits, reason=reason, prior=0.95)


@repair("ValueError", "OSError", "TypeError")
def renamed_value(report: Report, context: Context) -> Iterator[Candidate]:  # noqa: ARG001 - every function of the protocol is given it
    """Write a style, colour map or option as the installed version calls it.

    Why: the code was written for an older version of a library.
    Example: `plt.style.use("seaborn-white")` → `plt.style.use("seaborn-v0_8-white")`
    Safety: safe; the error says that the old value is not known.
    """
    source, _, _ = report.innermost
    match = _INVALID.search(report.error.message)
    if match is None or (tree := parsed(source.text)) is None:
        return
    value = match["value"] or match["got"] or ""
    kind = _KINDS.get(match["option"] or match["what"] or "", "axis" if match["what"] else "parameter")
    offered = [
        m for group in _SUPPORTED.findall(report.error.message) for m in re.findall(r"'([^']*)'", "".join(group))
    ]
    nodes = [n for n in _texts(tree) if n.value == value]
    for row, new in _rows(kind, value):
        if not offered or new in offered or "=" in new or new == "None":
            yield from _replaced(source, tree, nodes, row, new)


def _rows(kind: str, value: str) -> Iterator[tuple[Row, str]]:
    """Yield the rows about a value, and the value's present form."""
    for rows in table().values.values():
        for row in rows:
            what, _, old = row.old.partition(":")
            if what != kind:
                continue
            if old == value:
                yield row, row.new
            elif old.endswith("*") and value.startswith(old[:-1]):
                yield row, row.new[:-1] + value[len(old) - 1 :]


def _replaced(source: Source, tree: Tree, nodes: list[ast.Constant], row: Row, new: str) -> Iterator[Candidate]:
    edits: list[Edit] = []
    for node in nodes:
        parent = tree.parents.get(node)
        if "=" in new and isinstance(parent, ast.keyword):
            span = tree.span(parent)
            edits.append(Edit(span.start, span.end, new))
        elif "=" not in new:
            span = tree.span(node)
            edits.append(Edit(span.start, span.end, new) if new == "None" else _text_edit(tree, node, new))
    if edits:
        reason = f"`{row.old.partition(':')[2]}` is now `{row.new}` since {row.since} ({row.note})"
        yield Candidate.edit(source, *edits, reason=reason, prior=0.93)


def colormap_edits(tree: Tree) -> Iterator[Edit]:
    """Yield the edits of the colour maps in a text that matplotlib has renamed."""
    for node in _texts(tree):
        parent = tree.parents.get(node)
        is_argument = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute | ast.Name)
        called = tree.source(parent.func) if isinstance(parent, ast.Call) else ""
        if not (is_argument and called.endswith("get_cmap")) and getattr(parent, "arg", "") != "cmap":
            continue
        for _, new in _rows("colormap", str(node.value)):
            yield _text_edit(tree, node, new)


def _texts(tree: Tree) -> Iterator[ast.Constant]:
    return (n for n in tree.nodes(ast.Constant) if isinstance(n.value, str))


def _text_edit(tree: Tree, node: ast.Constant, new: str) -> Edit:
    """Return the edit of a text between its quotes."""
    span = tree.span(node)
    text = tree.source(node)
    old = str(node.value)
    at = text.find(old)
    return Edit(span.start + at, span.start + at + len(old), new) if at > 0 else Edit(span.start, span.end, repr(new))
