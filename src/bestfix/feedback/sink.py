"""What the writer's thread does with events: into the database, else into the spool, else kept for a while."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from bestfix.core import Habits
from bestfix.feedback.clock import now
from bestfix.feedback.place import Install, Place
from bestfix.feedback.spool import Spool

if TYPE_CHECKING:
    from bestfix.feedback.store import Store

__all__ = ["Event", "Row", "Sink", "identifier"]

HELD = 20_000
"""Rows that are kept in memory at most, while they can be written nowhere."""
BACKOFF = 5.0
"""Seconds after a failure before the database is tried again."""
COUNTED = frozenset({"failures", "actions"})
"""The tables whose rows are events; the rest belongs to these."""

Row = tuple[str, dict[str, Any]]
"""The name of a table, and a value for each of its columns."""


class Event(Protocol):
    """Something that happened."""

    def rows(self, install: Install) -> Iterable[Row]:
        """Return the rows that tell it; called in the writer's thread."""


def identifier() -> str:
    """Return a new identifier: unique, and in the order of time."""
    return f"{now():014x}{secrets.token_hex(6)}"


class Sink:
    """Where the events of this process go; for one thread alone.

    Attributes:
        place: where events are kept.
        days: how long a file keeps a failure; 0 for ever.
        brief: whether this process ends soon, and leaves its events in the spool for one that lasts.
        trouble: why the database could not be written last; empty when it could.
    """

    def __init__(self, place: Place, days: int, *, brief: bool = False) -> None:
        self.place = place
        self.brief = brief
        self.days = days
        self.trouble = ""
        self._spool = Spool(place.spool)
        self._held: list[Row] = []
        self._lost: Counter[str] = Counter()
        self._store: Store | None = None
        self._after = 0.0
        self._named: set[tuple[str, int]] = set()

    @property
    def waiting(self) -> bool:
        """Whether there are rows that are written nowhere yet."""
        return bool(self._held or self._lost)

    def lose(self, events: int, reason: str) -> None:
        """Count events that are lost."""
        if events:
            self._lost[reason] += events

    def take(self, events: Iterable[Event]) -> None:
        """Write events; where that cannot be done now, keep them."""
        for event in events:
            try:
                rows = list(event.rows(self._install))
                self._held += filter(self._is_new, rows)
            except Exception as error:  # noqa: BLE001 - a bug in what describes an event must not end the thread
                self.lose(1, f"{type(error).__name__}: {error}")
        if self.place.off:
            self._held.clear()
            self._lost.clear()
        elif self.waiting:
            ways = (
                (self._spooled, self._stored) if self.brief and not self._spool.due else (self._stored, self._spooled)
            )
            if not any(way() for way in ways):
                self._trim()

    def _is_new(self, row: Row) -> bool:
        """Whether a row must be written: the names of features need not, once they are."""
        table, values = row
        if table != "features":
            return True
        key = (values["feature_set"], values["position"])
        known = key in self._named
        self._named.add(key)
        return not known

    def rescue(self, events: Iterable[Event]) -> None:
        """Put what is held, and further events, into the spool: at the end, when the thread does not come to it.

        Rows that the thread writes all the same are the same rows.
        """
        rows = list(self._held)
        for event in events:
            with suppress(Exception):  # a bug in what describes an event must not be the last that the user sees
                rows += event.rows(self._install)
        with suppress(OSError):
            if rows and not self.place.off:
                self._spool.add(rows)

    def close(self) -> None:
        """Write what is held, if it can be, and close the database."""
        self._after = 0.0
        self.take(())
        if self._store is not None:
            self._store.close()

    @cached_property
    def _install(self) -> Install:
        return Install.load(self.place.folder)

    def habits(self, user: str) -> Habits:
        """Return how a user takes what is shown; empty where that cannot be read."""
        from bestfix.feedback.history import habits

        try:
            return habits(self._opened(), user or self._install.id)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the thread lives and nothing is gated
            self.trouble = str(error)
            return {}

    def _stored(self) -> bool:
        """Write what is held, and what waits in the spool, into the database; say whether that went well."""
        if time.monotonic() < self._after:
            return False
        try:
            store = self._opened()
            refused = store.write([*self._held, *self._losses()])
            self._written()
            self.lose(refused, "the database refused it")
            self._spool.drain(store.write)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the thread lives and the rows wait
            self.trouble = str(error)
            self._after = time.monotonic() + BACKOFF
            self._replaced(error)
            return not self._held
        self.trouble = ""
        return True

    def _opened(self) -> Store:
        """Return the database, opened anew where the file is another one by now."""
        from bestfix.feedback.retention import expire
        from bestfix.feedback.store import Store

        if self._store is not None and self._store.gone:
            self._store.close()
            self._store = None
        if self._store is None:
            self._store = Store.open(self.place)
            self._named.clear()
            expire(self._store, self.days)
        return self._store

    def _replaced(self, error: Exception) -> None:
        """Make room for a new database where the old one is damaged."""
        if self.place.path is not None and getattr(error, "damaged", False):
            from bestfix.feedback.aside import move_aside

            if self._store is not None:
                self._store.close()
            self._store = None
            with suppress(OSError):
                move_aside(self.place.path)
                self._after = 0.0

    def _spooled(self) -> bool:
        try:
            self._spool.add([*self._held, *self._losses()])
        except OSError:
            return False
        self._written()
        return True

    def _written(self) -> None:
        self._held.clear()
        self._lost.clear()

    def _losses(self) -> Sequence[Row]:
        return [
            ("losses", {"id": identifier(), "at": now(), "install": self._install.id, "events": count, "reason": why})
            for why, count in self._lost.items()
        ]

    def _trim(self) -> None:
        """Let go of what is too much to keep, the newest first, and count it."""
        beyond = self._held[HELD:]
        del self._held[HELD:]
        self._named.clear()
        self.lose(sum(table in COUNTED for table, _ in beyond), self.trouble)
