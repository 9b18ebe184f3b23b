"""Token slips of every kind: a token lost, one too many, one for another."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip

__all__ = ["deleted_line", "inserted_token", "lost_token"]

_LOST = {
    ")": 0.06,
    "]": 0.03,
    "}": 0.02,
    ":": 0.04,
    ",": 0.04,
    "(": 0.01,
    "[": 0.01,
    "{": 0.005,
    "=": 0.01,
    " in ": 0.005,
}
REACH = 8


@slip
def lost_token(broken: Broken) -> Iterator[Move]:
    """A bracket, comma, colon or operator is missing.

    Why: it is easily forgotten.
    Example: `print((1)` → `print((1))`
    Safety: nothing is lost.
    """
    tokens = broken.tokens
    at = _error_index(broken)
    for index in range(max(0, at - REACH), min(len(tokens), at + 1)):
        token = tokens[index]
        for text, p in _LOST.items():
            where = token.start if text in "([{" else token.end
            yield Move((Edit.insert(where, text),), p / (1 + abs(at - 1 - index)), f"`{text.strip()}` is missing")
    for lineno in range(broken.lineno, min(broken.lineno + 10, len(broken.lines) + 1)):
        for text in ")]}:":
            yield Move((Edit.insert(broken.lines.end(lineno), text),), 0.03, f"`{text}` is missing")


@slip
def inserted_token(broken: Broken) -> Iterator[Move]:
    """A token is one too many.

    Why: a bracket is closed twice, a word or mark is left over from an edit.
    Example: `f(1))` → `f(1)`
    Safety: the token is lost.
    """
    at = _error_index(broken)
    for index in range(max(0, at - REACH), min(len(broken.tokens), at + 1)):
        token = broken.tokens[index]
        p = (0.03 if token.kind == "op" else 0.005) / (1 + abs(at - index))
        yield Move((Edit.delete(token.start, token.end),), p, f"`{token.text}` is too much", safe=False)


@slip
def deleted_line(broken: Broken) -> Iterator[Move]:
    """A line cannot be understood.

    Why: text, output or a fragment stands between the code.
    Example: `x = 1` / `here it fails` → `x = 1`
    Safety: the line is lost.
    """
    start, end = broken.lines.start(broken.lineno), broken.lines.end(broken.lineno)
    indent = len(broken.line) - len(broken.line.lstrip())
    yield Move((Edit(start + indent, end, "pass"),), 1e-5, f"line {broken.lineno} is not Python", safe=False)
    yield Move(
        (Edit.delete(broken.lines.start(broken.lineno), end),), 1e-5, f"line {broken.lineno} is not Python", safe=False
    )


def _error_index(broken: Broken) -> int:
    """Return the index of the first token that ends after the place where the parser stopped."""
    return next((i for i, t in enumerate(broken.tokens) if t.end > broken.offset), len(broken.tokens) - 1)
