"""A connection of the user's, looked through without disturbing what the user has open on it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bestfix.capture.catalog.readers import Run
from bestfix.capture.catalog.shelf import Shelf, shelf_of
from bestfix.core import Catalog

__all__ = ["Database", "DatabaseError", "duplicate"]

_DIALECTS = {
    "duckdb": "duckdb", "_duckdb": "duckdb", "sqlite3": "sqlite", "sqlite": "sqlite", "psycopg": "postgres",
    "psycopg2": "postgres", "postgresql": "postgres", "mssql": "tsql", "mysql": "mysql", "bigquery": "bigquery",
    "snowflake": "snowflake", "databricks": "databricks",
}  # fmt: skip
_TIMEOUT_MS = 1000
_IDLE, _IN_TRANSACTION = 0, 2


class DatabaseError(ValueError):
    """What was given as a connection is none that can be looked through."""


@dataclass(eq=False)
class Database:
    """A database behind a connection, with its catalog kept until DDL has run.

    Attributes:
        connection: the driver's own connection.
        dialect: the SQL dialect of its engine.
    """

    connection: Any
    dialect: str
    _shelf: Shelf = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._shelf = shelf_of(self.connection, self.dialect)

    @classmethod
    def of(cls, connection: Any) -> Database:
        """Return the database behind a native, DB-API or SQLAlchemy connection, an engine or a URL.

        Raises:
            DatabaseError: when it is nothing of the kind.
        """
        if isinstance(connection, Database):
            return connection
        if isinstance(connection, str):
            connection = _engine(connection)
        if hasattr(connection, "dialect") and hasattr(connection, "connect"):
            connection = connection.connect()
        dialect_name = getattr(getattr(connection, "dialect", None), "name", None)
        if dialect_name is not None:
            connection = connection.connection.driver_connection
        module = dialect_name or type(connection).__module__.partition(".")[0]
        if not hasattr(connection, "cursor"):
            raise DatabaseError(f"{type(connection).__name__} is no database connection")
        return cls(connection, _DIALECTS.get(str(module), str(module)))

    def catalog(self) -> Catalog:
        """Return the catalog: the one kept, when no DDL has run since."""
        with self._lock, self.session() as run:
            return self._shelf.catalog(run)

    @contextlib.contextmanager
    def session(self) -> Iterator[Run]:
        """Give a way to run statements that only read; the user's transaction stays as it is."""
        opener = {"duckdb": _duckdb_session, "postgres": _postgres_session}.get(self.dialect, _plain_session)
        self._shelf.opened += 1
        with opener(self.connection) as run:
            yield run


def _engine(url: str) -> Any:
    """Return a connection to a URL; a file of DuckDB or SQLite may be given by its path."""
    if "://" not in url:
        if url == ":memory:" or url.endswith((".duckdb", ".ddb")):
            import duckdb

            return duckdb.connect(url)
        import sqlite3

        return sqlite3.connect(url)
    if url.startswith("duckdb:///"):
        import duckdb

        return duckdb.connect(url.removeprefix("duckdb:///") or ":memory:")
    import sqlalchemy

    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.partition("://")[2]
    return sqlalchemy.create_engine(url)


@contextlib.contextmanager
def duplicate(connection: Any) -> Iterator[Any]:
    """Give a duplicate of a connection of DuckDB that looks in the same schemas."""
    cursor = connection.cursor()
    try:
        path = _duckdb_path(connection, cursor)
        if path:
            cursor.execute(f"SET search_path = '{path.replace(chr(39), chr(39) * 2)}'")
        yield cursor
    finally:
        cursor.close()


@contextlib.contextmanager
def _duckdb_session(connection: Any) -> Iterator[Run]:
    """Use a duplicate: an error there does not abort the transaction of the original."""
    with duplicate(connection) as cursor:
        yield lambda sql: _one_statement(cursor, sql).fetchall()


def _duckdb_path(connection: Any, cursor: Any) -> str:
    """Return the schemas that the user's connection looks in; a duplicate does not inherit them.

    An aborted transaction or an unfinished result cannot be asked: every schema is looked in then.
    """
    import duckdb

    ask = "SELECT current_setting('search_path')"
    with contextlib.suppress(duckdb.Error):
        if hasattr(connection, "abort") or connection.description is None:
            return str(connection.sql(ask).fetchall()[0][0])
    schemas = cursor.execute(
        "SELECT DISTINCT schema_name FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()"
    ).fetchall()
    return ",".join(sorted((row[0] for row in schemas), key=lambda name: name != "main")[:50])


def _one_statement(cursor: Any, sql: str) -> Any:
    statements = cursor.extract_statements(sql)
    if len(statements) != 1:
        raise DatabaseError(f"expected one statement, got {len(statements)}")
    return cursor.execute(statements[0])


@contextlib.contextmanager
def _plain_session(connection: Any) -> Iterator[Run]:
    """Use a cursor of the connection itself: a statement that fails leaves the transaction as it is."""
    cursor = connection.cursor()
    with contextlib.suppress(AttributeError):
        cursor.row_factory = None
    numbered = type(connection).__module__ == "sqlite3"

    def run(sql: str) -> Any:
        if numbered and (count := _parameters(sql)):
            return cursor.execute(sql, (None,) * count).fetchall()
        return cursor.execute(sql).fetchall()

    try:
        yield run
    finally:
        cursor.close()


def _parameters(sql: str) -> int:
    import re

    return max((int(number) for number in re.findall(r"\?(\d+)", sql)), default=0)


@contextlib.contextmanager
def _postgres_session(connection: Any) -> Iterator[Run]:
    """Use a savepoint in the user's transaction; beside it, a connection of our own when it has failed."""
    status = int(connection.info.transaction_status)
    if status not in {_IDLE, _IN_TRANSACTION}:
        with contextlib.closing(_postgres_twin(connection)) as twin:
            yield from _in_transaction(twin)
        return
    if status == _IN_TRANSACTION:
        yield from _in_transaction(connection)
        return
    autocommit = connection.autocommit
    if autocommit:
        connection.cursor().execute("BEGIN")
    try:
        yield from _in_transaction(connection)
    finally:
        connection.rollback()


def _in_transaction(connection: Any) -> Iterator[Run]:
    """Yield a way to run each statement in a savepoint of a read-only sub-transaction that is rolled back."""
    cursor, extended = _tuple_cursor(connection), hasattr(connection, "pgconn")

    def run(sql: str) -> Any:
        cursor.execute("SAVEPOINT bestfix_statement")
        try:
            if extended:
                cursor.execute(sql, binary=True)
            else:
                cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT bestfix_statement")

    cursor.execute("SAVEPOINT bestfix")
    try:
        cursor.execute("SET LOCAL transaction_read_only = on")
        cursor.execute(f"SET LOCAL statement_timeout = {_TIMEOUT_MS}")
        yield run
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT bestfix")
        cursor.execute("RELEASE SAVEPOINT bestfix")
        cursor.close()


def _tuple_cursor(connection: Any) -> Any:
    if hasattr(connection, "pgconn"):
        from psycopg.rows import tuple_row

        return connection.cursor(row_factory=tuple_row)
    return connection.cursor()


def _postgres_twin(connection: Any) -> Any:
    """Return a connection of our own to the same database."""
    import importlib

    driver = importlib.import_module(type(connection).__module__.partition(".")[0])
    return driver.connect(connection.info.dsn, password=connection.info.password or None)
