"""The pieces of a program text that can hold a value of the user's: insides of strings, numbers, comments, magics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bestfix.core import Language
from bestfix.lang.python import Token, is_foreign, masked, tokenized
from bestfix.lang.python.escapes import escapes, has_escapes
from bestfix.lang.sql import tokenized as sql_tokenized
from bestfix.lang.sql.tokens import KEYWORDS

__all__ = ["Piece", "Place", "pieces"]

_HEAD = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")")
_SQL_HEAD = re.compile(r"(?P<prefix>[A-Za-z]?&?)(?P<quote>'|\"|`|\$[A-Za-z_]*\$)")
_FIRST_WORD = re.compile(r"\s*[^\s\w]*\w*")


class Place(StrEnum):
    """Where a piece stands."""

    STRING = "string"
    """The inside of a string, or of a quoted identifier."""
    NUMBER = "number"
    COMMENT = "comment"
    LINE = "line"
    """The arguments of a magic or shell command, or the body of a cell in another language."""
    NAME = "name"
    LOOSE = "loose"
    """A word near a quote that is never closed: it may be in a string or code."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text.

    Attributes:
        place: where it stands.
        start, end: its characters.
        style: how the string is delimited that it stands in: its prefix and quote.
        before: the last name or string before it, for what it is given to.
    """

    place: Place
    start: int
    end: int
    style: str = ""
    before: str = ""


def pieces(text: str, language: Language) -> Iterator[Piece]:
    """Yield the pieces of a text in order; none overlap."""
    yield from _python(text) if language is Language.PYTHON else _sql(text)


def _python(text: str) -> Iterator[Piece]:
    if is_foreign(text):
        yield _rest(text, 0, len(text))
        return
    lines = [_rest(text, e.span.start, e.code or e.span.end) for e in escapes(text)] if has_escapes(text) else []
    lines += [_rest(text, 0, text.find("\n"))] if text.lstrip().startswith("%%") and "\n" in text else []
    found = list(_python_code(masked(text), text, 0))
    end = 0
    for piece in sorted([*lines, *found], key=lambda p: p.start):
        if piece.start >= end:
            yield piece
            end = piece.end


def _rest(text: str, start: int, end: int) -> Piece:
    """Return what follows the first word of a stretch."""
    word = _FIRST_WORD.match(text, start, end)
    return Piece(Place.LINE, word.end() if word else start, end)


def _python_code(code: str, text: str, shift: int) -> Iterator[Piece]:
    """Yield the pieces of Python; `text` is the original, in which `code` starts at `shift`."""
    tokens = tokenized(code, comments=True)
    doubtful, line, before = _doubtful(tokens), 0, ""
    for token in tokens:
        start, end = token.start + shift, token.end + shift
        line += token.kind == "newline"
        if text[start:end] != token.text:
            continue
        if token.kind == "comment":
            yield Piece(Place.COMMENT, start + 1, end)
        elif token.kind == "number":
            yield Piece(Place.NUMBER, start, end, before=before)
        elif token.kind == "name":
            yield Piece(Place.LOOSE if doubtful is None or line in doubtful else Place.NAME, start, end)
            before = token.text
        elif token.kind == "string":
            yield from _string(token.text, text, start, before)
            before = token.text
        elif token.kind == "error" and (head := _HEAD.match(token.text)):
            yield Piece(Place.LOOSE, start + head.end(), end)


def _doubtful(tokens: Sequence[Token]) -> set[int] | None:
    """Return the lines on which a quote is never closed, so that any word may be inside; `None` for all lines."""
    found, line = set[int](), 0
    for token in tokens:
        line += token.kind == "newline"
        if token.kind == "error" and (head := _HEAD.match(token.text)):
            if len(head["quote"]) == 3:
                return None
            found.add(line)
    return found


def _string(literal: str, text: str, start: int, before: str) -> Iterator[Piece]:
    head = _HEAD.match(literal)
    if head is None:
        return
    first, last, style = head.end(), len(literal) - len(head["quote"]), head.group().lower()
    if not {"f", "t"} & set(head["prefix"].lower()):
        yield Piece(Place.STRING, start + first, start + last, style, before)
        return
    at = first
    for hole, close in _holes(literal, first, last):
        yield Piece(Place.STRING, start + at, start + hole, style, before)
        yield from _python_code(literal[hole + 1 : close], text, start + hole + 1)
        at = close + 1
    yield Piece(Place.STRING, start + min(at, last), start + last, style, before)


def _holes(literal: str, at: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield where the holes of an f-string open and close; one that is never closed reaches to its end."""
    while (at := literal.find("{", at, last)) >= 0:
        if literal.startswith("{{", at):
            at += 2
            continue
        depth, close = 1, at + 1
        while close < last and depth:
            depth += {"{": 1, "}": -1}.get(literal[close], 0)
            close += 1
        close -= depth == 0
        yield at, close
        at = close + 1


def _sql(text: str) -> Iterator[Piece]:
    tokens, before = sql_tokenized(text, comments=True), ""
    doubtful = any(token.kind == "error" and token.text in "'\"`" for token in tokens)
    for token in tokens:
        start, end = token.start, token.end
        if token.kind == "comment":
            yield Piece(Place.COMMENT, start + 2, end - 2 if token.text.endswith("*/") and end - start > 3 else end)
        elif token.kind == "number":
            yield Piece(Place.NUMBER, start, end, before=before)
        elif token.kind in {"string", "quoted"} and (head := _SQL_HEAD.match(token.text)):
            yield Piece(Place.STRING, start + head.end(), end - len(head["quote"]), head.group().lower(), before)
            before = token.name
        elif token.kind == "template":
            yield Piece(Place.LOOSE, start + 2, end - 2)
        elif token.kind == "name":
            yield Piece(Place.LOOSE if doubtful and token.upper not in KEYWORDS else Place.NAME, start, end)
            before = token.text
