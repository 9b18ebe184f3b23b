"""From a proposer's own estimate to the probability that the fix is right, fitted on failures whose fix is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bestfix.core import Applicability, Candidate, Outcome, Scored
from bestfix.core.odds import log_odds

__all__ = ["COMPILED", "Calibration", "calibrated", "goes_on"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic formula; `scripts/fit_calibration.py` computes its numbers.

    Attributes:
        bias: the constant.
        prior: weight of the log-odds of the proposer's estimate.
        share: weight of the logarithm of the estimate's share of all estimates for the failure.
        undefined: added when the fix uses names that nothing defines.
        unsafe: added when the fix may change what the program means.
    """

    bias: float
    prior: float
    share: float
    undefined: float = 0.0
    unsafe: float = 0.0

    def __call__(self, prior: float, share: float, *, undefined: bool, unsafe: bool) -> float:
        """Return the probability that a fix is right."""
        score = self.bias + self.prior * log_odds(prior) + self.share * math.log(max(share, 0.001))
        score += self.undefined * undefined + self.unsafe * unsafe
        return 1 / (1 + math.exp(-score))


SYNTAX = Calibration(bias=0.55, prior=0.36, share=1.16, undefined=-1.29, unsafe=-0.64)
"""For the search over syntax; the bias is 0.4 below the fit, whose cases the judge has learned from."""
RUNTIME = Calibration(bias=0.3, prior=0.66, share=0.6, undefined=-1.0)
"""For code that ran; the bias is 0.7 above the fit, where a right fix of one of several faults counts as wrong."""
SQL = Calibration(bias=1.8, prior=0.5, share=0.8)
"""For queries, most of which the database has bound; flatter than the fit, which saw few that were unlikely."""
_RAN = {Outcome.RAN_CLEAN: 0.3, Outcome.MOVED: -2.2, Outcome.NEW_ERROR: -1.5}
"""What running a repair's candidate adds to its log-odds: by precision and coverage, near the fit (0.5, -2.4, -0.9)."""
COMPILED: Mapping[Outcome, float] = {Outcome.RAN_CLEAN: 1.0, Outcome.MOVED: -0.4}
"""The same for code that did not compile; from simulated mistakes, with doubt (docs/design/policy.md)."""
_QUERIED = {Outcome.NEW_ERROR: -2.5}
"""The same for a query that binds; a judgement. One that ran is as likely as one that was only bound."""
_HIDES = -1.0
"""The same for one that only hides the error; a judgement, for the cases cannot tell."""
_WEIGHTS = {RUNTIME: _RAN, SYNTAX: COMPILED, SQL: _QUERIED}
_TRIED = {Outcome.RAN_CLEAN: 1.8, Outcome.BINDS: 1.2, Outcome.MOVED: 0.3, Outcome.NEW_ERROR: -1.5}
"""What trying a model's candidate adds to its log-odds: careful figures, until they are learned."""
_NEVER = -4.0
"""The same for one that only hides the error."""
_SECONDED = 0.7
"""What is added for a repair's candidate when a model proposes it too."""
AS_STATED = Calibration(bias=0.0, prior=1.0, share=0.0)
"""For everything else: the estimate stands."""


def calibrated(candidates: Sequence[Scored]) -> list[float]:
    """Return the probability of each of one failure's candidates, from its proposer's estimate and its rivals'."""
    total = sum(scored.candidate.prior for scored in candidates if _is_one_repair(scored)) or 1.0
    return [_probability(scored, total) for scored in candidates]


def _probability(scored: Scored, total: float) -> float:
    candidate = scored.candidate
    if candidate.model:
        return _moved(candidate.prior, _NEVER if scored.verdict.hides else _TRIED.get(scored.verdict.outcome, 0.0))
    formula = AS_STATED
    if candidate.proposer.startswith("python."):
        formula = SYNTAX if candidate.proposer.endswith(".syntax_error") else RUNTIME
    elif candidate.proposer.startswith("sql."):
        formula = SQL
    unsafe = candidate.patch.applicability is not Applicability.SAFE
    p = formula(candidate.prior, candidate.prior / total, undefined=bool(scored.verdict.unresolved), unsafe=unsafe)
    by = _tried(scored, _WEIGHTS.get(formula, {}))
    by += _SECONDED * any(vote.startswith("llm.") for vote in candidate.votes)
    return _moved(p, by) if by else p


def _tried(scored: Scored, weights: Mapping[Outcome, float]) -> float:
    """Return what trying a repair's candidate adds to its log-odds."""
    verdict = scored.verdict
    by = weights.get(verdict.outcome, 0.0)
    if verdict.outcome is Outcome.MOVED and verdict.untried:  # a later step was refused: that is no fault of the fix
        by = 0.0
    return by + (_HIDES if weights and verdict.hides else 0.0)


def goes_on(candidate: Candidate) -> bool:
    """Whether a program's candidate goes on from another one, whose run met a further error."""
    return candidate.proposer.startswith("python.") and candidate.evidence.get("steps", 1) > 1


def _is_one_repair(scored: Scored) -> bool:
    return not scored.candidate.model and not goes_on(scored.candidate)


def _moved(p: float, by: float) -> float:
    """Return a probability whose log-odds are moved."""
    return 1 / (1 + math.exp(-log_odds(p) - by))
