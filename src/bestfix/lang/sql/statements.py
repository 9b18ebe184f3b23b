"""The statements of a script."""

from __future__ import annotations

import sqlite3

from bestfix.core import Span
from bestfix.lang.sql.tokens import Token, tokenized

__all__ = ["first_words", "statements"]


def statements(text: str, dialect: str = "") -> list[Span]:
    """Return where the statements of a script stand, without the semicolons and the space around them.

    A body in a trigger of SQLite's holds statements of its own and is not cut.
    """
    found: list[Span] = []
    held: list[Token] = []
    for token in tokenized(text):
        if token.text != ";":
            held.append(token)
        elif held and not (dialect == "sqlite" and _is_open_trigger(text, held, token)):
            found.append(Span(held[0].start, held[-1].end))
            held = []
    return [*found, Span(held[0].start, held[-1].end)] if held else found


def first_words(text: str, count: int = 2) -> tuple[str, ...]:
    """Return the first words of a statement in upper case."""
    return tuple(token.upper for token in tokenized(text)[:count])


def _is_open_trigger(text: str, held: list[Token], end: Token) -> bool:
    words = {token.upper for token in held[:4]}
    return {"CREATE", "TRIGGER"} <= words and not sqlite3.complete_statement(text[held[0].start : end.end])
