"""SQLite: a file, opened so that SQL reaches nothing else on the machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bestfix.capture.sql_error import error_info
from bestfix.core import ErrorInfo
from bestfix.surfaces.http.databases.engine import ResultColumn, Running
from bestfix.surfaces.http.databases.reading import first_word
from bestfix.surfaces.http.problems import refused

__all__ = ["SqliteFile"]

_READING = frozenset({"SELECT", "WITH", "VALUES", "EXPLAIN"})
_TOLD = frozenset({
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "database_list", "function_list", "collation_list", "schema_version", "user_version", "encoding", "page_count",
    "page_size", "compile_options",
})  # fmt: skip
"""The pragmas that tell something and change nothing."""
_ELSEWHERE = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_OUTSIDE = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A database file of SQLite's.

    Attributes:
        path: where it is.
    """

    path: Path
    dialect: ClassVar[str] = "sqlite"

    def connect(self, *, write: bool = False) -> sqlite3.Connection:
        """Return a connection that commits each statement by itself."""
        mode = "rw" if write else "ro"
        try:
            connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=2.0,
            )
            with closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA schema_version").fetchall()
        except sqlite3.Error as error:
            raise refused(f"{self.path.name} cannot be opened as a database of SQLite") from error
        connection.set_authorizer(_confined)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        return connection

    def reads(self, connection: Any, statement: str) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Whether it begins as a statement that reads."""
        return first_word(statement) in _READING

    def start(self, connection: sqlite3.Connection, statement: str, *, write: bool) -> Running:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Run it."""
        return connection.cursor().execute(statement)

    def columns(self, running: Any) -> tuple[ResultColumn, ...]:
        """Return the columns: SQLite gives types to values, not to columns."""
        return tuple(ResultColumn(str(column[0])) for column in running.description or ())

    def affected(self, running: Any) -> int | None:
        """Return how many rows were changed."""
        return running.rowcount if running.rowcount >= 0 else None

    def said(self, statement: str, error: Exception) -> ErrorInfo:
        """Return what the engine said."""
        return error_info(statement, error, self.dialect)

    def is_refused_write(self, error: Exception) -> bool:
        """Whether it says that the database is read-only."""
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY

    def warnings(self, connection: Any) -> tuple[str, ...]:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Return nothing."""
        return ()

    def interrupt(self, connection: sqlite3.Connection) -> None:
        """Stop every statement of the connection."""
        connection.interrupt()

    def is_alive(self, connection: sqlite3.Connection) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Say yes: nobody else closes it."""
        return True

    def reset(self, connection: sqlite3.Connection) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Say no: a new connection is as cheap."""
        return False


def _confined(action: int, one: str | None, two: str | None, *_: str | None) -> int:
    """Refuse what reaches beyond the file: other databases, extensions, pragmas that change how files are written."""
    if action in _ELSEWHERE or (action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _OUTSIDE):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (one or "").lower() not in _TOLD:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
