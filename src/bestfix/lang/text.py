"""Positions in a text: lines, columns, characters and UTF-8 bytes."""

from __future__ import annotations

import bisect
from functools import cached_property

__all__ = ["SIZE_LIMIT", "Lines"]

SIZE_LIMIT = 300_000
"""Characters of a source (some 8,000 lines) above which nothing is parsed: the time would go into that alone."""


class Lines:
    r"""The lines of a text, as the Python parser counts them (`\n`, `\r\n` and `\r` end a line; form feeds do not).

    Line numbers are 1-based; columns and offsets are 0-based characters unless a name says bytes.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        starts, text, at = [0], self.text, 0
        if "\r" not in text:
            while (at := text.find("\n", at) + 1) > 0:
                starts.append(at)
            return starts
        for at, char in enumerate(text):
            if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
                starts.append(at + 1)
        return starts

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, lineno: int) -> str:
        """Return the line without its end; empty for a line that does not exist."""
        if not 1 <= lineno <= len(self.starts):
            return ""
        return self.text[self.start(lineno) : self.end(lineno)]

    def start(self, lineno: int) -> int:
        """Return the offset of the first character of the line, clamped to the text."""
        if lineno < 1:
            return 0
        return self.starts[lineno - 1] if lineno <= len(self.starts) else len(self.text)

    def end(self, lineno: int) -> int:
        """Return the offset just after the last character of the line, its line end left out."""
        stop = self.start(lineno + 1) if lineno < len(self.starts) else len(self.text)
        start = self.start(lineno)
        return start + len(self.text[start:stop].rstrip("\r\n"))

    def offset(self, lineno: int, column: int) -> int:
        """Return the offset of a column, clamped to the line."""
        return min(self.start(lineno) + max(column, 0), self.end(lineno))

    def offset_of_byte(self, lineno: int, column: int) -> int:
        """Return the offset of a column that is counted in UTF-8 bytes, as `ast` and code objects count."""
        line = self.line(lineno)
        if line.isascii():
            return self.offset(lineno, column)
        return self.start(lineno) + len(
            line.encode("utf-8", "surrogatepass")[: max(column, 0)].decode("utf-8", "ignore")
        )

    def lineno(self, offset: int) -> int:
        """Return the line in which the character at `offset` stands."""
        return bisect.bisect_right(self.starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of a character."""
        lineno = self.lineno(offset)
        return lineno, offset - self.starts[lineno - 1]
