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
    def column_names(self) -> dict[str, str]:
        """The names of all columns by how they are compared."""
        return {_folded(name): name for name in {column.name for table in self.tables for column in table.columns}}

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(table): number for number, table in enumerate(self.tables)}

    @cached_property
    def referring(self) -> dict[str, list[int]]:
        """The tables that have a foreign key to a table, by its name in lower case."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, table in enumerate(self.tables):
            for key in table.foreign_keys:
                found[key.table.lower()].append(number)
        return found

    def places(self, tables: Iterable[Table]) -> list[int]:
        """Return the numbers of some of the tables."""
        return [self._numbers[id(table)] for table in tables if id(table) in self._numbers]


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
    def words(self) -> dict[str, str]:
        """The identifiers of the query, and the name that the error is about, by how they are compared."""
        written = (t.name for t in self.query.tokens if t.identifier and t.upper not in KEYWORDS)
        said = (value for key, value in self.error.details.items() if key in {"name", "table", "column"})
        return {_folded(word): word for each in [*said, *written] if (word := each.rpartition(".")[2])}

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
        used = self._used(names)
        yield 100, used
        yield 30, {n for number in used for n in self._neighbours(names, number)}
        tables = {names.table_names[number] for number in used}
        for word, written in self.words.items():
            have = self.catalog.having(written)
            if len(have) <= COMMON:
                yield 15, names.places(have)
            if word not in tables and not have and len(word) > 2:
                yield from self._like(names, word)

    def _like(self, names: _Names, word: str) -> Iterator[tuple[float, Iterable[int]]]:
        """Yield points for tables that are called like a word, or have a column that is."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        scorer = Levenshtein.normalized_similarity
        for _, similarity, number in process.extract(
            word, names.table_names, scorer=scorer, limit=5, score_cutoff=LIKE
        ):
            yield 40 * similarity, (number,)
        likes = process.extract(word, names.column_names.keys(), scorer=scorer, limit=5, score_cutoff=LIKE)
        for folded, similarity, _ in likes:
            have = self.catalog.having(names.column_names[folded])[:COMMON]
            yield 12 * similarity, names.places(have)

    def _used(self, names: _Names) -> set[int]:
        """Return the tables that the query names, wherever it names them."""
        return {number for number, name in enumerate(names.table_names) if name in self.words}

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
        from rapidfuzz.distance import Levenshtein

        keys = {name for key in table.foreign_keys for name in key.columns} | set(table.primary_key)
        folded = [_folded(column.name) for column in table.columns]
        ranks = [2.0 * (column.name in keys) for column in table.columns]
        for word in self.words:
            for _, similarity, number in process.extract(
                word, folded, scorer=Levenshtein.normalized_similarity, limit=8, score_cutoff=0.4
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
