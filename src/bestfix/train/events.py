"""Recorded failures, and what became of their fixes, as the tables that models are fitted to and compared on.

Reads the Parquet export of the event store (docs/events.md). The features are those that were recorded when the fix was
shown: nothing is computed anew, and what was recorded by another version of the features is left out and counted.
"""

from __future__ import annotations

import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bestfix.config import Log, Settings
from bestfix.core import Action
from bestfix.rank.features import FEATURE_SET, FEATURES, UNVERIFIED
from bestfix.train.fates import Fate, fate_of
from bestfix.train.fit_data import Array, Subject, Table
from bestfix.train.record import part_of

__all__ = ["CAP", "SOURCE", "Episode", "Events", "EventsError", "Logged", "exported", "load_events", "logged"]

SOURCE = "events"
"""What the card and the figures call failures of users."""
CAP = 20.0
"""How much a candidate that is rarely shown may count for those like it that were not."""
PREFIX = "feature."
"""What stands before the name of a feature in the name of its column."""
_FILES = ("failures", "candidates", "actions")
_SEEN = ("id", "at", "user", "install", "code_hash", "language", "family", "feature_set")
_ACTED = ("failure_id", "at", "action", "revision", "rank")
_BATCH = 20_000
_UNKNOWN = Fate(math.nan, math.nan, 1.0)


class EventsError(ValueError):
    """There are no events where they should be, too few of them, or such as must not be learned from."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A decision to show a fix for a failure, and what became of it.

    Attributes:
        id: the failure's; several decisions about it may follow each other.
        at: when it was seen.
        until: when the last thing that is known of it happened.
        user: who saw it.
        group: what it shares with its near-duplicates: the code that failed.
        language, family: those of its error.
        revision: the decision that the ranks belong to.
        first: the rank of the candidate that was shown first, which the policy chose.
        fates: what became of candidates, by their rank.
    """

    id: str
    at: datetime
    until: datetime
    user: str
    group: str
    language: str
    family: str
    revision: int
    first: int
    fates: Mapping[int, Fate]


@dataclass(frozen=True, slots=True)
class Events:
    """Episodes, in the order of time, with where their candidates are.

    Attributes:
        episodes: the failures with a fate.
        folder: the Parquet files.
        left_out: how many failures are not among them, by why.
    """

    episodes: tuple[Episode, ...]
    folder: Path
    left_out: Mapping[str, int]


@contextmanager
def exported(events: str) -> Iterator[Path]:
    """Give a folder with the Parquet files of events.

    Args:
        events: such a folder, an SQLite file, a PostgreSQL URL, or `store` for the one that the settings name.

    Raises:
        EventsError: when there are none, or they cannot be read.
    """
    if Path(events).is_dir():
        if missing := [name for name in _FILES if not _table_in(Path(events), name).exists()]:
            raise EventsError(f"{events} has no {missing[0]}.parquet; `bestfix log export` writes it")
        yield Path(events)
        return
    from bestfix.feedback.export import export
    from bestfix.feedback.place import Place
    from bestfix.feedback.reading import opened
    from bestfix.feedback.store import StoreError

    log = Settings.load().log if events == "store" else Log(url=events) if "://" in events else Log(path=events)
    place = Place.of(log)
    if place.path is not None and not place.path.is_file():
        raise EventsError(f"there are no events at {place.path}")
    with tempfile.TemporaryDirectory(prefix="bestfix-events-") as folder:
        try:
            store = opened(place)
            export(store, Path(folder))
            store.close()
        except StoreError as error:
            raise EventsError(f"the events cannot be read: {error}") from error
        yield Path(folder)


def load_events(folder: Path) -> Events:
    """Return the episodes of a folder of Parquet files.

    Raises:
        EventsError: when a file is missing, damaged or of another form.
    """
    import pyarrow as pa
    from pyarrow.dataset import dataset

    try:
        columns = dataset(_table_in(folder, "candidates")).schema.names
        seen = dataset(_table_in(folder, "failures")).to_table(columns=list(_SEEN)).to_pydict()
        acted = dataset(_table_in(folder, "actions")).to_table(columns=list(_ACTED)).to_pydict()
    except (OSError, pa.ArrowException, KeyError) as error:
        raise EventsError(f"{folder} is no export of events: {error}") from error
    if lacking := [f.name for f in FEATURES if PREFIX + f.name not in columns]:
        raise EventsError(f"the candidates in {folder} lack the feature {lacking[0]!r}: another version recorded them")
    actions: dict[str, list[_Act]] = defaultdict(list)
    for failure, *act in zip(*(acted[name] for name in _ACTED), strict=True):
        actions[failure].append(_Act(*act))
    left_out: Counter[str] = Counter()
    found: list[Episode] = []
    for row in zip(*(seen[name] for name in _SEEN), strict=True):
        failure = dict(zip(_SEEN, row, strict=True))
        acts = actions.get(failure["id"], ())
        if why := _unfit(failure, acts):
            left_out[why] += 1
        else:
            found += _episodes(failure, acts)
    return Events(tuple(sorted(found, key=lambda e: (e.at, e.id))), folder, dict(left_out))


class _Act(NamedTuple):
    """A row of the actions, less its failure."""

    at: datetime
    action: str
    revision: int
    rank: int | None


def _table_in(folder: Path, name: str) -> Path:
    """Return where a table is: in a file, or in a folder of files."""
    return folder / name if (folder / name).is_dir() else folder / f"{name}.parquet"


def _unfit(row: Mapping[str, Any], acts: Sequence[_Act]) -> str:
    """Return why nothing can be learned from a failure; empty when something can."""
    if all(act.rank is None for act in acts):
        return "no fix was shown"
    if row["feature_set"] != FEATURE_SET:
        return "recorded with other features"
    if min(act.at for act in acts) < row["at"]:
        return "acted on before it was seen"
    return "" if any(True for _ in _episodes(row, acts)) else "nothing is known of what became of it"


def _episodes(row: Mapping[str, Any], acts: Sequence[_Act]) -> Iterator[Episode]:
    """Yield an episode for each decision about a failure that something is known of."""
    shown: dict[int, dict[int, list[Action]]] = {}
    for act in sorted(acts, key=lambda act: act.at):
        if act.rank is not None:
            shown.setdefault(act.revision, {}).setdefault(act.rank, []).append(Action(act.action))
    for revision, of_rank in shown.items():
        fates = {rank: fate for rank, done in of_rank.items() if (fate := fate_of(done)) is not None}
        if fates:
            yield Episode(
                row["id"], row["at"], max(act.at for act in acts), row["user"], f"{row['install']}/{row['code_hash']}",
                row["language"], row["family"], revision, next(iter(of_rank)), fates,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logged:
    """Candidates of episodes, as rows.

    Attributes:
        table: their features and what became of them; a failure is an episode, by its index among the episodes.
        episodes: the episodes.
        first: which rows the policy chose to show.
        propensity: the probability with which it chose each.
        certainty: how much is known of what became of each, whatever its propensity.
    """

    table: Table
    episodes: tuple[Episode, ...]
    first: Array
    propensity: Array
    certainty: Array


def logged(events: Events, episodes: Sequence[Episode], *, every: bool) -> Logged:
    """Return the candidates of some episodes, read in batches.

    A candidate that the policy showed counts for all those like it that it did not show: by one over its propensity, at
    most `CAP` times. One that the user asked for, having seen the first, counts once.

    Args:
        events: where the candidates are.
        episodes: the episodes.
        every: whether all candidates are wanted, or those alone that were shown.
    """
    places = {(e.id, e.revision): number for number, e in enumerate(episodes)}
    keys, rows = _read(events.folder, places, episodes, every=every)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    keys, x = keys[order], rows[order]
    failure, rank, propensity = keys[:, 0].astype(int), keys[:, 1].astype(int), keys[:, 2]
    fates = [episodes[f].fates.get(r, _UNKNOWN) for f, r in zip(failure, rank, strict=True)]
    first = np.array([episodes[f].first == r for f, r in zip(failure, rank, strict=True)], bool)
    chosen = first & (propensity > 0)
    certainty = np.array([fate.weight for fate in fates])
    weight = certainty * np.where(chosen, np.minimum(1 / np.where(chosen, propensity, 1.0), CAP), 1.0)
    target = {"accept": np.array([f.kept for f in fates]), "success": np.array([f.ran for f in fates])}
    tried = set(failure[x[:, UNVERIFIED] == 0].tolist())
    subjects = tuple(
        Subject(e.id, SOURCE, e.language, e.family, part_of(e.group), tried=number in tried)
        for number, e in enumerate(episodes)
    )
    return Logged(Table(x, target, weight, failure, subjects), tuple(episodes), first, propensity, certainty)


def _read(
    folder: Path, places: Mapping[tuple[str, int], int], episodes: Sequence[Episode], *, every: bool
) -> tuple[Array, Array]:
    """Return episode, rank and propensity of the wanted candidates, and beside them their features."""
    from pyarrow.dataset import dataset

    keys: list[tuple[int, int, float]] = []
    rows: list[Array] = []
    names = ["failure_id", "revision", "rank", "propensity", "applicability"]
    features = [PREFIX + f.name for f in FEATURES]
    for batch in dataset(_table_in(folder, "candidates")).to_batches(columns=names + features, batch_size=_BATCH):
        wanted: list[int] = []
        for line, (failure, revision, rank, propensity, kind) in enumerate(
            zip(*(batch.column(name).to_pylist() for name in names), strict=True)
        ):
            place = places.get((failure, revision))
            if place is not None and kind != "display-only" and (every or rank in episodes[place].fates):
                wanted.append(line)
                keys.append((place, rank, propensity))
        columns = [batch.column(name).to_numpy(zero_copy_only=False)[wanted] for name in features]
        rows.append(np.column_stack(columns))
    x = np.concatenate(rows) if rows else np.zeros((0, len(features)))
    return np.array(keys, float).reshape(-1, 3), x
