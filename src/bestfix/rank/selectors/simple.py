"""Selectors that nothing is learned for: the proposers' own order, the smallest edit, the most votes, the best run."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from bestfix.core import Candidate, Outcome, Report, Scored
from bestfix.rank.calibration import calibrated
from bestfix.rank.selectors.base import Scores

__all__ = ["edit_size", "execution", "first", "majority", "majority_by_chance", "smallest_edit"]

_RUNS = {
    Outcome.RAN_CLEAN: 1.0,
    Outcome.BINDS: 1.0,
    Outcome.MOVED: 0.6,
    Outcome.UNVERIFIED: 0.5,
    Outcome.NEW_ERROR: 0.1,
}
"""How well each outcome speaks for a candidate."""


_TIE = 1e-6
"""More than the draw between candidates with equal votes weighs."""


def first(report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:  # noqa: ARG001 - every selector is given it
    """Score by the proposers' own estimates, calibrated, so that the most confident proposer comes first."""
    return [Scores(p) for p in calibrated(candidates)]


def smallest_edit(report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:  # noqa: ARG001 - every selector is given it
    """Score a candidate higher that changes fewer characters."""
    return [Scores(1 / (1 + 0.1 * edit_size(scored.candidate))) for scored in candidates]


def majority(report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:  # noqa: ARG001 - every selector is given it
    """Score by the share of all votes that a candidate's meaning has; the earlier proposal wins a tie."""
    total = sum(_votes(scored) for scored in candidates)
    return [Scores(_votes(scored) / total) for scored in candidates]


def majority_by_chance(report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:
    """Score by the share of all votes; a tie is drawn, the same way each time, since votes alone do not decide it."""
    drawn = (zlib.crc32(scored.text.encode("utf-8", "replace")) / 2**32 for scored in candidates)
    return [Scores(p.accept + _TIE * (tie - 1)) for p, tie in zip(majority(report, candidates), drawn, strict=True)]


def execution(report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:  # noqa: ARG001 - every selector is given it
    """Score by how a candidate ran, and among those that ran alike by how many of them gave the same result."""
    alike = [(s.verdict.outcome, s.verdict.hides, s.verdict.result) for s in candidates]
    weight = {key: sum(_votes(s) for s, k in zip(candidates, alike, strict=True) if k == key) for key in set(alike)}
    total = sum(weight.values())
    return [
        Scores(_RUNS.get(s.verdict.outcome, 0.0) * (0.2 if s.verdict.hides else 1.0) * (0.9 + 0.1 * weight[k] / total))
        for s, k in zip(candidates, alike, strict=True)
    ]


def _votes(scored: Scored) -> int:
    return len(scored.candidate.votes) or 1


def edit_size(candidate: Candidate) -> int:
    """Return the number of characters that a candidate removes and adds."""
    return sum(edit.end - edit.start + len(edit.text) for edit in candidate.patch.edits)
