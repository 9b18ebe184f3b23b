"""Bind a statement on the real database without running it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from bestfix.capture.catalog.database import Database
from bestfix.capture.catalog.readers import Run
from bestfix.capture.sql_error import error_info
from bestfix.core import ErrorInfo, Outcome, Span
from bestfix.lang.sql import masked, tokenized
from bestfix.lang.text import Lines

__all__ = ["Binder", "Checker", "binding", "statement_error", "without_prefix"]

_BINDABLE = frozenset(["SELECT", "WITH", "VALUES", "FROM", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"])
"""The first words of statements that EXPLAIN describes and does not run, on every engine."""


class Checker(Protocol):
    """Tells what speaks against a statement, without running it."""

    outcome: ClassVar[Outcome]
    """What is known of a statement against which nothing speaks."""

    @property
    def dialect(self) -> str:
        """The dialect of the engine."""

    @property
    def untried(self) -> str:
        """Why the engine was not asked; empty when it was."""

    def error(self, text: str) -> ErrorInfo | None:
        """Return what speaks against a statement, its span in `text`; `None` when nothing does."""


@dataclass(frozen=True)
class Binder:
    """Tells whether a statement binds; nothing it is given is ever run."""

    run: Run
    dialect: str
    outcome: ClassVar[Outcome] = Outcome.BINDS
    untried: ClassVar[str] = ""

    def error(self, text: str) -> ErrorInfo | None:
        """Return what the engine says against a statement, its span in `text`; `None` when it binds."""
        if (refused := statement_error(text)) is not None:
            return refused
        mask = masked(text, self.dialect)
        statement = mask.text.rstrip().rstrip(";")
        found = self._said(statement, parameters=mask.parameters > 0)
        if found is None:
            return None
        if self.dialect == "sqlite" and found.type == "Syntax":
            found = self._located(statement, found)
        if found.span is None or not mask.parts:
            return found
        span = Span(mask.back(found.span.start), mask.back(found.span.end))
        return replace(found, span=span)

    def _said(self, statement: str, *, parameters: bool) -> ErrorInfo | None:
        """Return the engine's error for a statement without parameters or templates."""
        prefix = "EXPLAIN "
        if parameters and self.dialect != "sqlite":
            prefix = "PREPARE bestfix_check AS "
        try:
            self.run(prefix + statement)
        except Exception as error:  # noqa: BLE001 - every driver has its own exceptions
            return without_prefix(statement, prefix, error, self.dialect)
        if prefix != "EXPLAIN ":
            self.run("DEALLOCATE bestfix_check")
        return None

    def _located(self, statement: str, error: ErrorInfo) -> ErrorInfo:
        """Find which of the tokens that SQLite may mean it stopped at: the first whose prefix has the same error."""
        near = error.details.get("near", "")
        for token in tokenized(statement):
            if not near or not near.startswith(token.text):
                continue
            said = self._said(statement[: token.end], parameters=False)
            if said is not None and said.message == error.message:
                lineno = Lines(statement).lineno(token.start)
                return replace(error, span=Span(token.start, token.end), lineno=lineno)
        return error


@contextmanager
def binding(database: Database) -> Iterator[Binder]:
    """Give a binder for the database; the user's transaction stays as it is."""
    with database.session() as run:
        yield Binder(run, database.dialect)


def statement_error(text: str) -> ErrorInfo | None:
    """Return why a text is not one statement that can be bound without running it, or `None`."""
    tokens = tokenized(text)
    first = next((t for t in tokens if t.text != "("), None)
    if first is None:
        return ErrorInfo("Incomplete", "no statement", ("SqlError",))
    span = Span(first.start, first.end)
    if first.upper not in _BINDABLE:
        return ErrorInfo(
            "Syntax", f'syntax error at or near "{first.text}"', ("SqlError",), span, details={"near": first.text}
        )
    for token, following in itertools.pairwise(tokens):
        if token.text == ";" and following.text != ";":
            span = Span(token.start, token.end)
            return ErrorInfo("Syntax", 'syntax error at or near ";"', ("SqlError",), span, details={"near": ";"})
    return None


def without_prefix(statement: str, prefix: str, error: Exception, dialect: str) -> ErrorInfo:
    """Return the error of a statement that was sent behind a prefix, its span in the statement itself."""
    found = error_info(prefix + statement, error, dialect)
    if found.span is None:
        return found
    shift = len(prefix)
    span = Span(max(found.span.start - shift, 0), max(found.span.end - shift, 0))
    return replace(found, span=span)
