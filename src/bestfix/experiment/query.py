"""The events of an experiment, summed by user and day where they lie: in the event store, or in its Parquet export.

One text of SQL for SQLite, PostgreSQL and DuckDB. Every failure and every action is read once, and only sums leave the
database: a row for each day of each user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bestfix.experiment.assign import Experiment
from bestfix.experiment.sums import COLUMNS, PRIOR, Floats, UserDays
from bestfix.feedback.clock import DAY

if TYPE_CHECKING:
    from bestfix.feedback.store import Store

__all__ = ["FOREVER", "LONGEST", "PRIOR_DAYS", "Events", "InParquet", "InStore", "user_days"]

PRIOR_DAYS = 28
"""Days before a user's first exposure of which the covariates tell."""
LONGEST = 600
"""Seconds at which the wait for a clean run is cut off, so that a night's pause does not outweigh a day's work."""
FOREVER = 2**62
"""A time after all events, in microseconds since 1970."""

Values = Mapping[str, int | str]

_SUMS = """
WITH exposed AS (
  SELECT f.id, f."user", f."at", f.shown, f.seconds, e.arm
  FROM exposures e JOIN failures f ON f.id = e.failure_id
  WHERE e.experiment = :experiment AND e.version = :version AND e."at" < :until
), entered AS (
  SELECT "user", MIN("at") AS "at", MIN(arm) AS arm, MAX(arm) AS other,
    ROW_NUMBER() OVER (ORDER BY MIN("at"), "user") AS number
  FROM exposed GROUP BY "user"
), started AS (
  SELECT MIN("at") AS "at" FROM entered
), counted AS (
  SELECT x.id, x."at", x.shown, x.seconds, n.number, (x."at" - s."at" - (x."at" - s."at") % :day) / :day AS day
  FROM exposed x JOIN entered n ON n."user" = x."user" CROSS JOIN started s
  UNION ALL
  SELECT f.id, f."at", f.shown, f.seconds, n.number, -1
  FROM failures f JOIN entered n ON n."user" = f."user" WHERE f."at" < n."at" AND f."at" >= n."at" - :before
), told AS (
  SELECT a.failure_id,
    MAX(CASE WHEN a.action IN ('accepted', 'accepted and run', 'edited after') THEN 1 ELSE 0 END) AS accepted,
    MAX(CASE WHEN a.action IN ('edited after', 'undone') THEN 1 ELSE 0 END) AS withdrawn,
    MAX(CASE WHEN a.action = 'ran clean' AND a.rank IS NOT NULL THEN 1 ELSE 0 END) AS clean,
    MIN(CASE WHEN a.action = 'ran clean' THEN a."at" END) AS ended
  FROM actions a WHERE a.failure_id IN (SELECT id FROM counted) GROUP BY a.failure_id
)
SELECT n.number, CASE n.arm ARMS END, CASE WHEN n.arm = n.other THEN 0 ELSE 1 END, c.day,
  COUNT(*), SUM(CASE WHEN c.shown THEN 1 ELSE 0 END), SUM(COALESCE(t.accepted, 0)),
  SUM(CASE WHEN t.accepted = 1 AND t.withdrawn = 0 THEN 1 ELSE 0 END),
  SUM(CASE WHEN t.accepted = 1 AND t.clean = 1 THEN 1 ELSE 0 END),
  SUM(CASE WHEN t.ended IS NULL THEN 0 ELSE 1 END),
  SUM(CASE WHEN t.ended IS NULL THEN 0 WHEN t.ended - c."at" > :longest THEN :longest ELSE t.ended - c."at" END) / 1e6,
  SUM(c.seconds), SUM(CASE WHEN c.seconds > 1 THEN 1 ELSE 0 END)
FROM counted c JOIN entered n ON n.number = c.number LEFT JOIN told t ON t.failure_id = c.id
GROUP BY n.number, n.arm, n.other, c.day ORDER BY n.number, c.day
"""
"""A row for each day of each user: number, arm, whether there was another one, the day (-1 for what was before the
first exposure), and the sums in the order of `COLUMNS`."""


class Events(Protocol):
    """Where events lie: something that answers SQL about the tables of `bestfix.feedback`."""

    def rows(self, sql: str, values: Values) -> Floats:
        """Return the rows of a query whose columns are numbers, (rows, columns); NULL is nan."""
        ...


@dataclass(frozen=True, slots=True)
class InStore:
    """Events in the event store, be it SQLite or PostgreSQL."""

    store: Store

    def rows(self, sql: str, values: Values) -> Floats:
        """Return the rows of a query."""
        from sqlalchemy import text

        with self.store.reading() as connection:
            found = connection.execution_options(stream_results=True).execute(text(sql), dict(values))
            parts = [np.array([tuple(row) for row in part], dtype=np.float64) for part in found.partitions(20_000)]
        return np.concatenate(parts) if parts else np.empty((0, 0))


@dataclass(frozen=True, slots=True)
class InParquet:
    """Events in a Parquet export, read by DuckDB.

    Attributes:
        folder: the export: a file, or a folder of files, for each table.
        memory: what DuckDB may use; it writes the rest to its temporary folder.
    """

    folder: Path
    memory: str = "2GB"

    def rows(self, sql: str, values: Values) -> Floats:
        """Return the rows of a query."""
        import duckdb

        with duckdb.connect(config={"memory_limit": self.memory, "preserve_insertion_order": False}) as connection:
            for table in ("failures", "actions", "exposures"):
                files = connection.read_parquet(self._files(table))
                files.project('* REPLACE (epoch_us("at") AS "at")').create_view(table)
            found = connection.execute(re.sub(r":([a-z]\w*)", r"$\1", sql), dict(values)).fetchnumpy()
        return np.column_stack([np.ma.filled(np.ma.asarray(c, np.float64), np.nan) for c in found.values()])

    def _files(self, table: str) -> str:
        file = self.folder / f"{table}.parquet"
        return str(file if file.is_file() else self.folder / table / "**" / "*.parquet")


def user_days(events: Events, experiment: Experiment, until: int = FOREVER) -> UserDays:
    """Return the sums of an experiment's users; days are counted from the first exposure.

    Args:
        events: where the events lie.
        experiment: the experiment; users seen under another version of it do not count.
        until: the end of the time that is looked at, in microseconds since 1970.
    """
    arms = tuple(arm.name for arm in experiment.arms)
    values: dict[str, int | str] = {
        "experiment": experiment.name, "version": experiment.version, "until": until,
        "day": DAY, "longest": LONGEST * 1_000_000, "before": PRIOR_DAYS * DAY,
    }  # fmt: skip
    cases = " ".join(f"WHEN :arm{i} THEN {i}" for i in range(len(arms)))
    found = events.rows(_SUMS.replace("ARMS", cases), values | {f"arm{i}": arm for i, arm in enumerate(arms)})
    return _split(arms, found if found.size else np.empty((0, 4 + len(COLUMNS))))


def _split(arms: tuple[str, ...], found: Floats) -> UserDays:
    """Return users' days, with what the same users did before at the first of them; without who was in several arms."""
    user, day = found[:, 0].astype(np.int64), found[:, 3].astype(np.int64)
    crossed, before = found[:, 2] == 1, day < 0
    prior = np.zeros((int(user.max(initial=0)) + 1, len(PRIOR)))
    prior[user[before]] = found[before][:, [4 + COLUMNS.index("seen"), 4 + COLUMNS.index("kept")]]
    own = ~crossed & ~before & ~np.isnan(found[:, 1])
    first = np.diff(user[own], prepend=-1) != 0
    sums = np.column_stack([found[own, 4:], np.where(first[:, None], prior[user[own]], 0.0)])
    return UserDays(arms, user[own], found[own, 1].astype(np.int64), day[own], sums, len(np.unique(user[crossed])))
