"""Open connections of one user to one database, kept for a while for the next request."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bestfix.capture.catalog.database import Database
from bestfix.surfaces.http.databases.engine import Engine
from bestfix.surfaces.http.problems import Problem

__all__ = ["Pool", "Pools"]

_KEPT = 4
"""Idle connections of one kind that a pool keeps."""
_ENDED = "the database has ended the connection; ask again"


@dataclass(eq=False)
class Pool:
    """The connections of one user to one database. Any thread may use it.

    Attributes:
        engine: the database.
        used: when it was used last, on the monotonic clock.
    """

    engine: Engine
    used: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked: list[Database] = field(default_factory=list)
    _run_on: list[Any] = field(default_factory=list)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Lend a connection with its catalog, on which nothing of the user's is run.

        A generator that is closed while it has lent one, between two of its answers, gives it back whole.

        Raises:
            Problem: when the database cannot be opened, or has ended the connection.
        """
        database = self._pop(self._asked) or Database(self.engine.connect(), self.engine.dialect)
        try:
            yield database
        except GeneratorExit:
            self._push(self._asked, database, database.connection)
            raise
        except BaseException as error:  # whatever it is, what was opened is closed before it is raised on
            ended = isinstance(error, Exception) and not self.engine.is_alive(database.connection)
            _close(database.connection)
            if ended and not isinstance(error, Problem):
                raise Problem(503, "no_connection", _ENDED, {"Retry-After": "1"}) from error
            raise
        self._push(self._asked, database, database.connection)

    def connection(self) -> Any:
        """Return a connection that only reads, to run a statement of the user's on.

        Raises:
            Problem: when the database cannot be opened.
        """
        return self._pop(self._run_on) or self.engine.connect()

    def give_back(self, connection: Any) -> None:
        """Take a connection back after a statement of the user's."""
        if self.engine.reset(connection):
            self._push(self._run_on, connection, connection)
        else:
            _close(connection)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle = [*(database.connection for database in self._asked), *self._run_on]
            self._asked.clear()
            self._run_on.clear()
        for connection in idle:
            _close(connection)

    def _pop(self, kept: list[Any]) -> Any:
        """Return what is idle and alive; `None` without such."""
        self.used = time.monotonic()
        while True:
            with self._lock:
                if not kept:
                    return None
                item = kept.pop()
            connection = item.connection if isinstance(item, Database) else item
            if self.engine.is_alive(connection):
                return item
            _close(connection)

    def _push(self, kept: list[Any], item: Any, connection: Any) -> None:
        with self._lock:
            if len(kept) < _KEPT:
                kept.append(item)
                return
        _close(connection)


@dataclass(eq=False)
class Pools:
    """The pools of a worker process, by user and connection."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pools: dict[Hashable, Pool] = field(default_factory=dict)

    def of(self, user: str, engine: Engine) -> Pool:
        """Return the pool of a user's connection to a database."""
        with self._lock:
            return self._pools.setdefault((user, engine), Pool(engine))

    def clear(self, engine: Engine) -> None:
        """Close what is idle of a database, whoever used it."""
        with self._lock:
            pools = [pool for pool in self._pools.values() if pool.engine == engine]
        for pool in pools:
            pool.close()

    def sweep(self, idle: float) -> None:
        """Drop the pools that nobody has used for so many seconds."""
        until = time.monotonic() - idle
        with self._lock:
            old = [key for key, pool in self._pools.items() if pool.used < until]
            dropped = [self._pools.pop(key) for key in old]
        for pool in dropped:
            pool.close()


def _close(connection: Any) -> None:
    with suppress(Exception):  # a driver's connection that will not close is given up all the same
        connection.close()
