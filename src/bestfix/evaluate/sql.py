"""SQL cases: the query fails on its real database, and candidates are run there to see what they give."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bestfix.capture.catalog.database import Database
from bestfix.config import Settings
from bestfix.core import Decision
from bestfix.evaluate.cases import Case
from bestfix.evaluate.cluster import temporary_cluster
from bestfix.evaluate.python import CELL, Attempt
from bestfix.lang.sql import Query
from bestfix.sql import fix_sql

__all__ = ["SqlSession", "database_servers"]

SERVER = "BESTFIX_EVAL_POSTGRES"
"""The variable that holds the connection string of a PostgreSQL server in which databases may be made."""
SECONDS = 5.0
"""How long a candidate may run."""


@contextmanager
def database_servers(cases: Sequence[Case]) -> Iterator[None]:
    """Have a PostgreSQL server running while the cases need one."""
    with ExitStack() as stack:
        if SERVER not in os.environ and any(c.record.get("dialect") == "postgres" for c in cases):
            os.environ[SERVER] = stack.enter_context(temporary_cluster())
            stack.callback(os.environ.pop, SERVER)
        yield


@dataclass
class SqlSession:
    """A case's database, in which its query failed."""

    case: Case
    settings: Settings
    database: Database

    @classmethod
    @contextmanager
    def opened(cls, case: Case, settings: Settings) -> Iterator[SqlSession]:
        """Open the case's database; it is made once a process."""
        yield cls(case, settings, _opened(str(case.record["db"]), str(case.record["dialect"])))

    def attempt(self) -> Attempt:
        """Return what the engine makes of the failure; the time is that of all of it but reading the catalog."""
        error = str(self.case.record["error"].get("message", ""))
        self.database.catalog()
        started = time.perf_counter()
        try:
            decision = fix_sql(self.case.code, error=error, connection=self.database, name=CELL, settings=self.settings)
        except ValueError as refused:
            return Attempt(Decision(None, str(refused)), reproduced=False, note=str(refused))
        return Attempt(replace(decision, seconds=time.perf_counter() - started))

    def before_trials(self) -> None:
        """Do nothing: reading leaves the database as it is."""

    def passes(self, method: str, text: str) -> bool:
        """Whether a candidate gives what the case asks for."""
        rows = _rows(self.database, text)
        if rows is None:
            return False
        if method == "executes":
            expected = _width(self.case.code)
            return expected is None or not rows or len(rows[0]) == expected
        wanted = [r for gold in self.case.fixed if (r := _rows(self.database, gold)) is not None]
        return any(_bag(rows) == _bag(other) for other in wanted)


@lru_cache(maxsize=32)
def _opened(path: str, dialect: str) -> Database:
    if dialect == "sqlite":
        connection: Any = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        return Database(connection, "sqlite")
    script = Path(path).read_text(encoding="utf-8")
    if dialect == "duckdb":
        import duckdb

        connection = duckdb.connect()
        connection.execute(script)
        return Database(connection, "duckdb")
    return Database(_postgres(script, f"case_{os.getpid()}_{abs(hash(path))}"), "postgres")


def _postgres(script: str, name: str) -> Any:
    """Return a new connection to a database that the script has filled; what it sets for the database holds there."""
    import psycopg

    server = os.environ[SERVER]
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    with psycopg.connect(f"{server} dbname={name}", autocommit=True) as filling:
        filling.execute(script)
    connection = psycopg.connect(f"{server} dbname={name}", autocommit=True)
    connection.execute(f"SET statement_timeout = {int(SECONDS * 1000)}")
    return connection


def _rows(database: Database, text: str) -> list[tuple[Any, ...]] | None:
    """Return what a query gives; `None` when it fails."""
    connection = database.connection
    try:
        if database.dialect == "postgres":
            with connection.transaction(force_rollback=True):
                return list(connection.execute(text).fetchall())
        if database.dialect == "sqlite":
            end = time.monotonic() + SECONDS
            connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
            return list(connection.execute(text).fetchall())
        return _duckdb_rows(connection, text)
    except Exception:  # noqa: BLE001 - every driver has its own exceptions
        return None


def _duckdb_rows(connection: Any, text: str) -> list[tuple[Any, ...]]:
    """Return what a query gives, interrupted when it takes too long; what it changes is taken back."""
    timer = threading.Timer(SECONDS, connection.interrupt)
    timer.start()
    connection.execute("BEGIN")
    try:
        return list(connection.execute(text).fetchall())
    finally:
        timer.cancel()
        connection.execute("ROLLBACK")


def _bag(rows: Sequence[tuple[Any, ...]]) -> Counter[tuple[str, ...]]:
    """Return rows so that equal ones are equal on every engine, their order left out."""
    return Counter(tuple(_plain(value) for value in row) for row in rows)


def _plain(value: object) -> str:
    try:
        return f"{float(value):.6g}"  # type: ignore[arg-type]  # what is no number says so
    except (TypeError, ValueError):
        return str(value)


def _width(query: str) -> int | None:
    """Return the number of output columns that a query asks for; `None` where a star hides it."""
    shape = Query(query)
    outer = next((s for s in shape.selects if s.depth == 0), None)
    if outer is None or not outer.items or any(shape.tokens[i.end - 1].text == "*" for i in outer.items):
        return None
    return len(outer.items)
