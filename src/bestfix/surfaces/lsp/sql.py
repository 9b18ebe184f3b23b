"""What is wrong in a text of SQL: the statements that a database does not bind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from bestfix.capture.catalog.database import Database
from bestfix.config import Settings
from bestfix.core import Decision, ErrorInfo, Source, Span
from bestfix.embedded import relocated
from bestfix.lang.python.literals import verbatim
from bestfix.lang.sql import tokenized
from bestfix.lang.sql.statements import OTHER_STATEMENTS, first_words, query_part, statements
from bestfix.lang.sql.tokens import KEYWORDS
from bestfix.lang.text import SIZE_LIMIT
from bestfix.sql import fix_sql
from bestfix.surfaces.databases import opened
from bestfix.surfaces.lsp.findings import Finding, Wanted
from bestfix.validate.explain import Binder, binding

__all__ = ["findings"]

_DEFINING = frozenset({"CREATE", "ALTER", "DROP"})
_MOVING, _PATHS = frozenset({"ATTACH", "DETACH", "USE"}), frozenset({"SEARCH_PATH", "SCHEMA"})
_HEAD = 9
"""Words of a statement among which stands the name of what it creates."""


def findings(source: Source, database: str, settings: Settings, wanted: Wanted) -> Iterator[Finding]:
    """Yield the error of each statement that the database does not bind; none is run.

    What the text itself creates or changes first is not there yet: statements that name it are passed over.
    A connection is held no longer than this takes, so that no file is locked for others.

    Args:
        source: the text.
        database: a file of DuckDB or SQLite, or a URL.
        settings: how to behave.
        wanted: asked between statements.

    Raises:
        ConnectError: when the database cannot be opened.
    """
    if len(source.text) > SIZE_LIMIT:
        return
    with _reading(database) as opened_database, binding(opened_database) as binder:
        changed: set[str] = set()
        for span in statements(source.text, binder.dialect):
            statement = span.of(source.text)
            if not wanted() or _moves(statement):
                return
            part = _bindable(source.text, span)
            names = {token.name.lower() for token in tokenized(statement)}
            error = _error(part.of(source.text), binder) if not names & changed else None
            if error is not None:
                place = _place(error, part)
                yield Finding(error.type, error.message, (place,), partial(_decision, source, part, database, settings))
            if first_words(statement, 1)[0] in _DEFINING:
                changed |= _defined(statement)


def _bindable(text: str, span: Span) -> Span:
    """Return where the query of a statement stands: behind `CREATE … AS` and `EXPLAIN`, else the whole of it."""
    inner = query_part(span.of(text))
    return Span(span.start + inner.start, span.start + inner.end)


def _error(query: str, binder: Binder) -> ErrorInfo | None:
    """Return what the database says against a query; nothing for a statement that cannot be bound, such as PRAGMA."""
    return None if first_words(query, 1)[0] in OTHER_STATEMENTS else binder.error(query)


def _place(error: ErrorInfo, part: Span) -> Span:
    """Return where an error stands in the whole text: its token, or the query."""
    if error.span is None:
        return part
    return Span(part.start + error.span.start, part.start + error.span.end)


def _defined(statement: str) -> set[str]:
    """Return the words among which is the name of what a statement creates, changes or drops."""
    words = tokenized(statement)[1:_HEAD]
    ends = (at for at, token in enumerate(words) if token.is_word("AS") or token.text == "(")
    head = words[: next(ends, _HEAD)]
    if any(token.is_word("INDEX") for token in head):
        return set()
    return {token.name.lower() for token in head if token.identifier and token.upper not in KEYWORDS}


def _moves(statement: str) -> bool:
    """Whether names may mean something else after a statement."""
    word, *others = first_words(statement, 3)
    return word in _MOVING or (word == "SET" and not _PATHS.isdisjoint(others))


def _decision(source: Source, part: Span, database: str, settings: Settings) -> Decision:
    """Return the fix of a query as an edit of the text that it stands in."""
    query = part.of(source.text)
    with _reading(database) as connection:
        decision = fix_sql(query, connection=connection, name=source.name, settings=settings)
    return relocated(decision, verbatim(query, part.start), source)


@contextmanager
def _reading(name: str) -> Iterator[Database]:
    """Give a database that can only be read, and that fetches no extension to read it."""
    found = opened(name, read_only=True)
    with closing(found.connection):
        if found.dialect == "duckdb":
            found.cursor.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        yield Database.of(found.connection)
