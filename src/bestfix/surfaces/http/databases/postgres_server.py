"""PostgreSQL: a server that the operator allows, asked in transactions that only read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from bestfix.capture.sql_error import error_info
from bestfix.core import ErrorInfo
from bestfix.surfaces.http.databases.engine import ResultColumn, Running
from bestfix.surfaces.http.databases.reading import first_word
from bestfix.surfaces.http.problems import Problem, forbidden
from bestfix.validate.explain import without_prefix

__all__ = ["PostgresServer"]

_READING = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW"})
_CURSORS = frozenset({"SELECT", "WITH", "VALUES", "TABLE"})
"""What a cursor can be declared for, so that rows come as they are fetched."""
_CURSOR = "bestfix_result"
_SUPERUSER = "this role is a superuser, who may read the server's files; connect as a role that may only read"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database of a PostgreSQL server.

    Attributes:
        parameters: what libpq is told; the address is among them, so that a name is not looked up again.
        seconds: how long a statement may run.
    """

    parameters: tuple[tuple[str, str], ...] = field(repr=False)
    seconds: float = 60.0
    dialect: ClassVar[str] = "postgres"

    def connect(self, *, write: bool = False) -> Any:
        """Return a connection that commits each statement by itself."""
        import psycopg

        options = {
            "default_transaction_read_only": "off" if write else "on",
            "statement_timeout": str(int(self.seconds * 1000)),
            "idle_in_transaction_session_timeout": "900000",
        }
        flags = " ".join(f"-c {name}={value}" for name, value in options.items())
        given: dict[str, Any] = dict(self.parameters)
        try:
            return psycopg.connect(
                **given, options=flags, connect_timeout=5, keepalives_idle=60, autocommit=True,
                application_name="bestfix",
            )  # fmt: skip
        except psycopg.Error as error:
            raise Problem(422, "no_connection", f"the server does not let us in: {_public(error)}") from None

    def reads(self, connection: Any, statement: str) -> bool:  # noqa: ARG002 - `Engine` gives it to every kind of database
        """Whether it begins as a statement that reads."""
        return first_word(statement) in _READING

    def start(self, connection: Any, statement: str, *, write: bool) -> Running:
        """Run it by the extended protocol, which takes one statement alone.

        What reads gets a cursor in a transaction that cannot be made to write: it is below a savepoint.
        """
        word = first_word(statement)
        if word == "COPY":
            raise forbidden("COPY is not run here: use the export of a result")
        if write:
            return connection.cursor().execute(statement, prepare=True)  # type: ignore[no-any-return]  # mypy skips psycopg, which is optional
        connection.execute("BEGIN READ ONLY")
        connection.execute("SAVEPOINT bestfix")
        cursor = connection.cursor(name=_CURSOR) if word in _CURSORS else connection.cursor()
        try:
            return cursor.execute(statement, **({} if word in _CURSORS else {"prepare": True}))  # type: ignore[no-any-return]  # mypy skips psycopg, which is optional
        except BaseException:  # whatever it is, what was opened is closed before it is raised on
            cursor.close()
            raise

    def columns(self, running: Any) -> tuple[ResultColumn, ...]:
        """Return the columns."""
        return tuple(ResultColumn(column.name, column.type_display) for column in running.description or ())

    def affected(self, running: Any) -> int | None:
        """Return how many rows were changed."""
        return running.rowcount if running.description is None and running.rowcount >= 0 else None

    def said(self, statement: str, error: Exception) -> ErrorInfo:
        """Return what the server said; of a cursor it counts characters from where that is declared."""
        if first_word(statement) not in _CURSORS:
            return error_info(statement, error, self.dialect)
        return without_prefix(statement, f'DECLARE "{_CURSOR}" CURSOR FOR ', error, self.dialect)

    def is_refused_write(self, error: Exception) -> bool:
        """Whether it says that the transaction is read-only, or that a cursor cannot be one that writes."""
        state = getattr(error, "sqlstate", "")
        return state == "25006" or (state == "0A000" and "data-modifying" in str(error))

    def warnings(self, connection: Any) -> tuple[str, ...]:
        """Warn of a role that could read the server's files and run its programs."""
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        is_super = row is not None and row[0]
        return (_SUPERUSER,) if is_super else ()

    def interrupt(self, connection: Any) -> None:
        """Ask the server to stop the statement."""
        connection.cancel_safe(timeout=5.0)

    def is_alive(self, connection: Any) -> bool:
        """Whether the server has not ended it: read what has come unasked, the second time the end of the stream."""
        import psycopg

        try:
            for _ in range(2):
                connection.pgconn.consume_input()
        except psycopg.Error:
            return False
        return not connection.closed

    def reset(self, connection: Any) -> bool:
        """Forget everything that the session was told."""
        import psycopg

        try:
            connection.rollback()
            connection.execute("DISCARD ALL")
        except psycopg.Error:
            return False
        return not connection.closed


def _public(error: Exception) -> str:
    """Return the server's own words, which hold no password; not libpq's, which may quote what it was told."""
    lines = [line for line in str(error).splitlines() if "FATAL:" in line]
    return lines[0].partition("FATAL:")[2].strip() if lines else "it cannot be reached"
