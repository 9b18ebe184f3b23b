"""Which tables and columns of a database a query may need: those near it, ranked, never the whole catalog."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bestfix.capture.redact import Veil
from bestfix.core import Catalog, Column, ErrorInfo, Table
from bestfix.lang.sql import Query
from bestfix.lang.sql.tokens import KEYWORDS

__all__ = ["Nearby", "described"]

TABLES = 60
"""Tables that are described at most."""
WIDE = 30
"""Columns of a table above which only those near the query are listed."""
COMMON = 40
"""Tables above which having a column of a name says nothing."""
LIKE = 0.7
"""Similarity, 0 to 1, at which a name may be meant by another."""


@dataclass(frozen=True)
class _Names:
    """The names of a catalog, for looking up what is like a name."""

    tables: tuple[Table, ...]

    @cached_property
    def table_names(self) -> list[str]:
        """The name of each table, folded."""
        return [_folded(table.name) for table in self.tables]

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        """The tables that have a column, by its folded name."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, table in enumerate(self.tables):
            for column in table.columns:
                found[_folded(column.name)].append(number)
        return found

    @cached_property
    def referring(self) -> dict[str, list[int]]:
        """The tables that have a foreign key to a table, by its name in lower case."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, table in enumerate(self.tables):
            for key in table.foreign_keys:
                found[key.table.lower()].append(number)
        return found


@lru_cache(maxsize=4)
def _names(catalog: Catalog) -> _Names:
    return _Names(tuple(catalog.tables()))


@dataclass(frozen=True)
class Nearby:
    """The part of a catalog near a query that failed."""

    query: Query
    catalog: Catalog
    error: ErrorInfo

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The identifiers of the query, and the name that the error is about, folded."""
        written = (t.name for t in self.query.tokens if t.identifier and t.upper not in KEYWORDS)
        said = (value for key, value in self.error.details.items() if key in {"name", "table", "column"})
        return tuple(dict.fromkeys(_folded(word.rpartition(".")[2]) for word in [*said, *written]))

    def tables(self) -> list[Table]:
        """Return the tables, the most likely needed first."""
        names, scores = _names(self.catalog), defaultdict[int, float](float)
        for points, numbers in self._evidence(names):
            for number in numbers:
                scores[number] += points
        if len(names.tables) <= TABLES:
            for number in range(len(names.tables)):
                scores[number] += 0.0
        best = heapq.nsmallest(TABLES, scores, key=lambda number: (-scores[number], number))
        return [names.tables[number] for number in best]

    def _evidence(self, names: _Names) -> Iterator[tuple[float, Iterable[int]]]:
        """Yield points and the tables that get them."""
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        used = self._used(names)
        yield 100, used
        yield 30, {n for number in used for n in self._neighbours(names, number)}
        for word in self.words:
            have = names.columns.get(word, ())
            if len(have) <= COMMON:
                yield 15, have
            if len(word) < 3:
                continue
            scorer = DamerauLevenshtein.normalized_similarity
            likes = process.extract(word, names.table_names, scorer=scorer, limit=5, score_cutoff=LIKE)
            for _, similarity, number in likes:
                yield 40 * similarity, (number,)
            if not have:
                for name, similarity, _ in process.extract(
                    word, names.columns.keys(), scorer=scorer, limit=5, score_cutoff=LIKE
                ):
                    yield 12 * similarity, names.columns[name][:COMMON]

    def _used(self, names: _Names) -> set[int]:
        """Return the tables that the query names, wherever it names them."""
        wanted = set(self.words)
        return {number for number, name in enumerate(names.table_names) if name in wanted}

    def _neighbours(self, names: _Names, number: int) -> Iterator[int]:
        """Yield the tables at the other end of a table's foreign keys."""
        table = names.tables[number]
        yield from names.referring.get(table.name.lower(), ())
        for key in table.foreign_keys:
            folded = _folded(key.table)
            yield from (n for n, name in enumerate(names.table_names) if name == folded)

    def columns(self, table: Table) -> Sequence[Column]:
        """Return the columns of a table; of a wide one the keys and those near the query, in order."""
        if len(table.columns) <= WIDE:
            return table.columns
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        keys = {name for key in table.foreign_keys for name in key.columns} | set(table.primary_key)
        folded = [_folded(column.name) for column in table.columns]
        ranks = [2.0 * (column.name in keys) for column in table.columns]
        for word in self.words:
            for _, similarity, number in process.extract(
                word, folded, scorer=DamerauLevenshtein.normalized_similarity, limit=8, score_cutoff=0.4
            ):
                ranks[number] = max(ranks[number], similarity if similarity < 1 else 3.0)
        best = set(heapq.nlargest(WIDE, range(len(ranks)), key=lambda n: (ranks[n], -n)))
        return [column for number, column in enumerate(table.columns) if number in best]


def described(table: Table, columns: Sequence[Column], veil: Veil) -> str:
    """Return one line on a table: its columns with their types, its keys."""
    said = [f"{veil.say_name(column.name)} {column.type}".rstrip() for column in columns]
    said += ["…"] if len(columns) < len(table.columns) else []
    if table.primary_key:
        said.append(f"primary key ({', '.join(map(veil.say_name, table.primary_key))})")
    for key in table.foreign_keys:
        here, there = (", ".join(map(veil.say_name, names)) for names in (key.columns, key.references))
        said.append(f"foreign key ({here}) references {veil.say_name(key.table)} ({there})")
    name = f"{veil.say_name(table.schema)}." if table.schema not in {"", "main", "public"} else ""
    return f"{'view' if table.view else 'table'} {name}{veil.say_name(table.name)} ({', '.join(said)})"


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace(" ", "")
