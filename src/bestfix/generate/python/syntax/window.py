"""The part of a text that must be looked at to mend one error: a few lines, and the headers they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Edit, Patch
from bestfix.generate.python.syntax.base import Broken
from bestfix.lang.python import compiles
from bestfix.lang.text import Lines

__all__ = ["Window"]

WHOLE = 1200
"""Characters up to which a text is looked at as a whole."""
BACK, ON = 2, 4
"""Statements at the margin before and after the one with the error that belong to its window."""
_START = re.compile(r"(?![\s)\]}#]|(?:else|elif|except|finally)\b)")
_BLOCK = re.compile(r"[ \t]*(?:async[ \t]+def|def|class|@)\b")


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of whole lines of a text.

    Attributes:
        text: the whole text.
        stretches: the start and end of each stretch, in order.
    """

    text: str
    stretches: tuple[tuple[int, int], ...]

    @classmethod
    def all(cls, text: str) -> Window:
        """Return the window of the whole text."""
        return cls(text, ((0, len(text)),))

    @classmethod
    def around(cls, text: str, error: SyntaxError) -> Window:
        """Return the smallest window in which the parser finds the same error."""
        broken = Broken.of(text, error)
        if len(text) > WHOLE:
            for stretches in (_definition(broken), _margin(broken)):
                window = cls(text, stretches)
                again = compiles(window.inner)
                if again is not None and again.msg == error.msg:
                    inner = Broken.of(window.inner, again)
                    if inner.line == broken.line:
                        return window
        return cls.all(text)

    @property
    def inner(self) -> str:
        """The text in the window."""
        return "".join(self.text[start:end] for start, end in self.stretches)

    @property
    def everything(self) -> bool:
        """Whether the window holds the whole text."""
        return self.stretches == ((0, len(self.text)),)

    def edits(self, inner: str) -> tuple[Edit, ...]:
        """Return the edits of the whole text that put `inner` into the window."""
        patch = Patch.between(self.inner, inner, source="")
        return tuple(Edit(self._outer(e.start), self._outer(e.end), e.text) for e in patch.edits)

    def whole(self, inner: str) -> str:
        """Return the whole text with `inner` in the window."""
        return Patch("", self.edits(inner)).apply(self.text)

    def _outer(self, offset: int) -> int:
        """Return where an offset of the inner text stands in the whole text."""
        for start, end in self.stretches:
            if offset <= end - start:
                return start + offset
            offset -= end - start
        return len(self.text)


def _definition(broken: Broken) -> tuple[tuple[int, int], ...]:
    """Return the stretches of the function or class with the error and of the headers that it stands under."""
    lines = broken.lines
    first = max(1, broken.lineno - 2)
    while first > 1 and not _BLOCK.match(lines.line(first)):
        first -= 1
    indent = min(_indent(lines.line(first)), _indent(broken.line))
    last = broken.lineno + 1
    while last <= len(lines) and not (lines.line(last).strip() and _ends(lines.line(last), indent)):
        last += 1
    headers = [(lines.start(i), lines.start(i + 1)) for i in _headers(lines, first)]
    return (*reversed(headers), (lines.start(first), _start(lines, last)))


def _ends(line: str, indent: int) -> bool:
    """Whether a line cannot belong to a definition that stands at `indent`."""
    return _indent(line) < indent or (_indent(line) == indent and _START.match(line.lstrip()) is not None)


def _headers(lines: Lines, lineno: int) -> Iterator[int]:
    """Yield the lines under which a line stands, the nearest first."""
    indent = _indent(lines.line(lineno))
    while indent and lineno > 1:
        lineno -= 1
        line = lines.line(lineno)
        if line.strip() and _indent(line) < indent:
            indent = _indent(line)
            yield lineno


def _margin(broken: Broken) -> tuple[tuple[int, int], ...]:
    """Return the stretch of the statement at the margin that holds the error and of a few of its neighbours."""
    lines = broken.lines
    first, left = broken.lineno, BACK
    while first > 1:
        left -= _START.match(lines.line(first)) is not None and bool(lines.line(first))
        if left <= 0:
            break
        first -= 1
    last, left = broken.lineno + 1, ON
    while last <= len(lines):
        left -= _START.match(lines.line(last)) is not None and bool(lines.line(last))
        if left <= 0:
            break
        last += 1
    return ((lines.start(first), _start(lines, last)),)


def _start(lines: Lines, lineno: int) -> int:
    return lines.start(lineno) if lineno <= len(lines) else len(lines.text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
