"""Events on their way: a bounded queue, and one thread in the background that writes them in batches."""

from __future__ import annotations

import atexit
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from queue import Empty, Full, Queue

from bestfix.core import Habits
from bestfix.feedback.place import Place
from bestfix.feedback.sink import Event, Sink

__all__ = ["Writer", "writer_of"]

LIMIT = 4096
"""Events that wait at most; further ones are dropped, and counted."""
BATCH = 500
"""Events that are written at once at most."""
PAUSE = 0.1
"""Seconds from the first event of a batch to its writing, so that the caller's work goes first."""
RETRY = 5.0
"""Seconds between two tries to write what could not be written."""
FRESH = 600.0
"""Seconds after which it is asked again how a user takes what is shown."""
USERS = 1000
"""Users of whom that is known at most."""
PATIENCE = 8.0
"""Seconds that the end of the process waits for the last batch."""


class _Flush:
    """A mark in the queue: what was before it has been written, or spooled."""

    def __init__(self, *, last: bool = False) -> None:
        self.last = last
        self.passed = threading.Event()


class _Ask:
    """A wish in the queue: how this user takes what is shown."""

    def __init__(self, user: str) -> None:
        self.user = user


class Writer:
    """The way from any thread of this process into one place; a child of a fork begins anew, with nothing waiting."""

    def __init__(self, place: Place, days: int = 0, *, brief: bool = False) -> None:
        self.place = place
        self.days = days
        self.brief = brief
        self._begin()
        atexit.register(self.close)

    def _begin(self) -> None:
        """Start with an empty queue and no thread."""
        self._process = os.getpid()
        self._queue: Queue[Event | _Flush | _Ask] = Queue(LIMIT)
        self._sink = Sink(self.place, self.days, brief=self.brief)
        self._taken: list[Event | _Flush | _Ask] = []
        self._habits: dict[str, tuple[float, Habits]] = {}
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._dropped = 0

    @property
    def trouble(self) -> str:
        """Why the database could not be written last; empty when it could."""
        return self._sink.trouble

    def put(self, event: Event) -> bool:
        """Have an event written soon; say whether there was room for it. Never waits."""
        if not self._put(event):
            self._dropped += 1
            return False
        return True

    def _put(self, item: Event | _Ask) -> bool:
        if self._process != os.getpid():
            self._begin()
        if self._thread is None:
            self._start()
        try:
            self._queue.put_nowait(item)
        except Full:
            return False
        return True

    def habits(self, user: str) -> Habits:
        """Return how a user takes what is shown, as far as it is known by now; what is old is asked for again.

        A process that ends soon does not ask.
        """
        if self.brief:
            return {}
        asked, found = self._habits.get(user, (-math.inf, {}))
        if time.monotonic() - asked > FRESH:
            if len(self._habits) >= USERS:
                self._habits.clear()
            self._habits[user] = (time.monotonic(), found)
            self._put(_Ask(user))
        return found

    def flush(self, seconds: float = PATIENCE) -> bool:
        """Wait until all that was put is written, or at least spooled; say whether that was so in time."""
        if self._process != os.getpid() or self._thread is None:
            return True
        return self._passed(_Flush(), seconds) and not self._sink.waiting

    def close(self) -> None:
        """Write what waits and end the thread, within seconds."""
        if self._process != os.getpid() or self._thread is None:
            return
        if self._passed(_Flush(last=True), PATIENCE):
            self._thread.join(timeout=1.0)
        else:
            self._sink.rescue(item for item in self._left() if not isinstance(item, _Flush | _Ask))
        self._thread = None

    def _left(self) -> Iterator[Event | _Flush | _Ask]:
        """Yield what the thread has taken and not written, and what it has not taken."""
        yield from self._taken
        with suppress(Empty):
            while True:
                yield self._queue.get_nowait()

    def _passed(self, mark: _Flush, seconds: float) -> bool:
        until = time.monotonic() + seconds
        try:
            self._queue.put(mark, timeout=seconds)
        except Full:
            return False
        return mark.passed.wait(max(until - time.monotonic(), 0.0))

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bestfix-events", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch: list[Event | _Flush | _Ask] = []
            self._taken = batch
            batch.extend(self._batch())
            dropped, self._dropped = self._dropped, 0
            self._sink.lose(dropped, "the queue was full")
            self._sink.take(item for item in batch if not isinstance(item, _Flush | _Ask))
            for ask in (item for item in batch if isinstance(item, _Ask)):
                self._habits[ask.user] = (time.monotonic(), self._sink.habits(ask.user))
            self._taken = []
            marks = [item for item in batch if isinstance(item, _Flush)]
            if last := any(mark.last for mark in marks):
                self._sink.close()
            for mark in marks:
                mark.passed.set()
            if last:
                return

    def _batch(self) -> Iterator[Event | _Flush | _Ask]:
        """Yield what comes within a pause after the first, up to a mark."""
        try:
            first = self._queue.get(timeout=RETRY if self._sink.waiting else None)
        except Empty:
            return
        yield first
        until = time.monotonic() + PAUSE
        for _ in range(BATCH):
            if isinstance(first, _Flush):
                return
            try:
                first = self._queue.get(timeout=max(until - time.monotonic(), 0.0))
            except Empty:
                return
            yield first


@cache
def writer_of(place: Place, days: int = 0, *, brief: bool = False) -> Writer:
    """Return the writer of this process for a place, whose file keeps a failure so many days; see `Sink`."""
    return Writer(place, days, brief=brief)
