"""Whether a fix touches more than it must; the bounds are those that references keep (`docs/design/llm.md`)."""

from __future__ import annotations

import difflib
import re

from bestfix.core import Language, Report, Source
from bestfix.lang.python import tokenized
from bestfix.lang.sql.tokens import distance
from bestfix.lang.sql.tokens import tokenized as sql_tokenized
from bestfix.lang.text import Lines

__all__ = ["beyond"]

NEAR = 3
"""Lines from the failing one that count as its surroundings."""
UNRELATED = 2
"""Changed lines beyond them that share no name with the failing line or the message, and import nothing."""
CHANGED = 12
"""Changed lines."""
TOKENS = 24
PART = 0.6
"""Tokens of a query that may change: so many, or that part of it."""


def beyond(report: Report, source: Source, new: str) -> str:
    """Return why a fix touches more than it must; empty when it does not."""
    if report.language is Language.SQL:
        allowed = max(TOKENS, PART * len(sql_tokenized(source.text)))
        return "it changes most of the query" if distance(source.text, new) > allowed else ""
    changed, unrelated = _changes(report, source, new)
    if unrelated > UNRELATED:
        return f"it changes {unrelated} lines that have nothing to do with the error"
    return f"it changes {changed} lines" if changed > CHANGED else ""


def _changes(report: Report, source: Source, new: str) -> tuple[int, int]:
    """Return how many lines of a source change, and how many of these have nothing to do with the failure."""
    before, after = ([line.rstrip() for line in text.splitlines()] for text in (source.text, new))
    place, span, lineno = report.innermost
    here = place.name == source.name
    failing = (lineno or (Lines(source.text).lineno(span.start) if span else 0)) if here else 0
    names = _names(before[failing - 1]) if 0 < failing <= len(before) else set()
    names |= set(re.findall(r"\w+", report.error.message))
    changed = unrelated = 0
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        lines = max(i2 - i1, j2 - j1)
        text = "\n".join([*before[i1:i2], *after[j1:j2]])
        near = failing and i1 - NEAR <= failing <= max(i2, i1 + 1) + NEAR
        changed += lines
        unrelated += 0 if near or "import" in text or names & _names(text) else lines
    return changed, unrelated


def _names(text: str) -> set[str]:
    return {token.text for token in tokenized(text) if token.kind == "name"}
