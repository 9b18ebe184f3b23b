"""From a position in the text that was compiled to one in the text that the user wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from bestfix.core import Source, Span
from bestfix.lang.text import Lines

__all__ = ["CompiledSource", "Place", "Position", "placed"]

Position = tuple[int | None, int | None, int | None, int | None]
"""Line, end line, column, end column as `co_positions` gives them: lines from 1, columns in UTF-8 bytes."""
Place = tuple[int, Span | None]
"""A line of a source, 1-based, and the characters, when they are known."""

SEARCHED = 200
"""Lines that are searched for the next one that the compiled text and the source have in common."""
_CUT = re.compile(
    r"\s*(?:>>>|\.\.\.)[ \t]?|(?:\[\w+\]\s)?In \[\d+\]: |\s*\.{3,}: ?|(?:.*=)?\s*%time(?:it)?\s.*", re.DOTALL
)
"""What a front end cuts off the start of a line, besides white space: prompts, and the magic before a statement."""


@dataclass(frozen=True, slots=True)
class CompiledSource(Source):
    """A source that a front end changed before it compiled it, as IPython does with magics and common indent.

    Attributes:
        compiled: the text that was compiled.
        lines: for each line of it the line of the source (0 when there is none), and how many characters the source's
            line has before it; `None` when the line was rewritten, so that columns mean nothing.
    """

    compiled: str
    lines: tuple[tuple[int, int | None], ...]

    @classmethod
    def of(cls, name: str, text: str, compiled: str) -> CompiledSource | None:
        """Return the source that aligns both texts line by line, or `None` when they are not versions of one text."""
        lines = _aligned(_split(compiled), _split(text))
        written = [shift is not None for line, (_, shift) in zip(_split(compiled), lines, strict=True) if line.strip()]
        if compiled != text and sum(written) * 2 < len(written) and "get_ipython()" not in compiled:
            return None
        return cls(name, text, compiled, tuple(lines))

    def holds(self, code: CodeType) -> bool:
        """Whether a code object may have been compiled from this text."""
        if code.co_name.startswith("<") or code.co_name == "inner":
            return code.co_firstlineno <= len(self.lines)
        first = code.co_firstlineno
        return any(code.co_name in line for line in _split(self.compiled)[first - 1 : first + 20])


def placed(source: Source, lineno: int, position: Position | None) -> Place:
    """Return where in the user's text the compiled line and position are."""
    whole = position is not None and None not in position
    if not isinstance(source, CompiledSource):
        return lineno, _span(_lines(source.text), position, (0, 0)) if whole and position else None
    at, _ = source.lines[lineno - 1] if 0 < lineno <= len(source.lines) else (0, None)
    if not whole or position is None:
        return at, None
    first, last = position[0] or 1, position[1] or 1
    if last > len(source.lines):
        return at, None
    (start, shift), (end, end_shift) = source.lines[first - 1], source.lines[last - 1]
    if shift is None or end_shift is None:
        return at, None
    return at, _span(_lines(source.text), (start, end, position[2], position[3]), (shift, end_shift))


@lru_cache(maxsize=16)
def _lines(text: str) -> Lines:
    return Lines(text)


def _span(lines: Lines, position: Position, shifts: tuple[int, int]) -> Span:
    """Return the characters of a position; `shifts` are the ASCII characters before its first and last line."""
    first, last, column, end_column = (value or 0 for value in position)
    start = lines.offset_of_byte(first, column + shifts[0])
    return Span(start, max(start, lines.offset_of_byte(last, end_column + shifts[1])))


def _split(text: str) -> list[str]:
    lines = Lines(text)
    return [lines.line(number) for number in range(1, len(lines) + 1)]


def _aligned(compiled: Sequence[str], written: Sequence[str]) -> list[tuple[int, int | None]]:
    """Return for each compiled line the line it was written as (from 1) and the characters cut off before it."""
    places: list[tuple[int, int | None]] = []
    at = _magic_lines(written) if compiled and not _rewritten(compiled[0]) else 0
    for line in compiled:
        found = _next_like(line, written, at)
        if found is None:
            at = min(at + 1, len(written))
            places.append((at, None))
            while 0 < at < len(written) and written[at - 1].endswith("\\"):
                at += 1
        else:
            at, shift = found
            places.append((at, shift))
    return places


def _magic_lines(written: Sequence[str]) -> int:
    """Return the number of lines up to the body of a cell magic; 0 where there is none."""
    body = 0
    for number, line in enumerate(written, 1):
        if line.lstrip().startswith("%%"):
            body = number
        elif line.strip():
            break
    return body


def _rewritten(line: str) -> bool:
    return "get_ipython()" in line


def _next_like(line: str, written: Sequence[str], at: int) -> tuple[int, int] | None:
    """Return the next written line (from 1) that `line` is the end of; a blank or short line only just there."""
    while line.strip() and at < len(written) and not written[at].strip():
        at += 1
    if _rewritten(line) and (at >= len(written) or not _rewritten(written[at])):
        return None
    reach = SEARCHED if len(line.strip()) > 3 else 1
    for index in range(at, min(at + reach, len(written))):
        head, found, tail = written[index].rpartition(line) if line else (written[index], "", "")
        if not tail and (found or not line) and _is_cut(head):
            return index + 1, len(head)
    return None


def _is_cut(head: str) -> bool:
    """Whether a front end cuts such characters off the start of a line."""
    return not head.strip() or _CUT.fullmatch(head) is not None
