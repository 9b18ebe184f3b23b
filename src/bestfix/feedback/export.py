"""The store as Parquet files, in the schema of docs/events.md."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Float, Integer, Table, select

from bestfix.feedback.store import Store
from bestfix.feedback.tables import actions, candidates, exposures, failures, features, losses

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EXPORTED", "export", "schema"]

EXPORTED = (failures, candidates, actions, exposures, losses)
"""The tables that become files; the names of features become columns of the candidates."""
CHUNK = 10_000
"""Rows that are in memory at once."""
PREFIX = "feature."
"""What stands before the name of a feature in the name of its column."""


def export(store: Store, folder: Path) -> dict[str, int]:
    """Write one file for each table, all of the same moment; return how many rows each has.

    A file is whole before it has its name, and replaces one that was there.

    Raises:
        StoreError: when the store cannot be read.
        OSError: when a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with store.reading() as connection:
        names = _features(connection)
        return {table.name: _file(connection, table, names, folder) for table in EXPORTED}


def schema(table: Table, names: Sequence[str] = ()) -> pa.Schema:
    """Return the schema of a table's file.

    Args:
        table: the table.
        names: the features that candidates have.
    """
    import pyarrow as pa

    fields = [
        pa.field(c.name, _type(c), nullable=bool(c.nullable), metadata={"comment": c.comment or ""})
        for c in table.columns
        if not (table is candidates and c.name == "features")
    ]
    if table is candidates:
        fields += [pa.field(PREFIX + name, pa.float64()) for name in names]
    return pa.schema(fields)


def _type(column: Column[Any]) -> pa.DataType:
    import pyarrow as pa

    if isinstance(column.type, BigInteger):
        return pa.timestamp("us", tz="UTC")
    kinds = ((Boolean, pa.bool_()), (Integer, pa.int32()), (Float, pa.float64()))
    return next((found for kind, found in kinds if isinstance(column.type, kind)), pa.string())


def _features(connection: Connection) -> Mapping[str, list[str]]:
    """Return the names of the features of each set, in order."""
    found: dict[str, list[str]] = {}
    for name, _, feature in connection.execute(select(features).order_by(*features.primary_key.columns)):
        found.setdefault(name, []).append(feature)
    return found


def _file(connection: Connection, table: Table, names: Mapping[str, list[str]], folder: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    every = list(dict.fromkeys(name for of_set in names.values() for name in of_set))
    wanted = schema(table, every)
    draft, count = folder / f"{table.name}.parquet.part", 0
    with pq.ParquetWriter(draft, wanted) as file:
        for rows in _rows(connection, table, names):
            columns = {name: [row.get(name) for row in rows] for name in wanted.names}
            file.write_table(pa.table(columns, schema=wanted))
            count += len(rows)
    draft.replace(folder / f"{table.name}.parquet")
    return count


def _rows(connection: Connection, table: Table, names: Mapping[str, list[str]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table in chunks."""
    query = select(table).order_by(*table.primary_key.columns)
    if table is candidates:
        query = query.add_columns(failures.c.feature_set).outerjoin(failures, failures.c.id == candidates.c.failure_id)
    result = connection.execution_options(stream_results=True).execute(query)
    for chunk in result.mappings().partitions(CHUNK):
        yield [_spread(dict(row), names) if table is candidates else dict(row) for row in chunk]


def _spread(row: dict[str, Any], names: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a candidate with a column for each feature."""
    values = json.loads(row.pop("features"))
    named = dict(zip(names.get(row.pop("feature_set") or "", ()), values, strict=False))
    return row | {PREFIX + name: value for name, value in named.items() if value is not None and math.isfinite(value)}
