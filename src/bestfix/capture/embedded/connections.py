"""Which objects of a session are a way to a database, told by their classes alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = [
    "aborted", "connection_of", "database_error", "default_duckdb", "frames_of", "magic_connection", "rolled_back",
    "spark_session",
]  # fmt: skip

_DRIVERS = frozenset({"duckdb", "_duckdb", "sqlite3", "psycopg", "psycopg2", "sqlalchemy", "pymysql", "pyspark"})
_CURSORS = {("sqlite3", "Cursor"), ("psycopg", "Cursor"), ("psycopg2", "cursor"), ("psycopg", "ServerCursor")}
_CONNECTIONS = {
    ("_duckdb", "DuckDBPyConnection"), ("duckdb", "DuckDBPyConnection"), ("sqlite3", "Connection"),
    ("psycopg", "Connection"), ("psycopg2", "connection"), ("sqlalchemy", "Engine"), ("sqlalchemy", "Connection"),
}  # fmt: skip
_FRAMES = {("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table")}
FRAMES = 50
"""Data frames that DuckDB is told of."""


def database_error(error: BaseException) -> BaseException | None:
    """Return the driver's own exception that an error is, or was raised from."""
    found: BaseException | None = None
    for _ in range(10):
        if any(root in _DRIVERS for root, _ in _classes(error)):
            found = error
        inner = getattr(error, "orig", None) if found is error else None
        inner = inner or error.__cause__
        if not isinstance(inner, BaseException):
            break
        error = inner
    return found


def connection_of(thing: Any) -> Any:
    """Return the connection or engine that an object is or belongs to; `None` for anything else."""
    classes = set(_classes(thing))
    try:
        if ("sqlalchemy", "Connection") in classes and thing.closed:
            return thing.engine
        if classes & _CURSORS:
            return thing.connection
        if ("sqlalchemy", "Session") in classes:
            return thing.get_bind()
    except Exception:  # noqa: BLE001 - a driver may refuse, as for what is not bound to a database
        return None
    return thing if classes & _CONNECTIONS else None


def spark_session(thing: Any) -> bool:
    """Whether an object is a session of Spark."""
    return any(root in {"pyspark", "databricks"} and name == "SparkSession" for root, name in _classes(thing))


def default_duckdb() -> Any:
    """Return the connection that `duckdb.sql` uses; `None` where DuckDB has not been imported."""
    module = sys.modules.get("duckdb")
    default = getattr(module, "default_connection", None)
    return default() if callable(default) else default


def magic_connection() -> Any:
    """Return the connection that JupySQL's magics use; `None` where there is none."""
    manager = getattr(sys.modules.get("sql.connection"), "ConnectionManager", None)
    current = getattr(manager, "current", None)
    known = vars(current) if current is not None else {}
    return known.get("_connection_sqlalchemy") or known.get("_connection")


def frames_of(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the data frames among a session's objects, which DuckDB takes for tables."""
    count = 0
    for name, value in list(names.items()):
        if not name.startswith("_") and _FRAMES & set(_classes(value)):
            count += 1
            if count > FRAMES:
                return
            yield name, value


def aborted(connection: Any) -> bool:
    """Whether the transaction that is open on a connection can only be rolled back."""
    connection = _driver_connection(connection)
    root = type(connection).__module__.partition(".")[0]
    if root in {"psycopg", "psycopg2"}:
        return int(connection.info.transaction_status) == _FAILED
    if root in {"duckdb", "_duckdb"}:
        try:
            connection.execute("SELECT 1").fetchall()
        except Exception as error:  # noqa: BLE001 - the driver's own classes are not imported for this
            return "transaction is aborted" in str(error)
    return False


_FAILED = 3
"""libpq's status of a transaction in which a statement has failed."""


def rolled_back(connection: Any) -> bool:
    """Roll back a transaction that can only be rolled back; say whether there was one."""
    if connection is None or isinstance(connection, str) or not aborted(connection):
        return False
    try:
        connection.rollback()
    except Exception:  # noqa: BLE001 - a driver that refuses says so again when the statement is run
        return False
    return True


def _driver_connection(connection: Any) -> Any:
    """Return the driver's connection behind SQLAlchemy's."""
    if ("sqlalchemy", "Connection") in _classes(connection):
        return connection.connection.driver_connection
    return connection


def _classes(thing: Any) -> Iterator[tuple[str, str]]:
    """Yield package and name of an object's classes."""
    for cls in type.__dict__["__mro__"].__get__(type(thing)):
        module = type.__getattribute__(cls, "__module__")
        yield (module.partition(".")[0] if type(module) is str else ""), type.__getattribute__(cls, "__name__")
