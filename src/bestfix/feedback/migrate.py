"""Bringing a database's schema up to date, by one process at a time."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

__all__ = ["HEAD", "SchemaError", "migrate"]

HEAD = "0001"
"""The newest migration; a test compares it with the files."""
FOLDER = Path(__file__).parent / "migrations"
TRIES, PAUSE = 50, 0.1
"""How often, and after how many seconds again, the switch to writing ahead is tried while others use the file."""
LOCK = 0x62657374666978
"""The number of PostgreSQL's advisory lock: `bestfix` in ASCII."""


class SchemaError(OSError):
    """The database was made by a newer bestfix."""


def migrate(engine: Engine) -> None:
    """Apply the migrations that a database lacks, in one transaction that no other process shares.

    In SQLite the write lock of the file keeps others out, in PostgreSQL an advisory lock; both end with the process.
    Alembic is imported only where something is to be done.

    Raises:
        SchemaError: when the database is of a newer version.
    """
    with engine.connect().execution_options(reads=True) as connection:
        if _version(connection) == HEAD:
            return
    if engine.dialect.name == "sqlite":
        _log_ahead(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if _version(connection) != HEAD:
            _upgrade(connection)


def _log_ahead(engine: Engine) -> None:
    """Have SQLite write ahead (WAL), which the file remembers; where it does not wait for others by itself, we do."""
    for left in reversed(range(TRIES)):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(PAUSE)
        else:
            return
        finally:
            raw.close()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"the events were written by a newer bestfix; update this one ({error})") from error
