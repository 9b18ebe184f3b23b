"""Commas that are missing or lack their quotes, and lines that go on without saying so."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, layout
from bestfix.lang.python import Token

__all__ = ["bare_mark", "commas_missing", "continued_line"]

_MARKS = frozenset({",", ";", ".", "-", "/", ":", "|", "+", "*", "&", "%", "=", "_", "\\", "?", "!"})
_BINARY = frozenset({"+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", ">", "<=", ">=", "and", "or", "&", "|", "."})


@slip
def bare_mark(broken: Broken) -> Iterator[Move]:
    """Put a mark that is the only argument of a call into quotes.

    Why: the quotes around a single character are forgotten.
    Example: `line.split(,)` → `line.split(",")`
    Safety: safe; the mark cannot be an argument.
    """
    shape = layout(broken)
    edits = []
    for before, opener, mark, close in _fours(shape):
        called = before.kind == "name" and opener.text == "(" and close.text == ")" and not opener.spaced
        if called and mark.text in _MARKS and mark.kind != "name":
            edits.append(Edit(mark.start, mark.end, f'"{mark.text}"'))
    if edits:
        yield Move(tuple(edits), 0.85, f"`{broken.text[edits[0].start : edits[0].end]}` is a text and stands in quotes")


@slip
def commas_missing(broken: Broken) -> Iterator[Move]:
    """Put commas between all items of a list or call that lack them.

    Why: items are copied from a table or from output.
    Example: `[1 2 3]` → `[1, 2, 3]`
    Safety: safe; nothing else can stand between two values.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    around = [(i, j) for i, j in shape.pairs.items() if i < at <= j]
    lists = [(i, j) for i, j in around if shape.tokens[i].text == "["]
    for opener, close in [*sorted(lists)[:1], *sorted(around, reverse=True)[:2]]:
        inside = [(opener, close), *((i, j) for i, j in shape.pairs.items() if opener < i < j < close)]
        places = [g for i, j in inside if shape.tokens[i].text == shape.tokens[opener].text for g in _gaps(shape, i, j)]
        if len(places) > 1:
            p = 0.9 if shape.tokens[opener].text == "[" or len(places) > 2 else 0.6
            yield Move(tuple(Edit.insert(place, ",") for place in sorted(places)), p, "items are separated by commas")
            return


@slip
def continued_line(broken: Broken) -> Iterator[Move]:
    r"""Join a line that ends with an operator, or an equals sign, with the next one.

    Why: outside brackets a line ends the statement.
    Example: `total = a +` and `    b` → `total = a + \\` and `    b`
    Safety: safe; a value must follow.
    """
    row = layout(broken).row_at(broken.offset)
    rows = layout(broken).rows
    if row is None or row.continued or row.last not in {*_BINARY, "="} or row.index + 1 >= len(rows):
        return
    following = rows[row.index + 1]
    token = following.tokens[0]
    if token.kind not in {"name", "number", "string"} and token.text not in {*OPENERS, "not", "-", "lambda"}:
        return
    assigns = any(t.text == "=" for t in following.tokens[1:2])
    p = 0.1 if assigns else 0.85 if following.width > row.width or token.text in OPENERS else 0.45
    reason = f"line {row.lineno} goes on in the next one"
    if row.last == "=" or following.lineno > row.lineno + 1:
        yield Move((Edit(row.end, following.start, " "),), p, reason)
    else:
        yield Move((Edit.insert(row.end, " \\"),), p, reason)


def _fours(shape: Layout) -> Iterator[tuple[Token, Token, Token, Token]]:
    """Yield every four tokens that follow each other."""
    tokens = shape.tokens
    yield from zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False)


def _gaps(shape: Layout, opener: int, close: int) -> Iterator[int]:
    """Yield the offsets between two values that nothing separates, directly inside a bracket."""
    for index in shape.directly_inside(opener, close):
        token, before = shape.tokens[index], shape.tokens[index - 1]
        ends = before.kind in {"name", "number", "string"} or (before.text in CLOSERS and before.kind == "op")
        starts = token.kind in {"name", "number", "string"} or (token.text in OPENERS and token.spaced)
        text = token.kind == before.kind == "string"
        if index > opener + 1 and ends and starts and not text:
            yield before.end
