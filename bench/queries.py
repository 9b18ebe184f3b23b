"""What a fix of a query costs in a database of 10,000 tables, its catalog cached: at most 50 ms on each engine."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bestfix import fix_sql
from bestfix.capture.catalog.database import Database
from bestfix.evaluate.cluster import ClusterError, temporary_cluster

__all__ = ["large_catalogs"]

TABLES = 10_000
COLUMNS = "id INTEGER PRIMARY KEY, customer_id INTEGER, name TEXT, total INTEGER, created TEXT"
BROKEN = {
    "a column mistyped": "SELECT nmae FROM table_4321 WHERE total > 3",
    "a table mistyped": "SELECT name FROM tabel_4321 WHERE total > 3",
    "a keyword mistyped": "SELECT name FORM table_4321 WHERE total > 3",
    "a column of no table": "SELECT t.custmer FROM table_17 t JOIN table_18 u ON t.id = u.customer_id",
}
Seconds = list[float]


def large_catalogs(rounds: int = 5) -> Iterator[tuple[str, Seconds, Seconds]]:
    """Yield each engine, the seconds that reading its catalog takes, and those of each fix from the second round on.

    In the first DuckDB's catalog is still compared: the DDL may not have been committed when it was read.
    """
    for name, opened in {"sqlite": _sqlite, "duckdb": _duckdb, "postgres": _postgres}.items():
        with contextlib.ExitStack() as stack:
            try:
                connection = opened(stack)
            except (ImportError, ClusterError) as missing:
                print(f"{name} is left out: {missing}", file=sys.stderr)
                continue
            database = Database.of(connection)
            first = _timed(database.catalog)
            fixes = [
                _timed(partial(fix_sql, query, connection=database))
                for _ in range(1 + rounds)
                for query in BROKEN.values()
            ]
            yield name, [first], fixes[len(BROKEN) :]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _script() -> Iterator[str]:
    return (f"CREATE TABLE table_{number} ({COLUMNS})" for number in range(TABLES))


def _sqlite(stack: contextlib.ExitStack) -> Any:
    connection = stack.enter_context(contextlib.closing(sqlite3.connect(":memory:")))
    connection.executescript(";".join(_script()))
    return connection


def _duckdb(stack: contextlib.ExitStack) -> Any:
    import duckdb

    connection = stack.enter_context(contextlib.closing(duckdb.connect()))
    connection.execute(f"BEGIN; {';'.join(_script())}; COMMIT")
    return connection


def _postgres(stack: contextlib.ExitStack) -> Any:
    import psycopg

    server = stack.enter_context(temporary_cluster())
    connection = stack.enter_context(psycopg.connect(f"{server} dbname=postgres", autocommit=True))
    for start in range(0, TABLES, 500):
        connection.execute("; ".join(list(_script())[start : start + 500]))
    return connection
