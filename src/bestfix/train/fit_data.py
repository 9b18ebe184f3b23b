"""Labelled failures as tables of numbers: one row a candidate, everything about its failure beside it."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bestfix.core import Outcome, Scored
from bestfix.rank.families import family
from bestfix.rank.features import ESTIMATE, FEATURES, UNVERIFIED, feature_table
from bestfix.train.record import PARTS, Label, Labelled, part_of, read_shards

__all__ = [
    "PARTS", "TARGETS", "Array", "Subject", "Table", "load_table", "table_of", "targets_of", "told",
]  # fmt: skip

Array = Any
"""An array of numpy, which is checked without its types."""
TARGETS = ("accept", "success")
"""What is predicted of a candidate: that the user keeps it, that it runs."""
_SUCCESS = {
    Outcome.RAN_CLEAN: 1.0, Outcome.BINDS: 1.0, Outcome.MOVED: 0.0, Outcome.NEW_ERROR: 0.0, Outcome.SAME_ERROR: 0.0,
    Outcome.BROKEN: 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """A failure, as far as fitting and measuring tell failures apart.

    Attributes:
        id: its record.
        source: the collection that it is of.
        language: its language.
        family: the family of its error.
        part: its part of the cross-validation.
        own: whether it is people's own, not simulated.
        tried: whether there was a session in which candidates were tried.
    """

    id: str
    source: str
    language: str
    family: str
    part: int
    own: bool = True
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Candidates as rows of features, in the order of their failures.

    Attributes:
        x: the features.
        target: for each of `TARGETS` 1, 0, or `nan` where it is not known.
        weight: how much a row counts.
        failure: the index of each row's failure among the subjects.
        subjects: the failures.
    """

    x: Array
    target: Mapping[str, Array]
    weight: Array
    failure: Array
    subjects: tuple[Subject, ...]

    def rows(self, chosen: Array) -> Array:
        """Return which rows belong to the chosen failures."""
        return chosen[self.failure]

    def only(self, rows: Array) -> Table:
        """Return the table of some rows; the subjects stay."""
        target = {name: values[rows] for name, values in self.target.items()}
        return Table(self.x[rows], target, self.weight[rows], self.failure[rows], self.subjects)

    def known(self, target: str) -> Table:
        """Return the table of the rows of which a target is known."""
        return self.only(~np.isnan(self.target[target]))

    @property
    def estimate(self) -> Array:
        """The log-odds of each row's calibrated estimate; a table may have this column alone."""
        return self.x[:, ESTIMATE if self.x.shape[1] > 1 else 0]

    @property
    def parts(self) -> Array:
        """The part of the cross-validation that each failure is in."""
        return np.array([subject.part for subject in self.subjects])

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield each failure that has rows, with the first of them and the one after its last."""
        start = 0
        for failure, group in itertools.groupby(self.failure.tolist()):
            end = start + sum(1 for _ in group)
            yield failure, start, end
            start = end

    def best(self, scores: Array) -> Array:
        """Return the row with the best score of each failure that has rows; the first of equals."""
        return np.array([start + int(np.argmax(scores[start:end])) for _, start, end in self.spans()], int)

    def sizes(self) -> dict[str, int]:
        """Return the number of failures of each source, and of candidates in all."""
        counts = Counter(subject.source for subject in self.subjects)
        return {**dict(sorted(counts.items())), "candidates": len(self.x)}


def load_table(folders: Iterable[Path]) -> Table:
    """Return the table of the records in folders."""
    return table_of(record for folder in folders for record in read_shards(Labelled, folder))


def table_of(records: Iterable[Labelled]) -> Table:
    """Return the table of records; advice and edits of other sources are left out, as is what nothing tells of."""
    subjects: list[Subject] = []
    rows: list[list[float]] = []
    targets: list[tuple[float, float]] = []
    weights: list[float] = []
    failures: list[int] = []
    for record in records:
        chosen = told(record)
        table = dict(zip(map(id, record.candidates), feature_table(record.report, record.candidates), strict=True))
        for scored, label in chosen:
            rows.append(table[id(scored)])
            targets.append(targets_of(label))
            weights.append(record.weight * label.weight)
            failures.append(len(subjects))
        if chosen:
            language = str(record.report.language)
            part, own = part_of(record.group), not record.mutations
            tried = not all(table[id(scored)][UNVERIFIED] for scored, _ in chosen)
            subjects.append(Subject(record.id, record.source, language, family(record.report), part, own, tried))
    both = np.array(targets, float).reshape(-1, len(TARGETS))
    return Table(
        np.array(rows, float).reshape(-1, len(FEATURES)),
        {name: both[:, i] for i, name in enumerate(TARGETS)},
        np.array(weights, float),
        np.array(failures, int),
        tuple(subjects),
    )


def told(record: Labelled) -> list[tuple[Scored, Label]]:
    """Return the candidates that can be applied to the failing source, with their labels."""
    failing = record.report.failing.name
    pairs = zip(record.candidates, record.labels, strict=True)
    return [(s, n) for s, n in pairs if not s.candidate.patch.display_only and s.candidate.patch.source == failing]


def targets_of(label: Label) -> tuple[float, float]:
    """Return 1, 0 or `nan` for each of `TARGETS`; what is alike but for names and literals is not kept."""
    kept = math.nan if label.equals is None else float(label.equals and label.how != "lexical")
    return kept, _SUCCESS.get(label.ran, math.nan)
