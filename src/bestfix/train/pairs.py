"""Real SQL that runs: pairs of a database and a query, from a file that the caller names."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bestfix.lang.sql.tokens import RESERVED, tokenized

__all__ = ["Pair", "pairs"]

_ENDINGS = {"sqlite": ".sqlite", "duckdb": ".duckdb.sql"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A query that runs on a database.

    Attributes:
        id: unique in its file.
        group: the database, whatever the engine.
        query: the query.
        database: the file of the database: SQLite, or a script for DuckDB.
        names: the identifiers of all queries of the database.
    """

    id: str
    group: str
    query: str
    database: Path
    names: tuple[str, ...]

    @property
    def dialect(self) -> str:
        """The dialect of the database."""
        return "sqlite" if self.database.suffix == ".sqlite" else "duckdb"


def pairs(path: Path, *, seed: int = 0) -> Iterator[Pair]:
    """Yield the pairs of a file of JSON lines with `id`, `query`, `db` (a path beside the file, its ending left out).

    `engines` names the engines that the query runs on; one of them is drawn for each.
    """
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names: dict[str, set[str]] = defaultdict(set)
    for record in records:
        names[record["db"]] |= {t.text for t in tokenized(record["query"]) if t.identifier and t.upper not in RESERVED}
    for record in records:
        rng = random.Random(f"{seed}/{record['id']}")
        database = path.parent / (record["db"] + _ENDINGS[rng.choice(record["engines"])])
        if database.is_file():
            yield Pair(record["id"], record["db"], record["query"], database, tuple(sorted(names[record["db"]])))
