"""The rows of one result in a file without a name: fetched when a page asks for them, then there for good."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from bestfix.surfaces.http.databases.engine import ResultColumn, Running
from bestfix.surfaces.http.results.values import Json, kind_of, to_json

__all__ = ["Page", "Spool", "StoppedError"]

CHUNK = 1000
"""Rows that are fetched, and kept, together."""


class StoppedError(Exception):
    """Rows are asked for that were not fetched before the statement was given up."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a result.

    Attributes:
        offset: the number of the first one, from 0.
        rows: the rows.
        known: how many rows the result has, as far as they were fetched.
        complete: whether that is all of them.
        cut: whether there were more than are kept.
    """

    offset: int
    rows: Sequence[Sequence[Json]]
    known: int
    complete: bool
    cut: bool


@dataclass(eq=False)
class Spool:
    """The rows of a result. Any thread may read it; one at a time fetches.

    Attributes:
        columns: its columns.
        running: the statement, which gives the rows.
        most: how many rows are kept.
        room: how many bytes are kept.
        done: called once, when no more rows are fetched.
    """

    columns: tuple[ResultColumn, ...]
    running: Running
    most: int
    room: int
    done: Callable[[], None] = lambda: None
    known: int = 0
    complete: bool = False
    cut: bool = False
    kinds: list[set[str]] = field(default_factory=list)
    """The kinds of values that each column has held so far."""
    stopped: bool = False
    _places: list[tuple[int, int]] = field(default_factory=list)
    """Where each chunk stands in the file, and how long it is."""
    _file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.kinds = [set() for _ in self.columns]

    def page(self, offset: int, limit: int) -> Page:
        """Return rows from the one numbered `offset` on, at most `limit`; fetch as far as that needs.

        Raises:
            Exception: what the driver raises.
        """
        with self._lock:
            self.fetch(offset + limit)
            rows: list[Sequence[Json]] = []
            while offset + len(rows) < self.known and len(rows) < limit:
                number, within = divmod(offset + len(rows), CHUNK)
                rows += self._chunk(number)[within : within + limit - len(rows)]
            return Page(offset, rows, self.known, self.complete, self.cut)

    def chunks(self) -> Iterator[list[Sequence[Json]]]:
        """Yield all rows, fetching as it goes.

        Raises:
            Exception: what the driver raises.
        """
        number = 0
        while True:
            with self._lock:
                self.fetch((number + 1) * CHUNK)
                if number >= len(self._places):
                    return
                rows = self._chunk(number)
            yield rows
            number += 1

    def fetch(self, count: int) -> None:
        """Fetch until so many rows are there, or there are no more.

        Raises:
            StoppedError: when the statement was given up before.
            Exception: what the driver raises.
        """
        with self._lock:
            while self.known < count and not self.complete:
                if self.stopped:
                    raise StoppedError
                rows = self.running.fetchmany(min(CHUNK, self.most - self.known))
                if rows:
                    self._keep(rows)
                full = self.known >= self.most or self._end >= self.room
                if full or len(rows) < CHUNK:
                    self.cut = full and bool(self.running.fetchmany(1))
                    self.complete = True
                    self.stop()

    def stop(self) -> None:
        """Give up what has not been fetched; the rows that were stay."""
        with self._lock:
            if not self.stopped:
                self.stopped = True
                with suppress(Exception):  # a driver's cursor that will not close is given up all the same
                    self.running.close()
                self.done()

    def close(self) -> None:
        """Give everything up."""
        with self._lock:
            self.stop()
            self._file.close()

    @property
    def _end(self) -> int:
        return sum(self._places[-1]) if self._places else 0

    def _keep(self, rows: Sequence[Sequence[object]]) -> None:
        for row in rows:
            for kinds, value in zip(self.kinds, row, strict=True):
                kinds.add(kind_of(value))
        data = json.dumps([[to_json(value) for value in row] for row in rows], separators=(",", ":")).encode()
        end = self._end
        self._file.seek(end)
        self._file.write(data)
        self._places.append((end, len(data)))
        self.known += len(rows)

    def _chunk(self, number: int) -> list[Sequence[Json]]:
        start, length = self._places[number]
        self._file.seek(start)
        rows: list[Sequence[Json]] = json.loads(self._file.read(length))
        return rows
