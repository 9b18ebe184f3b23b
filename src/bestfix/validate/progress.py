"""How far a changed program got, compared with the failure: past it, to it, or not even there."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from errno import EACCES, EPERM

from bestfix.core import ErrorInfo, Frame, Outcome, Patch, Report, Span
from bestfix.lang.python import Tree, parsed
from bestfix.lang.text import Lines

__all__ = ["confined", "graded", "same_error", "same_line"]

_REFUSED = (os.strerror(EACCES), os.strerror(EPERM), "can't start new thread")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_LOOPS = (ast.For, ast.While, ast.AsyncFor)


def same_error(one: ErrorInfo, other: ErrorInfo) -> bool:
    """Whether two errors say the same, wherever in memory the objects are that they speak of."""
    return one.type == other.type and _ADDRESS.sub("", one.message) == _ADDRESS.sub("", other.message)


def confined(report: Report, error: ErrorInfo) -> bool:
    """Whether an error comes from what a trial is not allowed, and not from the program."""
    if same_error(report.error, error):
        return False
    said = next((e for e in _chain(error) if e.is_a("PermissionError", "MemoryError")), None)
    return said is not None or any(text in e.message for e in _chain(error) for text in _REFUSED)


def graded(report: Report, patch: Patch, error: ErrorInfo) -> Outcome:
    """Return what an error that a changed program met says of the change."""
    place = _place(report, patch, error)
    if place > 0:
        return Outcome.MOVED
    return Outcome.SAME_ERROR if place == 0 and same_error(report.error, error) else Outcome.NEW_ERROR


def same_line(report: Report, patch: Patch, error: ErrorInfo) -> bool:
    """Whether an error that a changed program met is in the very line that failed."""
    if not report.error.frames or not error.frames:
        return False
    old, new = report.error.frames[-1], error.frames[-1]
    source = report.source(old.source)
    if source is None or (old.source, old.function) != (new.source, new.function):
        return False
    start = Lines(source.text).start(old.lineno)
    above = [e for e in patch.edits if old.source == patch.source and e.start <= start]
    added = sum(e.text.count("\n") - source.text.count("\n", e.start, e.end) for e in above)
    return new.lineno - added == old.lineno


def _chain(error: ErrorInfo | None) -> Iterator[ErrorInfo]:
    while error is not None:
        yield error
        error = error.cause


def _place(report: Report, patch: Patch, error: ErrorInfo) -> int:
    """Return whether an error is after the place of the failure (1), at it (0), or before it (-1)."""
    back = _reverse(patch)
    for old, new in zip(report.error.frames, error.frames, strict=False):
        if (old.source, old.function) != (new.source, new.function):
            return 0
        source = report.source(old.source)
        tree = parsed(source.text) if source is not None else None
        if tree is None:
            return 0
        shift = back if new.source == patch.source else _same
        place = _order(tree, _span(tree, old), _moved(tree, new, shift), patch)
        if place:
            return place
    return 0


def _span(tree: Tree, frame: Frame) -> Span:
    """Return the characters of a frame's position; of its line where no more is known."""
    return frame.span or Span(tree.lines.start(frame.lineno), tree.lines.end(frame.lineno))


def _same(offset: int) -> int:
    return offset


def _moved(tree: Tree, frame: Frame, back: Callable[[int], int]) -> Span:
    if frame.span is None:
        return Span(tree.lines.start(frame.lineno), tree.lines.end(frame.lineno))
    return Span(back(frame.span.start), back(frame.span.end))


def _order(tree: Tree, old: Span, new: Span, patch: Patch) -> int:
    """Return which of two places in one function is reached later: 1 for the new one, 0 where that is not known.

    Within a statement an expression comes after the parts that it is made of.
    """
    first, second = tree.at(old, ast.stmt), tree.at(new, ast.stmt)
    if first is None or second is None or old == new:
        return 0
    if first is second:
        return 1 if new.end > old.end or new.start < old.start <= old.end <= new.end else 0
    if tree.span(second).start >= tree.span(first).start:
        return 1
    edited = any(tree.span(second).start <= e.start <= tree.span(second).end for e in patch.edits)
    around = set(tree.ancestors(first)) & set(tree.ancestors(second))
    return 1 if not edited and any(isinstance(node, _LOOPS) for node in around) else -1


def _reverse(patch: Patch) -> Callable[[int], int]:
    """Return what takes an offset in the changed text back to the original one."""

    def back(offset: int) -> int:
        shift = 0
        for edit in patch.edits:
            start = edit.start + shift
            if offset < start:
                break
            if offset <= start + len(edit.text):
                return edit.start if offset == start else edit.end
            shift += len(edit.text) - (edit.end - edit.start)
        return offset - shift

    return back
