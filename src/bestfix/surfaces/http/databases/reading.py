"""Whether a statement begins as one that only reads; the connection that it is run on has the last word."""

from __future__ import annotations

from bestfix.lang.sql.statements import first_words

__all__ = ["first_word", "reads"]

_READING = frozenset({
    "SELECT", "WITH", "VALUES", "FROM", "TABLE", "EXPLAIN", "SHOW", "DESCRIBE", "DESC", "SUMMARIZE", "PIVOT", "UNPIVOT",
})  # fmt: skip


def first_word(statement: str) -> str:
    """Return the first word of a statement in upper case, parentheses before it left out; empty for none."""
    return next((word for word in first_words(statement, 20) if word != "("), "")


def reads(statement: str) -> bool:
    """Whether a statement begins as one that only reads."""
    return first_word(statement) in _READING
