"""What happens in the child: a query runs on a copy of the database, and what it gave is written down."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix.capture.catalog.database import Database, duplicate
from bestfix.capture.sql_error import error_info
from bestfix.core import ErrorInfo
from bestfix.core.document import encoded

__all__ = ["Asking", "Gave", "refusal"]

ROWS = 1000
"""Rows that are taken at most."""
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_TELLING = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH})
"""The errors of SQLite that a query is to blame for; the others are of files, locks and rights."""
_ELSEWHERE = ("no such ", "not authorized", "unable to ")
"""How messages begin that tell of what a copy lacks."""


class _UnableError(Exception):
    """A query cannot be run here; its argument says why."""


@dataclass(frozen=True, slots=True)
class Gave:
    """What a query gave.

    Attributes:
        columns: how many columns.
        rows: how many rows, as far as they were taken.
        more: whether there are more.
        error: the error that it met; the numbers say nothing then.
        stopped: why its run tells nothing.
    """

    columns: int = 0
    rows: int = 0
    more: bool = False
    error: ErrorInfo | None = None
    stopped: str = ""

    @property
    def shape(self) -> str:
        """The numbers in words, such as `"3 columns, 1000+ rows"` or `"1 column, no rows"`."""
        columns, rows = "column" if self.columns == 1 else "columns", "row" if self.rows == 1 else "rows"
        return f"{self.columns} {columns}, {self.rows or 'no'}{'+' * self.more} {rows}"


@dataclass(frozen=True)
class Asking:
    """A task of a confined child.

    Attributes:
        database: the database, of which the child has a copy.
        text: one statement without parameters.
    """

    database: Database
    text: str

    def __call__(self) -> bytes:
        """Run and return, as JSON, a `Gave`."""
        return json.dumps(encoded(self._gave())).encode("utf-8", "backslashreplace")

    def _gave(self) -> Gave:
        opened = _duckdb if self.database.dialect == "duckdb" else _sqlite
        try:
            with opened(self.database.connection, self.text) as cursor:
                found = cursor.fetchmany(ROWS + 1)
                return Gave(len(cursor.description or ()), min(len(found), ROWS), more=len(found) > ROWS)
        except _UnableError as why:
            return Gave(stopped=str(why))
        except Exception as error:  # noqa: BLE001 - functions of the user's may raise anything
            if not _tells(error, self.database.dialect):
                return Gave(stopped=f"its run tells nothing: {error}"[:200])
            return Gave(error=error_info(self.text, error, self.database.dialect))


def refusal(database: Database) -> str:
    """Return why no query can be run on a copy of a database; empty when one can."""
    if database.dialect == "duckdb":
        return ""
    try:
        path, temporary = _file(database.connection)
    except sqlite3.Error as error:
        return f"the database does not tell where its file is: {error}"
    if not path:
        return ""
    if temporary or database.connection.in_transaction:
        return "the session has changes that are not in the file"
    if any(_size(path + end) for end in ("-journal", "-wal")):
        return "there are changes that are not in the file yet"
    return "" if _size(path) else "the file is not there"


@contextmanager
def _duckdb(connection: Any, text: str) -> Iterator[Any]:
    """Run on a duplicate: it sees what binding sees."""
    import duckdb

    with duplicate(connection) as cursor:
        kinds = {row[0] for row in cursor.execute("SELECT type FROM duckdb_databases() WHERE NOT internal").fetchall()}
        if kinds - {"duckdb"}:
            raise _UnableError("a database that is not DuckDB's own is attached")
        statements = cursor.extract_statements(text)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise _UnableError("it does more than read")
        cursor.execute(statements[0])
        yield cursor


@contextmanager
def _sqlite(connection: sqlite3.Connection, text: str) -> Iterator[sqlite3.Cursor]:
    """Run on the copied memory, or on the file by a connection of its own that takes no lock."""
    path, _ = _file(connection)
    own = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True) if path else connection
    own.text_factory = bytes
    own.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    with closing(own.cursor()) as cursor:
        cursor.row_factory = None
        yield cursor.execute(text)


def _file(connection: sqlite3.Connection) -> tuple[str, bool]:
    """Return the path of an SQLite database, empty for one in memory, and whether there are temporary tables."""
    with closing(connection.cursor()) as cursor:
        cursor.row_factory = None
        rows = [tuple(map(os.fsdecode, row[1:])) for row in cursor.execute("PRAGMA database_list").fetchall()]
    return next((path for name, path in rows if name == "main"), ""), any(name == "temp" for name, _ in rows)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _tells(error: Exception, dialect: str) -> bool:
    """Whether an error is the query's own: one of values, not of what a copy lacks."""
    if dialect == "sqlite":
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        return code in _TELLING and not str(error).startswith(_ELSEWHERE)
    import duckdb

    return isinstance(error, duckdb.DataError | duckdb.InvalidInputException)
