"""Fitting boosted trees on the workers of a Dask cluster: features as Parquet partitions, LightGBM among the workers.

The workers read the labelled failures, and write and read the partitions, under the paths that the client gives them:
the folders are shared. What comes out is a folder of the same form as on one machine, read by the same reader.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bestfix.rank.features import FEATURES
from bestfix.rank.model import Manifest
from bestfix.train.cluster import ClusterError, connected
from bestfix.train.fit import Fitted, TreeOptions, fitted_forest, save_model
from bestfix.train.fit_data import TARGETS, Array, Subject, Table, table_of
from bestfix.train.record import PARTS, SHARD, Labelled, read_shard

__all__ = ["fit_on"]

SHARDS = 25
"""Files of failures of one partition: a few thousand rows."""
TRIES = 3
"""How often trees are fitted anew when a worker is lost meanwhile."""
MINUTES = 2
"""How long LightGBM waits for a worker that is lost."""
_NAMES = tuple(f.name for f in FEATURES)


@dataclass(frozen=True, slots=True)
class _Partition:
    """A file of features, and what stands beside them.

    Attributes:
        path: the file.
        table: the same failures, with no column of features but the estimate.
    """

    path: str
    table: Table


def fit_on(
    scheduler: str,
    folders: Sequence[Path],
    out: Path,
    command: str,
    options: TreeOptions = TreeOptions(),
) -> tuple[Manifest, Table, Array]:
    """Fit both heads on a cluster and write the model's folder.

    Args:
        scheduler: the address of the cluster's scheduler.
        folders: labelled failures; every worker must see them, and `out`, under the same path.
        out: where the model goes, and beside it, in `partitions`, the features.
        command: what does the same again.
        options: how trees are grown.

    Returns:
        The manifest; the failures, with no feature but the estimate; and the cross-validated sums of the first head.

    Raises:
        ClusterError: when the cluster cannot be used or does not see the folders.
    """
    files = sorted(str(path.resolve()) for folder in folders for path in folder.rglob(SHARD))
    if not files:
        raise ClusterError("there are no failures in these folders")
    batches = [files[start : start + SHARDS] for start in range(0, len(files), SHARDS)]
    shared = (out / "partitions").resolve()
    shared.mkdir(parents=True, exist_ok=True)
    with connected(scheduler) as client:
        try:
            parts = client.gather(client.map(_partition, batches, folder=str(shared), retries=TRIES))
        except OSError as error:
            raise ClusterError(f"the workers do not see {shared} or the failures: {error}") from error
        parts = [part for part in parts if len(part.table.failure)]
        table = _joined([part.table for part in parts])
        heads, sums = dict[str, Fitted](), dict[str, Array]()
        for target in TARGETS:
            sums[target] = np.zeros(len(table.failure))
            for fold in range(PARTS):
                head = _fitted(client, parts, target, options, left_out=fold)
                for rows, scores in zip(_rows(parts), _scores(client, parts, head, fold), strict=True):
                    held = table.parts[table.failure[rows]] == fold
                    sums[target][rows][held] = scores
            heads[target] = _fitted(client, parts, target, options)
    return save_model(out, table, lambda _, target: heads[target], sums, command), table, sums["accept"]


def _partition(files: Sequence[str], folder: str) -> _Partition:
    """Write the features of some files of failures; runs on a worker."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = table_of(record for file in files for record in read_shard(Labelled, Path(file)))
    name = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    path = Path(folder) / f"{name}.parquet"
    columns = {feature: table.x[:, i] for i, feature in enumerate(_NAMES)}
    columns |= {**table.target, "weight": table.weight, "part": table.parts[table.failure] if len(table.x) else []}
    draft = path.with_suffix(f".{id(columns)}.partial")
    pq.write_table(pa.table(columns), draft)
    draft.replace(path)
    return _Partition(str(path), _bare(table))


def _bare(table: Table) -> Table:
    return Table(table.estimate[:, None], table.target, table.weight, table.failure, table.subjects)


def _joined(tables: Sequence[Table]) -> Table:
    starts = np.cumsum([0, *(len(table.subjects) for table in tables)])
    subjects: tuple[Subject, ...] = tuple(subject for table in tables for subject in table.subjects)
    return Table(
        np.concatenate([table.x for table in tables]),
        {target: np.concatenate([table.target[target] for table in tables]) for target in TARGETS},
        np.concatenate([table.weight for table in tables]),
        np.concatenate([table.failure + start for table, start in zip(tables, starts, strict=False)]),
        subjects,
    )


def _rows(parts: Sequence[_Partition]) -> list[slice]:
    ends = np.cumsum([0, *(len(part.table.failure) for part in parts)]).tolist()
    return [slice(start, end) for start, end in itertools.pairwise(ends)]


def _fitted(
    client: Any, parts: Sequence[_Partition], target: str, options: TreeOptions, left_out: int | None = None
) -> Fitted:
    """Return the head that is fitted to all rows but those of one part of the cross-validation."""
    import dask.dataframe as dd
    from lightgbm.dask import DaskLGBMClassifier

    given = {name: value for name, value in options.as_parameters().items() if name != "num_threads"}
    frame = dd.read_parquet([part.path for part in parts])
    frame = frame[frame[target].notnull()]
    if left_out is not None:
        frame = frame[frame["part"] != left_out]
    for tried in range(1, TRIES + 1):
        model = DaskLGBMClassifier(client=client, n_estimators=options.rounds, time_out=MINUTES, **given)
        try:
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # it prints, and warns of its own defaults
                warnings.simplefilter("ignore")
                model.fit(frame[list(_NAMES)], frame[target], sample_weight=frame["weight"])
        except Exception as error:  # Dask raises whatever its workers met; the last try tells it
            if tried == TRIES:
                raise ClusterError(f"the trees could not be fitted: {error}") from error
        else:
            return fitted_forest(model.booster_)
    raise AssertionError


def _scores(client: Any, parts: Sequence[_Partition], head: Fitted, fold: int) -> list[Array]:
    """Return for each partition the sums of its rows that are of one part of the cross-validation."""
    found: list[Array] = client.gather(client.map(_scored, [part.path for part in parts], text=head.text, fold=fold))
    return found


def _scored(path: str, text: str, fold: int) -> Array:
    """Return the sums of some rows of a partition; runs on a worker."""
    import pyarrow.parquet as pq

    from bestfix.rank.boosted import read_forest
    from bestfix.rank.scorer import Scorer

    table = pq.read_table(path)
    held = table["part"].to_numpy() == fold
    x = np.column_stack([table[name].to_numpy() for name in _NAMES])[held]
    return np.array(Scorer(read_forest(text))(x.tolist()) if len(x) else [])
