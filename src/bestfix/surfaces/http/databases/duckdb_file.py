"""DuckDB: a file, opened so that SQL reaches nothing else on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bestfix.capture.sql_error import error_info
from bestfix.core import ErrorInfo
from bestfix.surfaces.http.databases.engine import ResultColumn, Running
from bestfix.surfaces.http.problems import Problem, refused

__all__ = ["DuckFile"]

_CONFINED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "memory_limit": "1GB",
    "threads": "2",
    "lock_configuration": "true",
}
"""No file but its own, no network, no extensions, and no statement may change that."""
_READING = frozenset({"SELECT", "EXPLAIN", "RELATION"})


@dataclass(frozen=True, slots=True)
class DuckFile:
    """A database file of DuckDB's.

    Attributes:
        path: where it is.
    """

    path: Path
    dialect: ClassVar[str] = "duckdb"

    def connect(self, *, write: bool = False) -> Any:
        """Return a connection; connections of one process that read share one instance."""
        import duckdb

        try:
            return duckdb.connect(str(self.path), read_only=not write, config=_CONFINED)
        except duckdb.ConnectionException as error:
            raise Problem(409, "in_use", "the database is being read here; close its results and try again") from error
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise Problem(409, "in_use", "another process has the database file open; try again") from error
            raise refused(f"{self.path.name} cannot be opened as a database of DuckDB") from error
        except duckdb.Error as error:
            raise refused(f"{self.path.name} cannot be opened as a database of DuckDB") from error

    def reads(self, connection: Any, statement: str) -> bool:
        """Whether the engine itself calls it a statement that only reads; one that does not parse does nothing."""
        import duckdb

        try:
            kinds = [found.type.name for found in connection.extract_statements(statement)]
        except duckdb.Error:
            return True
        return len(kinds) <= 1 and all(kind in _READING for kind in kinds)

    def start(self, connection: Any, statement: str, *, write: bool) -> Running:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Run on the connection itself, which is what can be interrupted; rows come as they are fetched."""
        return connection.execute(statement)  # type: ignore[no-any-return]  # DuckDB's cursors are untyped here

    def columns(self, running: Any) -> tuple[ResultColumn, ...]:
        """Return the columns."""
        return tuple(ResultColumn(str(column[0]), str(column[1])) for column in running.description or ())

    def affected(self, running: Any) -> int | None:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Return nothing: DuckDB tells the count as a row."""
        return None

    def said(self, statement: str, error: Exception) -> ErrorInfo:
        """Return what the engine said."""
        return error_info(statement, error, self.dialect)

    def is_refused_write(self, error: Exception) -> bool:
        """Whether it says that the database is attached in read-only mode."""
        return "read-only mode" in str(error)

    def warnings(self, connection: Any) -> tuple[str, ...]:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Return nothing."""
        return ()

    def interrupt(self, connection: Any) -> None:
        """Stop every statement of the connection."""
        connection.interrupt()

    def is_alive(self, connection: Any) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Say yes: nobody else closes it."""
        return True

    def reset(self, connection: Any) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Say no: a new connection is as cheap, and holds nothing of what the old one was told."""
        return False
