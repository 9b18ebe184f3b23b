"""A simulated population's failures as events of the real schema: in Parquet, or in an event store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bestfix.core import Action
from bestfix.experiment.assign import Experiment
from bestfix.experiment.population import Drawn, Population, drawn_users
from bestfix.experiment.sums import Flags, Ints

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Column, Table

    from bestfix.feedback.store import Store

__all__ = ["START", "events_of", "to_parquet", "to_store"]

START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()) * 1_000_000
"""When simulated experiments start, in microseconds since 1970."""
BLOCK = 20_000
"""Users who are simulated at a time; memory does not grow beyond theirs."""

Columns = Mapping[str, Any]


def to_parquet(population: Population, experiments: Sequence[Experiment], folder: Path, seed: int = 0) -> int:
    """Write what a population does as an export would be, with a file a block of users; return how many events."""
    import pyarrow.parquet as pq

    from bestfix.feedback.export import schema
    from bestfix.feedback.tables import metadata

    written = 0
    for number, tables in enumerate(_blocks(population, experiments, seed)):
        for name, table in tables.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            pq.write_table(table.cast(schema(metadata.tables[name])), folder / name / f"part-{number:05}.parquet")
            written += len(table)
    return written


def to_store(population: Population, experiments: Sequence[Experiment], store: Store, seed: int = 0) -> int:
    """Write what a population does into an event store; return how many events."""
    from bestfix.feedback.tables import metadata

    written = 0
    for tables in _blocks(population, experiments, seed):
        with store.writing() as connection:
            for name, table in tables.items():
                for batch in table.to_batches(max_chunksize=10_000):
                    connection.execute(metadata.tables[name].insert(), batch.to_pylist())
                written += len(table)
    return written


def _blocks(population: Population, experiments: Sequence[Experiment], seed: int) -> Iterator[Mapping[str, pa.Table]]:
    for number, first in enumerate(range(0, population.users, BLOCK)):
        block = replace(population, users=min(BLOCK, population.users - first))
        drawn = drawn_users(block, experiments, seed=seed * 1_000_003 + number)
        yield events_of(drawn, experiments, mark=f"{seed:x}.{number:x}")


def events_of(drawn: Drawn, experiments: Sequence[Experiment], mark: str = "0") -> Mapping[str, pa.Table]:
    """Return failures, actions and exposures as the tables of `bestfix.feedback`, every column included.

    Args:
        drawn: what happened.
        experiments: those that it was drawn for.
        mark: a part of all ids, so that those of several draws differ.
    """
    from bestfix.feedback import tables

    ids = _ids(drawn.at + START, np.arange(len(drawn)), f"f{mark}")
    return {
        "failures": _filled(tables.failures, len(drawn), _failures(drawn, ids)),
        "actions": _filled(tables.actions, *_actions(drawn, ids, mark)),
        "exposures": _filled(tables.exposures, int(drawn.exposed.sum()), _exposures(drawn, ids, experiments)),
    }


def _failures(drawn: Drawn, ids: pa.Array) -> Columns:
    import pyarrow as pa

    return {
        "id": ids,
        "at": drawn.at + START,
        "user": pa.array(drawn.names).take(pa.array(drawn.user)),
        "shown": drawn.shown,
        "ranked": drawn.shown.astype(np.int64),
        "seconds": drawn.seconds,
    }


def _exposures(drawn: Drawn, ids: pa.Array, experiments: Sequence[Experiment]) -> Columns:
    import pyarrow as pa

    rows = np.flatnonzero(drawn.exposed)
    which, arm = drawn.experiment[rows], drawn.arm[rows]

    def told(text: Callable[[Experiment], str]) -> pa.Array:
        return pa.array([text(e) for e in experiments]).take(pa.array(which))

    arms = pa.array([arm.name for e in experiments for arm in e.arms])
    before = np.cumsum([0, *(len(e.arms) for e in experiments)])
    return {
        "failure_id": ids.take(pa.array(rows)),
        "experiment": told(lambda e: e.name),
        "layer": told(lambda e: e.layer),
        "version": np.array([e.version for e in experiments])[which],
        "arm": arms.take(pa.array(before[which] + arm)),
        "at": drawn.at[rows] + START,
    }


def _actions(drawn: Drawn, ids: pa.Array, mark: str) -> tuple[int, Columns]:
    """Return how many actions there are, and their columns."""
    import pyarrow as pa

    quick = drawn.user % 2 == 0
    ended = np.maximum(drawn.ended, 0)
    happened: tuple[tuple[Flags, Action, Ints | int, bool], ...] = (
        (drawn.shown, Action.SHOWN, 300_000, True),
        (drawn.taken & quick, Action.ACCEPTED_AND_RUN, 1_500_000, True),
        (drawn.taken & ~quick, Action.ACCEPTED, 1_500_000, True),
        (drawn.edited, Action.EDITED_AFTER, 1_800_000, True),
        (drawn.undone, Action.UNDONE, 9_000_000, True),
        (drawn.shown & ~drawn.taken & quick, Action.DISMISSED, 1_500_000, True),
        (drawn.shown & ~drawn.taken & ~quick, Action.IGNORED, 1_500_000, True),
        (drawn.taken & ~drawn.clean, Action.FAILED_AGAIN, 1_900_000, True),
        (drawn.clean, Action.RAN_CLEAN, ended, True),
        ((drawn.ended >= 0) & ~drawn.clean, Action.RAN_CLEAN, ended, False),
    )
    rows = [np.flatnonzero(flags) for flags, *_ in happened]
    at = np.concatenate([(drawn.at + START + after)[row] for row, (_, _, after, _) in zip(rows, happened, strict=True)])
    lengths = [len(row) for row in rows]
    ranked: Flags = np.repeat([ranked for *_, ranked in happened], lengths)
    names = pa.array([str(action) for _, action, *_ in happened])
    return len(at), {
        "id": _ids(at, np.arange(len(at)), f"a{mark}"),
        "failure_id": ids.take(pa.array(np.concatenate(rows))),
        "at": at,
        "action": names.take(pa.array(np.repeat(np.arange(len(rows)), lengths))),
        "rank": pa.array(np.zeros(len(at), dtype=np.int64), mask=~ranked),
    }


def _ids(at: Ints, number: Ints, mark: str) -> pa.Array:
    """Return ids in the order of time, unique by the mark and the number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [
        pc.utf8_lpad(pa.array(part).cast(pa.string()), width=width, padding="0")
        for part, width in ((at, 17), (number, 8))
    ]
    return pc.binary_join_element_wise(*parts, mark, "-")


def _filled(table: Table, length: int, known: Columns) -> pa.Table:
    """Return a table with all columns of the schema: what is not known is NULL where that may be, or empty."""
    import pyarrow as pa

    def column(of: Column[Any]) -> pa.Array:
        kind, blank = _KINDS[str(of.type)]
        if of.name in known:
            values = known[of.name]
            return pa.array(values) if isinstance(values, np.ndarray) else values
        return pa.nulls(length, kind) if of.nullable else pa.repeat(pa.scalar(blank, kind), length)

    return pa.table({of.name: column(of) for of in table.columns})


_KINDS = {
    "BIGINT": ("int64", 0), "INTEGER": ("int64", 0), "FLOAT": ("float64", 0.0), "BOOLEAN": ("bool", False),
    "TEXT": ("string", ""),
}  # fmt: skip
