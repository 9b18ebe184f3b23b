"""Statements, clauses and blocks that share a line but may not."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import BLOCK_WORDS, CLAUSES, CLOSERS, OPENERS, Layout, Row, layout

__all__ = ["block_after_colon", "clause_on_line", "two_statements"]

_STARTS = frozenset(
    {"import", "from", "def", "class", "return", "raise", "while", "try", "with", "pass", "del", "global"}
)


@slip
def two_statements(broken: Broken) -> Iterator[Move]:
    """Part two statements that stand on one line.

    Why: the line end was lost when the code was copied.
    Example: `import os import sys` → `import os` and `import sys`
    Safety: safe; nothing else can part them.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    places = list(_new_statements(shape, row))
    if not any(abs(shape.tokens[i].start - broken.offset) <= 20 for i in places):
        return
    head = row.word in BLOCK_WORDS
    inline = head and any(text == ":" for index, text in _outside_brackets(shape, row) if index < places[0])
    if head and not inline:
        return
    gap = "; " if inline else f"\n{row.indent}"
    edits = tuple(Edit(shape.tokens[i - 1].end, shape.tokens[i].start, gap) for i in places)
    sure = all(shape.tokens[i].kind == "keyword" or shape.tokens[i + 1].text == "=" for i in places)
    yield Move(edits, 0.9 if sure else 0.7, "two statements need a line of their own each")


@slip
def clause_on_line(broken: Broken) -> Iterator[Move]:
    """Put `else`, `elif`, `except` and `finally` on a line of their own.

    Why: other languages allow it.
    Example: `if x: a() else: b()` → `if x: a()` and `else: b()`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word not in BLOCK_WORDS:
        return
    edits = []
    for index, token in _outside_brackets(shape, row):
        if token in CLAUSES and index > shape.at(row.start) and _colon_follows(shape, index):
            edits.append(Edit(shape.tokens[index - 1].end, shape.tokens[index].start, f"\n{row.indent}"))
    if edits:
        yield Move(tuple(edits), 0.93, "the clause starts a line of its own")


@slip
def block_after_colon(broken: Broken) -> Iterator[Move]:
    """Put a block that stands behind the head of another one on lines of its own.

    Why: a line holds one head alone.
    Example: `class A: def f(self): pass` → `class A:` and below it `def f(self): pass`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word not in BLOCK_WORDS:
        return
    words = [(index, text) for index, text in _outside_brackets(shape, row) if text == ":"]
    for index, _ in words[:1]:
        after = shape.token(index + 1)
        if after is None or after.text not in BLOCK_WORDS - {"match", "case"} or after.start > row.end:
            continue
        edits = [Edit(shape.tokens[index].end, after.start, f"\n{row.indent}{shape.unit}")]
        following = shape.statements[shape.statements.index(row) + 1 : shape.body_end(row)]
        if following:
            edits += shape.moved_rows(following, following[0].indent + shape.unit)
        yield Move(tuple(edits), 0.85, f"`{after.text}` starts a block of its own, on its own line")


def _new_statements(shape: Layout, row: Row) -> Iterator[int]:
    """Yield the tokens of a row, by index, at which a further statement seems to start."""
    for index, text in _outside_brackets(shape, row):
        token, before = shape.tokens[index], shape.tokens[index - 1]
        if index == shape.at(row.start):
            continue
        operand = before.kind in {"name", "number", "string"} or before.text in {*CLOSERS, "True", "False", "None", "*"}
        if not operand or not token.spaced or (before.text == "*" and shape.tokens[index - 2].text != "import"):
            continue
        after = shape.token(index + 1)
        if text in _STARTS:
            source = text in {"from", "import"} and row.first in {"from", "raise", "yield"}
            starts = not source or "import" in _before(shape, row, index)
        else:
            assigned = after is not None and after.text == "=" and row.first in {"import", "from"}
            acts = after is not None and _acts(after.text) and before.kind != "name"
            starts = token.kind == "name" and (assigned or acts)
        if starts:
            yield index


def _acts(text: str) -> bool:
    """Whether a statement can go on so after its first name."""
    return text in {"=", "(", "+=", "-=", "."}


def _before(shape: Layout, row: Row, index: int) -> list[str]:
    return [t.text for t in shape.tokens[shape.at(row.start) : index]]


def _outside_brackets(shape: Layout, row: Row) -> Iterator[tuple[int, str]]:
    """Yield the tokens of a row that stand outside brackets, by index and text."""
    depth = 0
    for index in range(shape.at(row.start), shape.at(row.tokens[-1].start) + 1):
        token = shape.tokens[index]
        if token.kind == "op" and token.text in CLOSERS:
            depth -= 1
        if depth == 0:
            yield index, token.text
        if token.kind == "op" and token.text in OPENERS:
            depth += 1


def _colon_follows(shape: Layout, index: int) -> bool:
    """Whether a colon ends the clause that starts at a token, on its line."""
    for i in range(index + 1, len(shape.tokens)):
        if "\n" in shape.text[shape.tokens[i - 1].end : shape.tokens[i].start]:
            return False
        if shape.tokens[i].text == ":":
            return True
    return False
