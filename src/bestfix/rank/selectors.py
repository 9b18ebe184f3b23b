"""Selectors: one protocol, from which a learned ranker differs only in how it computes the probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bestfix.core import Candidate, Scored
from bestfix.rank.calibration import calibrated

__all__ = ["SELECTORS", "Selector", "edit_size"]


class Selector(Protocol):
    """Gives each candidate of one failure the probability that the user keeps it."""

    def __call__(self, candidates: Sequence[Scored]) -> Sequence[float]:
        """Return one probability per candidate, in their order; equal ones keep that order when ranked."""


def first(candidates: Sequence[Scored]) -> Sequence[float]:
    """Return the proposers' own estimates, calibrated, so that the most confident proposer comes first."""
    return calibrated(candidates)


def smallest_edit(candidates: Sequence[Scored]) -> Sequence[float]:
    """Return more for a candidate that changes fewer characters."""
    return [1 / (1 + 0.1 * edit_size(scored.candidate)) for scored in candidates]


def majority(candidates: Sequence[Scored]) -> Sequence[float]:
    """Return the share of all votes that a candidate's meaning has; the earlier proposal wins a tie."""
    total = sum(len(scored.candidate.votes) or 1 for scored in candidates)
    return [(len(scored.candidate.votes) or 1) / total for scored in candidates]


def edit_size(candidate: Candidate) -> int:
    """Return the number of characters that a candidate removes and adds."""
    return sum(edit.end - edit.start + len(edit.text) for edit in candidate.patch.edits)


SELECTORS: Mapping[str, Selector] = {"first": first, "smallest-edit": smallest_edit, "majority": majority}
