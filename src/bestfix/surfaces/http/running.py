"""Running a statement of a user's: refused when it writes unasked, stopped when it takes too long, kept as a result."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bestfix.core import ErrorInfo
from bestfix.lang.sql.statements import statements
from bestfix.surfaces.http.databases.engine import Engine, ResultColumn
from bestfix.surfaces.http.databases.pool import Pool
from bestfix.surfaces.http.options import Limits
from bestfix.surfaces.http.problems import Problem, refused
from bestfix.surfaces.http.results.spool import Page, Spool

__all__ = ["Ran", "Run", "needs_confirmation"]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a statement went.

    Attributes:
        seconds: how long it took until its first page was there.
        spool: its rows; `None` when it gave none or failed.
        page: the first of them.
        affected: how many rows it changed, where the engine says.
        error: the error; `None` when it ran.
    """

    seconds: float
    spool: Spool | None = None
    page: Page | None = None
    affected: int | None = None
    error: ErrorInfo | None = None


def needs_confirmation() -> Problem:
    """Return that a statement would write and nobody has said that it may."""
    return Problem(409, "needs_confirmation", "this statement may write to the database; confirm it to run it")


@dataclass(eq=False)
class Run:
    """One run of one statement, in one thread; any thread may stop it.

    Attributes:
        pool: the connections to the database.
        code: the statement.
        limits: what it may take.
        write: whether it may write.
    """

    pool: Pool
    code: str
    limits: Limits
    write: bool = False
    _connection: Any = None
    _stopped: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.pool.engine

    def stop(self) -> None:
        """Stop the statement, or never start it."""
        with self._lock:
            self._stopped, connection = True, self._connection
        if connection is not None:
            with suppress(Exception):  # a driver may object to interrupting what has just ended
                self.engine.interrupt(connection)

    def ran(self, limit: int) -> Ran:
        """Run the statement and return how it went, with the first `limit` of its rows.

        Raises:
            Problem: when it is not one statement, may not be run, or the database cannot be opened.
        """
        if len(found := statements(self.code, self.engine.dialect)) != 1:
            raise refused(f"one statement can be run at a time; this text has {len(found)}")
        connection = self.engine.connect(write=True) if self.write else self.pool.connection()
        started, give_back = time.perf_counter(), self._returner(connection)
        timer = threading.Timer(self.limits.seconds, self.stop)
        timer.daemon = True
        timer.start()
        try:
            return self._ran(connection, limit, started, give_back)
        except Problem:
            give_back()
            raise
        except Exception as error:  # a driver's error is what the statement is answered with
            give_back()
            if not self.write and self.engine.is_refused_write(error):
                raise needs_confirmation() from error
            return Ran(time.perf_counter() - started, error=self._said(error))
        finally:
            timer.cancel()
            with self._lock:
                self._connection = None

    def _ran(self, connection: Any, limit: int, started: float, give_back: Callable[[], None]) -> Ran:
        with self._lock:
            if self._stopped:
                raise refused("the statement was stopped before it began")
            self._connection = connection
        if not self.write and not self.engine.reads(connection, self.code):
            raise needs_confirmation()
        running = self.engine.start(connection, self.code, write=self.write)
        columns: tuple[ResultColumn, ...] = self.engine.columns(running)
        if not columns:
            affected = self.engine.affected(running)
            give_back()
            return Ran(time.perf_counter() - started, affected=affected)
        spool = Spool(columns, running, self.limits.rows, self.limits.bytes, done=give_back)
        try:
            if self.write:
                spool.fetch(self.limits.rows)
            page = spool.page(0, limit)
        except BaseException:  # whatever it is, what was opened is closed before it is raised on
            spool.close()
            raise
        return Ran(time.perf_counter() - started, spool, page)

    def _returner(self, connection: Any) -> Callable[[], None]:
        """Return what gives the connection back, once."""
        given = threading.Event()

        def give_back() -> None:
            if given.is_set():
                return
            given.set()
            if self.write:
                with suppress(Exception):  # a driver's connection that will not close is given up all the same
                    connection.close()
            else:
                self.pool.give_back(connection)

        return give_back

    def _said(self, error: Exception) -> ErrorInfo:
        """Return what the engine said, its place in the statement."""
        if self._stopped:
            return ErrorInfo("Stopped", f"stopped after {self.limits.seconds:g} seconds", ("SqlError",))
        return self.engine.said(self.code, error)
