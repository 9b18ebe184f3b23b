"""The open results of a worker process, each its user's alone, closed when nobody has looked at them for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bestfix.surfaces.http.databases.engine import Engine
from bestfix.surfaces.http.results.spool import Spool

__all__ = ["Kept", "Shelf", "new_id"]


def new_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_urlsafe(16)


@dataclass(eq=False)
class Kept:
    """A result on the shelf.

    Attributes:
        user: whose it is.
        engine: the database that it comes from.
        spool: its rows.
        used: when it was looked at last, on the monotonic clock.
    """

    user: str
    engine: Engine
    spool: Spool
    used: float = field(default_factory=time.monotonic)


@dataclass(eq=False)
class Shelf:
    """The results by their ids. Any thread may use it.

    Attributes:
        most: how many one user may have open; the one that was looked at longest ago goes.
    """

    most: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: dict[str, Kept] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, name: str, kept: Kept) -> None:
        """Keep a result under an id, in the place of what was there."""
        with self._lock:
            before = self._kept.pop(name, None)
            own = sorted((k for k, v in self._kept.items() if v.user == kept.user), key=lambda k: self._kept[k].used)
            surplus = [self._kept.pop(key) for key in own[: max(len(own) + 1 - self.most, 0)]]
            surplus += [before] if before is not None else []
            self._kept[name] = kept
        for old in surplus:
            old.spool.close()

    def get(self, name: str, user: str) -> Kept | None:
        """Return a user's result; `None` when it is not there or another's."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept.user != user:
                return None
            kept.used = time.monotonic()
            return kept

    def drop(self, name: str, user: str) -> None:
        """Close a user's result, if it is there."""
        self._close(lambda key, kept: key == name and kept.user == user)

    def sweep(self, idle: float) -> None:
        """Close what nobody has looked at for so many seconds."""
        until = time.monotonic() - idle
        self._close(lambda _, kept: kept.used < until)

    def release(self, engine: Engine) -> None:
        """Stop fetching from a database: it is to be written to. The rows that were fetched stay."""
        with self._lock:
            found = [kept for kept in self._kept.values() if kept.engine == engine]
        for kept in found:
            kept.spool.stop()

    def clear(self) -> None:
        """Close everything."""
        self._close(lambda *_: True)

    def _close(self, which: Callable[[str, Kept], bool]) -> None:
        with self._lock:
            keys = [key for key, kept in self._kept.items() if which(key, kept)]
            dropped = [self._kept.pop(key) for key in keys]
        for kept in dropped:
            kept.spool.close()
