"""How broken code is laid out: its lines with code, their indentation, its brackets. Nothing here needs it to parse."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken
from bestfix.lang.python import Token
from bestfix.lang.text import Lines

__all__ = ["BLOCK_WORDS", "CLAUSES", "CLOSERS", "OPENERS", "Layout", "Row", "layout"]

OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = {close: open_ for open_, close in OPENERS.items()}
BLOCK_WORDS = frozenset("if elif else for while try except finally with def class async match case".split())
CLAUSES: Mapping[str, frozenset[str]] = {
    "else": frozenset({"if", "elif", "for", "while", "try", "except"}),
    "elif": frozenset({"if", "elif"}),
    "except": frozenset({"try", "except"}),
    "finally": frozenset({"try", "except", "else"}),
}
"""The further clauses of statements, and the words that the part before each can start with."""
_STATEMENT_WORDS = frozenset(
    "def class return with try except finally while import raise global nonlocal del pass break continue assert".split()
)
TAB = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A line with code in it; a line joined to the one before by a backslash belongs to that.

    Attributes:
        index: its place among the rows.
        lineno: its first line.
        indent: its leading white space.
        width: the column of its first character, as Python counts tabs.
        tokens: its tokens.
        continued: whether it stands inside a bracket that an earlier row opens.
    """

    index: int
    lineno: int
    indent: str
    width: int
    tokens: tuple[Token, ...]
    continued: bool

    @property
    def start(self) -> int:
        """The offset of its first token."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """The offset just after its last token."""
        return self.tokens[-1].end

    @property
    def first(self) -> str:
        """The text of its first token."""
        return self.tokens[0].text

    @property
    def last(self) -> str:
        """The text of its last token."""
        return self.tokens[-1].text

    @property
    def word(self) -> str:
        """The keyword that the row starts with, `async` passed over; empty for none."""
        token = self.tokens[1] if self.first == "async" and len(self.tokens) > 1 else self.tokens[0]
        return token.text if token.kind == "keyword" or token.text in {"match", "case"} else ""

    @property
    def opens_block(self) -> bool:
        """Whether it looks like the head of a block."""
        return self.last == ":" and self.word in BLOCK_WORDS


class Layout:
    """The rows and brackets of a text.

    Attributes:
        text: the text.
        tokens: its tokens, line ends left out.
        lines: its lines.
    """

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.lines = Lines(text)
        self._all = tokens
        self.tokens = [t for t in tokens if t.kind != "newline"]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows, in order."""
        rows: list[Row] = []
        depth = 0
        for tokens in self._split():
            lineno, column = self.lines.position(tokens[0].start)
            indent = self.text[self.lines.start(lineno) : tokens[0].start]
            if indent.strip(" \t\f"):
                indent = " " * column
            starts = tokens[0].text in _STATEMENT_WORDS or (tokens[-1].text == ":" and tokens[0].text in BLOCK_WORDS)
            if starts:
                depth = 0
            rows.append(Row(len(rows), lineno, indent, len(indent.expandtabs(TAB)), tuple(tokens), depth > 0))
            for token in tokens:
                if token.kind == "op":
                    depth = max(0, depth + (token.text in OPENERS) - (token.text in CLOSERS))
        return rows

    def _split(self) -> Iterator[list[Token]]:
        tokens: list[Token] = []
        for token in self._all:
            if token.kind != "newline":
                tokens.append(token)
            elif tokens:
                yield tokens
                tokens = []
        if tokens:
            yield tokens

    @cached_property
    def statements(self) -> list[Row]:
        """The rows that start a statement."""
        return [row for row in self.rows if not row.continued]

    @cached_property
    def unit(self) -> str:
        """One step of indentation, as this text has it."""
        steps: dict[str, int] = {}
        for before, row in zip(self.statements, self.statements[1:], strict=False):
            if before.opens_block and row.width > before.width and row.indent.startswith(before.indent):
                step = row.indent[len(before.indent) :]
                steps[step] = steps.get(step, 0) + 1
        return max(steps, key=lambda s: steps[s]) if steps else "    "

    @cached_property
    def pairs(self) -> dict[int, int]:
        """The partner of each matched bracket, by index in `tokens`, both ways."""
        return self._matched[0]

    @cached_property
    def unclosed(self) -> list[int]:
        """The indices of the opening brackets that nothing closes."""
        return self._matched[1]

    @cached_property
    def unmatched(self) -> list[int]:
        """The indices of the closing brackets that close nothing, or the wrong kind."""
        return self._matched[2]

    @cached_property
    def _matched(self) -> tuple[dict[int, int], list[int], list[int]]:
        pairs: dict[int, int] = {}
        stack: list[int] = []
        wrong: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.kind != "op":
                continue
            if token.text in OPENERS:
                stack.append(index)
            elif token.text in CLOSERS:
                if stack and self.tokens[stack[-1]].text == CLOSERS[token.text]:
                    opener = stack.pop()
                    pairs[opener], pairs[index] = index, opener
                else:
                    wrong.append(index)
        return pairs, stack, wrong

    def directly_inside(self, opener: int, close: int) -> Iterator[int]:
        """Yield the indices of the tokens inside a bracket; of a bracket inside it, the opening one alone."""
        index, depth = opener + 1, 0
        while index < close:
            token = self.tokens[index]
            closes = token.kind == "op" and token.text in CLOSERS
            depth -= closes
            if depth == 0:
                yield index
            opens = token.kind == "op" and token.text in OPENERS
            if opens and index in self.pairs:
                index = self.pairs[index]
            else:
                depth += opens
            index += 1

    def at(self, offset: int) -> int:
        """Return the index of the token that covers `offset`, or of the first one after it."""
        return bisect.bisect_right(self.tokens, offset, key=lambda token: token.end)

    def token(self, index: int) -> Token | None:
        """Return the token at an index, or `None` beyond either end."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def row_at(self, offset: int) -> Row | None:
        """Return the last row that starts at or before the end of the line of `offset`."""
        end = self.lines.end(self.lines.lineno(offset))
        place = bisect.bisect_right(self.rows, end, key=lambda row: row.start)
        return self.rows[place - 1] if place else None

    def statement_at(self, offset: int) -> Row | None:
        """Return the statement row that the line of `offset` belongs to."""
        end = self.lines.end(self.lines.lineno(offset))
        place = bisect.bisect_right(self.statements, end, key=lambda row: row.start)
        return self.statements[place - 1] if place else None

    def in_string(self, lineno: int) -> bool:
        """Whether a line starts inside a string."""
        start = self.lines.start(lineno)
        token = self.token(self.at(start))
        return token is not None and token.kind == "string" and token.start < start < token.end

    def body_end(self, head: Row) -> int:
        """Return the index, in `statements`, after the last one that is indented deeper than `head`."""
        index = self.statements.index(head) + 1
        while index < len(self.statements) and self.statements[index].width > head.width:
            index += 1
        return index

    def last_line(self, row: Row) -> int:
        """Return the line before the next statement after `row`, blank and comment lines at its end left out."""
        following = next((r for r in self.statements if r.index > row.index), None)
        last = following.lineno - 1 if following else len(self.lines)
        while last > row.lineno and not self._has_code(last):
            last -= 1
        return last

    def _has_code(self, lineno: int) -> bool:
        line = self.lines.line(lineno).strip()
        return bool(line) and (not line.startswith("#") or self.in_string(lineno))

    def moved(self, first: int, last: int, old: str, new: str) -> tuple[Edit, ...]:
        """Return the edits that give the lines `first` to `last` the indentation `new` where they have `old`."""
        edits = []
        for lineno in range(first, last + 1):
            line = self.lines.line(lineno)
            if not line.strip() or self.in_string(lineno):
                continue
            start = self.lines.start(lineno)
            space = line[: len(line) - len(line.lstrip(" \t\f"))]
            if space.startswith(old):
                edits.append(Edit(start, start + len(old), new))
            else:
                width = len(space.expandtabs(TAB)) + len(new.expandtabs(TAB)) - len(old.expandtabs(TAB))
                edits.append(Edit(start, start + len(space), " " * max(0, width)))
        return tuple(e for e in edits if self.text[e.start : e.end] != e.text)

    def moved_rows(self, rows: Sequence[Row], new: str) -> tuple[Edit, ...]:
        """Return the edits that move whole statements so that the first of them has the indentation `new`."""
        return self.moved(rows[0].lineno, self.last_line(rows[-1]), rows[0].indent, new) if rows else ()


@lru_cache(maxsize=8)
def layout(broken: Broken) -> Layout:
    """Return the layout of broken code. Cached: the slips that look at one error share it."""
    return Layout(broken.text, broken.tokens)
