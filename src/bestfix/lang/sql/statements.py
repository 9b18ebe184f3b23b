"""The statements of a script."""

from __future__ import annotations

import itertools
import sqlite3

from bestfix.core import Span
from bestfix.lang.sql.tokens import Token, tokenized

__all__ = ["OTHER_STATEMENTS", "first_words", "is_script", "query_part", "statements"]

_VERBS = frozenset([
    "ALTER", "ANALYZE", "ATTACH", "BEGIN", "CALL", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE", "DESCRIBE",
    "DETACH", "DROP", "EXPLAIN", "GRANT", "INSERT", "INSTALL", "LOAD", "MERGE", "PIVOT", "PRAGMA", "REPLACE",
    "RESET", "ROLLBACK", "SAVEPOINT", "SELECT", "SET", "SHOW", "SUMMARIZE", "TRUNCATE", "UPDATE", "USE", "VACUUM",
    "VALUES", "WITH",
])  # fmt: skip


OTHER_STATEMENTS = _VERBS - {"SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"}
"""The first words of statements that are no queries."""


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


def is_script(text: str, dialect: str = "") -> bool:
    """Whether a text is several statements, each of which begins as one does, or nearly."""
    found = statements(text, dialect)
    return len(found) > 1 and all(_is_verb(first_words(text[s.start : s.end], 1)[0]) for s in found)


def _is_verb(word: str) -> bool:
    from rapidfuzz.distance import OSA

    return word in _VERBS or (len(word) > 4 and any(OSA.distance(word, verb) == 1 for verb in _VERBS))


def query_part(text: str) -> Span:
    """Return where the query of a statement stands: behind `CREATE … AS` and `EXPLAIN`, else the whole of it."""
    tokens = tokenized(text)
    start = 0
    if tokens and tokens[0].is_word("CREATE") and any(t.is_word("TABLE", "VIEW") for t in tokens[1:6]):
        pairs = enumerate(itertools.pairwise(tokens), 1)
        start = next((i for i, (one, two) in pairs if one.is_word("AS") and two.is_word("SELECT", "WITH")), 0)
    elif tokens and tokens[0].is_word("EXPLAIN"):
        start = next((i for i, t in enumerate(tokens) if t.is_word("SELECT", "WITH")), 0)
    return Span(tokens[start].start, len(text)) if start else Span(0, len(text))


def first_words(text: str, count: int = 2) -> tuple[str, ...]:
    """Return the first words of a statement in upper case."""
    return tuple(token.upper for token in tokenized(text)[:count])


def _is_open_trigger(text: str, held: list[Token], end: Token) -> bool:
    words = {token.upper for token in held[:4]}
    return {"CREATE", "TRIGGER"} <= words and not sqlite3.complete_statement(text[held[0].start : end.end])
