"""What training reads and writes: programs that fail beside what was meant, and how each candidate turned out."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from bestfix.core import Decision, Outcome, Report, Scored, Verdict
from bestfix.core.document import encoded, structured

__all__ = [
    "PARTS",
    "SHARD",
    "Broken",
    "Label",
    "Labelled",
    "doubted",
    "error_weights",
    "failures_in",
    "part_of",
    "read_shard",
    "read_shards",
    "unlabelled",
    "write_shard",
    "write_whole",
]

PARTS = 5
"""Parts of a cross-validation; near-duplicates are always in one."""
SHARD = "*.jsonl.gz"
"""The files of a folder of records."""
_ACCIDENTAL, _RIVALLED = 0.5, 0.25
_UNMET = 1 / 3
"""The weight of an error that nobody in the sets has met."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Broken:
    """A program that fails, or may, and what its author meant; all that labelling it depends on.

    Attributes:
        id: unique in a corpus.
        group: what it shares with its near-duplicates (a package's module, a database); never split between fitting
            and measuring.
        source: the collection: `doctests`, `functions`, `sql-pairs`, or the name of a file of human edits.
        code: the text that fails.
        intended: the texts that are right; the first is the author's own.
        setup: code that runs before it.
        database: the path of the database of a query: an SQLite file, or a script for DuckDB.
        mutations: how `intended` was broken, in order; empty for a failure of a person.
        runs: whether the intended text is known to run, so that what candidates do can be compared with what it does.
    """

    id: str
    group: str
    source: str
    code: str
    intended: tuple[str, ...]
    setup: str = ""
    database: str = ""
    mutations: tuple[str, ...] = ()
    runs: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """How a candidate turned out.

    Attributes:
        ran: what running it from the state before the failing program gave; `not verifiable` when it was not run.
        equals: whether it does what was meant; `None` when nothing tells.
        how: what told it: `meaning` (the same program), `result` (prints, returns and binds the same), `rows`
            (the same result set), `lexical` (the same tokens, names and literals apart), or `untried`.
        weight: how much the label counts beside others.
    """

    ran: Outcome
    equals: bool | None
    how: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A failure with the candidates of the engine and how each turned out.

    Attributes:
        id, group, source, kind, intended, mutations: those of its `Broken`.
        report: the failure as the engine saw it.
        candidates: what the engine left to rank, in its order, with its verdicts.
        labels: one for each candidate.
        weight: how often such a failure happens to people, relative to how often it is in the corpus.
    """

    id: str
    group: str
    source: str
    kind: str
    intended: tuple[str, ...]
    mutations: tuple[str, ...]
    report: Report
    candidates: tuple[Scored, ...]
    labels: tuple[Label, ...]
    weight: float = 1.0


def part_of(group: str) -> int:
    """Return the part of a cross-validation that a group of near-duplicates is in."""
    return zlib.crc32(group.encode()) % PARTS


def unlabelled(record: Broken, decision: Decision, kind: str) -> Labelled | None:
    """Return a failure with the candidates of a decision, still without labels; `None` where nothing was reported.

    The time that checks took and the paths in their tracebacks are left out: the same failure gives the same record.
    """
    if decision.report is None:
        return None
    timeless = tuple(replace(s, verdict=_timeless(s.verdict)) for s in decision.ranked)
    return Labelled(
        id=record.id,
        group=record.group,
        source=record.source,
        kind=kind,
        intended=record.intended,
        mutations=record.mutations,
        report=decision.report,
        candidates=timeless,
        labels=(),
        weight=error_weights().get(decision.report.error.type, _UNMET) if kind == "runtime" else 1.0,
    )


def _timeless(verdict: Verdict) -> Verdict:
    error = verdict.error and replace(verdict.error, traceback="")
    return replace(verdict, seconds=0.0, error=error)


def doubted(labels: Sequence[Label]) -> list[Label]:
    """Return the labels of one failure, less of those that rest on equal results alone.

    Results may be equal by accident: `True` is what many functions give. They count a half, and a quarter where another
    candidate is the very program that was meant.
    """
    exact = any(label.equals and label.how == "meaning" for label in labels)
    factor = _RIVALLED if exact else _ACCIDENTAL
    return [
        replace(label, weight=label.weight * factor) if label.equals and label.how in {"result", "rows"} else label
        for label in labels
    ]


@lru_cache(maxsize=1)
def error_weights() -> Mapping[str, float]:
    """Return how often people meet each class of error at run time, relative to how often the corpus does."""
    text = resources.files("bestfix.train").joinpath("error_weights.json").read_text(encoding="utf-8")
    weights: Mapping[str, float] = json.loads(text)
    return weights


def write_shard(path: Path, records: Iterable[object]) -> None:
    """Write records as compressed JSON lines; the file is there when all of it is. Same records, same bytes."""
    held = io.BytesIO()
    with gzip.GzipFile("", "wb", 6, held, mtime=0) as stream:
        for record in records:
            stream.write(json.dumps(encoded(record), ensure_ascii=False).encode() + b"\n")
    write_whole(path, held.getvalue())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there when all of it is."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)


def failures_in(data: bytes) -> int:
    """Return how many records a file's bytes hold."""
    return gzip.decompress(data).count(b"\n")


def read_shards(kind: type[T], folder: Path) -> Iterator[T]:
    """Yield the records of a folder and the folders in it, in the order of their paths.

    Raises:
        DocumentError: when a line has another form than `kind`.
    """
    for path in sorted(folder.rglob(SHARD)):
        yield from read_shard(kind, path)


def read_shard(kind: type[T], path: Path) -> Iterator[T]:
    """Yield the records of a file.

    Raises:
        DocumentError: when a line has another form than `kind`.
    """
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield structured(kind, json.loads(line))
