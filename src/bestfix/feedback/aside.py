"""A database file that is damaged makes room for a new one."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["move_aside", "moved"]

PARTS = ("", "-wal", "-shm")
"""The endings of the files of one database."""


def move_aside(path: Path) -> None:
    """Rename a damaged database and its companions, unless another process has; what can be saved of it stays there.

    Raises:
        OSError: when it cannot be renamed.
    """
    with _alone(path):
        if not _damaged(path):
            return
        name = f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        for part in PARTS:
            file = path.with_name(path.name + part)
            if file.exists():
                file.rename(path.with_name(name + part))


def moved(path: Path) -> list[Path]:
    """Return the databases that were moved aside."""
    return sorted(file for file in path.parent.glob(f"{path.name}.damaged-*") if file.suffix.find("-wal") < 0)


def _damaged(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from doing the same at the same time, where the system can."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
