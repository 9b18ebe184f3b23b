"""The part of a long text that must be looked at to mend one error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bestfix.lang.text import Lines

__all__ = ["Window"]

WHOLE = 3000
"""Characters up to which a text is looked at as a whole."""
BACK, ON = 2, 4
"""Statements at the margin before and after the one with the error that belong to its window."""
_START = re.compile(r"(?![\s)\]}#]|(?:else|elif|except|finally)\b)")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole lines of a text, from `start` to `end`."""

    text: str
    start: int
    end: int

    @classmethod
    def around(cls, text: str, lineno: int) -> Window:
        """Return the window around a line: the statement at the margin that holds it and a few of its neighbours."""
        if len(text) <= WHOLE:
            return cls(text, 0, len(text))
        lines = Lines(text)
        first, left = lineno, BACK
        while first > 1:
            left -= _starts(lines, first)
            if left <= 0:
                break
            first -= 1
        last, left = lineno + 1, ON
        while last < len(lines):
            left -= _starts(lines, last)
            if left <= 0:
                break
            last += 1
        return cls(text, lines.start(first), lines.start(last) if last < len(lines) else len(text))

    @property
    def inner(self) -> str:
        """The text in the window."""
        return self.text[self.start : self.end]

    def whole(self, inner: str) -> str:
        """Return the whole text with `inner` in the window."""
        return self.text[: self.start] + inner + self.text[self.end :]


def _starts(lines: Lines, lineno: int) -> bool:
    line = lines.line(lineno)
    return bool(line) and _START.match(line) is not None
