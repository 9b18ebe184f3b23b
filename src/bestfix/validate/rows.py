"""What a query gives on its database, so that two queries can be compared by it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bestfix.capture.catalog.database import Database

__all__ = ["bag", "opened", "rows"]


_LOOK = 0.05
"""Seconds between two looks at how long a query has taken."""


def opened(path: Path, dialect: str) -> Database:
    """Return the database of an SQLite file, which stays as it is, or of a script for DuckDB, which runs in memory."""
    if dialect == "sqlite":
        connection: Any = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    else:
        import duckdb

        connection = duckdb.connect(config={"threads": 1})  # so that what ties leave open is the same each time
        connection.execute(path.read_text(encoding="utf-8"))
    return Database(connection, dialect)


def rows(database: Database, text: str, seconds: float) -> list[tuple[Any, ...]]:
    """Return what a query gives, interrupted when it takes too long; what it changes is taken back.

    Args:
        database: what is asked.
        text: the query.
        seconds: how much processor time of this process it may take, so that a busy machine does not cut it short; on a
            server, what is set there counts.

    Raises:
        Exception: whatever the driver raises.
    """
    connection = database.connection
    if database.dialect == "postgres":
        with connection.transaction(force_rollback=True):
            return list(connection.execute(text).fetchall())
    if database.dialect == "sqlite":
        end = time.process_time() + seconds
        connection.set_progress_handler(lambda: time.process_time() > end, 100_000)
        return list(connection.execute(text).fetchall())
    done = threading.Event()
    threading.Thread(target=_interrupt, args=(connection, time.process_time() + seconds, done), daemon=True).start()
    connection.execute("BEGIN")
    try:
        return list(connection.execute(text).fetchall())
    finally:
        done.set()
        connection.execute("ROLLBACK")


def _interrupt(connection: Any, end: float, done: threading.Event) -> None:
    """Interrupt a query when this process has used so much processor time."""
    while not done.wait(_LOOK):
        if time.process_time() > end:
            connection.interrupt()
            return


def bag(found: Sequence[tuple[Any, ...]]) -> Counter[tuple[str, ...]]:
    """Return rows so that equal ones are equal on every engine, their order left out."""
    return Counter(tuple(_plain(value) for value in row) for row in found)


def _plain(value: object) -> str:
    try:
        return f"{float(value):.6g}"  # type: ignore[arg-type]  # what is no number says so
    except (TypeError, ValueError):
        return str(value)
