"""From a proposer's own estimate to the probability that the fix is right, fitted on failures whose fix is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.core import Candidate, Scored

__all__ = ["Calibration", "calibrated", "edit_size"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic formula; `scripts/fit_calibration.py` computes its numbers.

    Attributes:
        bias: the constant.
        prior: weight of the log-odds of the proposer's estimate.
        share: weight of the logarithm of the estimate's share of all estimates for the failure.
        undefined: added when the fix uses names that nothing defines.
        size: weight of the logarithm of the characters that the fix removes and adds.
    """

    bias: float
    prior: float
    share: float
    undefined: float
    size: float

    def __call__(self, prior: float, share: float, *, undefined: bool, size: int) -> float:
        """Return the probability that a fix is right."""
        bounded = min(max(prior, 0.001), 0.999)
        odds = math.log(bounded / (1 - bounded))
        score = self.bias + self.prior * odds + self.share * math.log(max(share, 0.001))
        score += self.undefined * undefined + self.size * math.log1p(size)
        return 1 / (1 + math.exp(-score))


SYNTAX = Calibration(bias=1.4, prior=0.11, share=1.13, undefined=-2.02, size=-0.07)
"""For the candidates of the search over syntax."""
RUNTIME = Calibration(bias=2.3, prior=0.4, share=1.4, undefined=-1.0, size=-0.45)
"""For repairs of Python that ran."""
SQL = Calibration(bias=1.8, prior=0.5, share=0.8, undefined=0.0, size=0.0)
"""For queries, most of which the database has bound; flatter than the fit, which saw few that were unlikely."""
AS_STATED = Calibration(bias=0.0, prior=1.0, share=0.0, undefined=0.0, size=0.0)
"""For everything else: the estimate stands."""


def calibrated(candidates: Sequence[Scored]) -> list[float]:
    """Return the probability of each of one failure's candidates, from its proposer's estimate and its rivals'."""
    total = sum(scored.candidate.prior for scored in candidates) or 1.0
    return [_probability(scored, total) for scored in candidates]


def edit_size(candidate: Candidate) -> int:
    """Return the number of characters that a candidate removes and adds."""
    return sum(edit.end - edit.start + len(edit.text) for edit in candidate.patch.edits)


def _probability(scored: Scored, total: float) -> float:
    candidate = scored.candidate
    formula = AS_STATED
    if candidate.proposer.startswith("python."):
        formula = SYNTAX if candidate.proposer.endswith(".syntax_error") else RUNTIME
    elif candidate.proposer.startswith("sql."):
        formula = SQL
    undefined = bool(scored.verdict.unresolved)
    return formula(candidate.prior, candidate.prior / total, undefined=undefined, size=edit_size(candidate))
