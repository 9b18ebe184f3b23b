"""A catalog that is kept as long as no DDL has run."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bestfix.capture.catalog.readers import READERS, Run, fingerprint, read_information_schema
from bestfix.core import Catalog

__all__ = ["Shelf", "shelf_of"]

_UNSURE = 3
"""How often the fingerprint is still compared after numbers were handed out: the DDL may not be committed yet."""


@dataclass(eq=False)
class Shelf:
    """The catalog of one connection.

    Attributes:
        dialect: the SQL dialect of the engine.
        opened: how many duplicates of the connection we opened.
    """

    dialect: str
    opened: int = 0
    _kept: tuple[object, Catalog] | None = None
    _numbers: _Numbers | None = None
    _unsure: int = 0

    def catalog(self, run: Run) -> Catalog:
        """Return the catalog: the one kept, when no DDL has run since."""
        if self._kept and self.dialect == "duckdb" and not self._handed_out(run):
            return self._kept[1]
        mark = fingerprint(self.dialect, run)
        if self._kept is None or self._kept[0] != mark:
            reader = READERS.get(self.dialect)
            self._kept = mark, reader(run) if reader else read_information_schema(run, self.dialect)
            self._unsure = min(self._unsure, 1)
        return self._kept[1]

    def _handed_out(self, run: Run) -> bool:
        """Whether DuckDB has numbered objects that are not ours since the last call, or not long before."""
        if self._numbers is None:
            self._numbers = _Numbers.measured(run, self.opened)
            return True
        if self._numbers.moved(run, self.opened):
            self._unsure = _UNSURE
        self._unsure -= 1
        return self._unsure >= 0


@dataclass
class _Numbers:
    """The numbers that a DuckDB instance gives its objects, one counter for all: looking at it moves it, too.

    Attributes:
        last: the number seen last.
        look: how many numbers a look takes.
        opened: how many duplicates there were by then.
        duplicate: how many a duplicate of a connection takes: the least that was seen.
    """

    last: int
    look: int
    opened: int
    duplicate: float = math.inf

    @classmethod
    def measured(cls, run: Run, opened: int) -> _Numbers:
        """Start to watch."""
        first, second = _number(run), _number(run)
        return cls(second, second - first, opened)

    def moved(self, run: Run, opened: int) -> bool:
        """Whether more numbers were handed out than our own looks and duplicates take."""
        number = _number(run)
        taken, since = number - self.last - self.look, max(opened - self.opened, 1)
        self.last, self.opened = number, opened
        expected = since * self.duplicate
        self.duplicate = min(self.duplicate, taken / since)
        return taken != expected


def _number(run: Run) -> int:
    """Return the number of a temporary object of our own duplicate, which is gone at once."""
    run("BEGIN")
    try:
        run("CREATE TEMP SEQUENCE bestfix_number")
        return int(run("SELECT max(sequence_oid) FROM duckdb_sequences() WHERE temporary")[0][0])
    finally:
        run("ROLLBACK")


@lru_cache(maxsize=1)
def _shelves() -> weakref.WeakKeyDictionary[Any, Shelf]:
    return weakref.WeakKeyDictionary()


def shelf_of(connection: Any, dialect: str) -> Shelf:
    """Return the shelf of a connection: the same one as long as the connection lives, where that can be known."""
    try:
        return _shelves().setdefault(connection, Shelf(dialect))
    except TypeError:
        return Shelf(dialect)
