"""The database of events: opened, brought up to date, written in batches."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table, create_engine, event, exc
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as lite

from bestfix.feedback.migrate import migrate
from bestfix.feedback.place import Place
from bestfix.feedback.tables import TABLES, failures

__all__ = ["Row", "Store", "StoreError"]

BUSY = 5.0
"""Seconds that a writer waits for another one."""
SINGLE = ("at", "id")
"""Columns of a failure that a later decision does not change."""
REFUSED = (exc.DataError, exc.IntegrityError, ValueError, OverflowError)
"""What a database or its driver raises for a row that it cannot hold."""

Row = tuple[str, Mapping[str, Any]]
"""The name of a table, and a value for each of its columns."""


class StoreError(RuntimeError):
    """The database cannot be opened, read or written now.

    Attributes:
        damaged: whether the file holds no database, or a broken one.
    """

    def __init__(self, message: str, *, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


@dataclass(frozen=True, slots=True)
class Store:
    """An open database; for one thread at a time, and not to be taken through a fork.

    Attributes:
        engine: SQLAlchemy's way to it.
        path: the file, if it is one.
        file: the device and inode of the file when it was opened.
    """

    engine: Engine
    path: Path | None
    file: tuple[int, int] | None

    @classmethod
    def open(cls, place: Place) -> Store:
        """Return the database of a place, made and brought up to date where needed.

        Raises:
            StoreError: when that cannot be done.
        """
        with _stated():
            if place.path is not None:
                place.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                place.path.touch(mode=0o600)
            engine = _engine(place)
            try:
                migrate(engine)
            except BaseException:  # whatever it is, what was opened is closed before it is raised on
                engine.dispose()
                raise
        return cls(engine, place.path, _identity(place.path))

    @property
    def gone(self) -> bool:
        """Whether the file is no longer where it was: it was removed, or moved aside."""
        return _identity(self.path) != self.file

    def write(self, rows: Iterable[Row]) -> int:
        """Write rows in one transaction, each once however often it comes; return how many were refused.

        A row that the database refuses for what it holds is left out.

        Raises:
            StoreError: when nothing could be written; writing the same rows again does no harm.
        """
        batches: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for name, values in rows:
            batches[name].append(values)
        with _stated():
            try:
                with self.engine.begin() as connection:
                    for table in TABLES:
                        self._insert(connection, table, batches[table.name])
            except REFUSED:
                return self._one_by_one(batches)
        return 0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with, which sees one state of the whole.

        Raises:
            StoreError: when the database cannot be read.
        """
        level = {"isolation_level": "REPEATABLE READ"} if self.path is None else {}
        with _stated(), self.engine.connect().execution_options(reads=True, **level) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are committed at the end.

        Raises:
            StoreError: when the database cannot be written; nothing has changed then.
        """
        with _stated(), self.engine.begin() as connection:
            yield connection

    def compact(self) -> None:
        """Give back what removed rows took of a file, and leave nothing of them in it.

        Raises:
            StoreError: when that cannot be done now.
        """
        with _stated():
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _insert(self, connection: Connection, table: Table, batch: Sequence[Mapping[str, Any]]) -> None:
        if not batch:
            return
        insert = (lite if self.engine.dialect.name == "sqlite" else postgresql).insert(table)
        if table is failures:
            later = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in SINGLE}
            insert = insert.on_conflict_do_update(
                index_elements=["id"], set_=later, where=insert.excluded.revision > table.c.revision
            )
        else:
            insert = insert.on_conflict_do_nothing()
        connection.execute(insert, list(batch))

    def _one_by_one(self, batches: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
        refused = 0
        with self.engine.begin() as connection:
            for table in TABLES:
                for values in batches.get(table.name, ()):
                    try:
                        with connection.begin_nested():
                            self._insert(connection, table, [values])
                    except REFUSED:
                        refused += 1
        return refused


@contextmanager
def _stated() -> Iterator[None]:
    """State what goes wrong with the database, or with the folder, as one kind of error."""
    try:
        yield
    except (exc.SQLAlchemyError, OSError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        said = str(cause).splitlines()[0] if str(cause) else repr(cause)
        raise StoreError(f"{type(cause).__name__}: {said}", damaged=_damaging(cause)) from error


def _damaging(cause: object) -> bool:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def _engine(place: Place) -> Engine:
    if place.path is None:
        return create_engine(place.address, pool_size=1, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    engine = create_engine(place.address, connect_args={"timeout": BUSY, "check_same_thread": False})
    event.listen(engine, "connect", _prepared)
    event.listen(engine, "begin", _begun)
    return engine


def _prepared(connection: Any, _: object) -> None:
    """Set up a connection to SQLite: SQLAlchemy begins transactions, not the driver; see `_begun`."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begun(connection: Connection) -> None:
    """Begin as a writer, so that two writers wait for each other and never deadlock."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
