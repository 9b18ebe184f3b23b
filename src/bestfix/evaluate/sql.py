"""SQL cases: the query fails on its real database, and candidates are run there to see what they give."""

from __future__ import annotations

import os
import time
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
from bestfix.validate.rows import bag, opened, rows

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
        found = _rows(self.database, text)
        if found is None:
            return False
        if method == "executes":
            expected = _width(self.case.code)
            return expected is None or not found or len(found[0]) == expected
        wanted = [r for gold in self.case.fixed if (r := _rows(self.database, gold)) is not None]
        return any(bag(found) == bag(other) for other in wanted)


@lru_cache(maxsize=32)
def _opened(path: str, dialect: str) -> Database:
    if dialect != "postgres":
        return opened(Path(path), dialect)
    script = Path(path).read_text(encoding="utf-8")
    return Database(_postgres(script, f"case_{os.getpid()}_{abs(hash(path))}"), dialect)


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
    try:
        return rows(database, text, SECONDS)
    except Exception:  # noqa: BLE001 - every driver has its own exceptions
        return None


def _width(query: str) -> int | None:
    """Return the number of output columns that a query asks for; `None` where a star hides it."""
    shape = Query(query)
    outer = next((s for s in shape.selects if s.depth == 0), None)
    if outer is None or not outer.items or any(shape.tokens[i.end - 1].text == "*" for i in outer.items):
        return None
    return len(outer.items)
