"""What another way to choose would have brought, estimated from what was shown and with which probability.

Three estimates of the mean reward of a policy from decisions that another one made (Dudik, Langford and Li 2011):

- IPS, inverse propensity scores: right on average, wide where the two seldom agree;
- SNIPS, the same over the sum of its weights: narrower, right with many decisions (Swaminathan and Joachims 2015);
- DR, doubly robust: a prediction of the reward, mended by IPS where the choice was tried; right when either is right.

Intervals come from drawing users anew: decisions of one user are alike and are drawn together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bestfix.train.fit_data import Array

__all__ = ["Decisions", "Estimate", "Value", "drawn", "interval", "value"]

DRAWS = 1000
"""How often users are drawn for an interval."""
_SEED = 7


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was shown in each of n decisions, what came of it, and what the other policy would have shown.

    Attributes:
        reward: what the shown one brought, n numbers.
        propensity: the probability with which it was shown, above 0.
        agrees: whether the other policy would have shown the same, 0 or 1; or with which probability.
        predicted: the reward that is predicted for the shown one.
        expected: the reward that is predicted for what the other policy would have shown.
        user: who decided about it, as numbers from 0.
        supported: whether what the other policy would have shown had any probability to be shown.
    """

    reward: Array
    propensity: Array
    agrees: Array
    predicted: Array
    expected: Array
    user: Array
    supported: Array

    @property
    def weight(self) -> Array:
        """How many decisions each stands for."""
        return self.agrees / self.propensity


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.4f} [{self.low:.4f}, {self.high:.4f}]"


@dataclass(frozen=True, slots=True)
class Value:
    """What a policy would have brought for each decision.

    Attributes:
        ips, snips, dr: the estimates.
        size: the effective sample size: how many decisions of the policy's own would tell as much.
        support: the share of the decisions in which its choice could have been shown at all; below 1 the estimates say
            nothing of the rest.
    """

    ips: Estimate
    snips: Estimate
    dr: Estimate
    size: float
    support: float


def value(decisions: Decisions) -> Value:
    """Return the estimates for the other policy, over the decisions in which its choice could have been shown."""
    some = decisions.supported
    w, r = decisions.weight[some], decisions.reward[some]
    one = np.ones(len(w))
    mended = decisions.expected[some] + w * (r - decisions.predicted[some])
    counts = drawn(decisions.user[some])
    squares = float((w**2).sum())
    return Value(
        ips=interval(w * r, one, counts, decisions.user[some]),
        snips=interval(w * r, w, counts, decisions.user[some]),
        dr=interval(mended, one, counts, decisions.user[some]),
        size=float(w.sum()) ** 2 / squares if squares else 0.0,
        support=float(some.mean()) if len(some) else 0.0,
    )


def drawn(user: Array, draws: int = DRAWS) -> Array:
    """Return how often each user is drawn in each of some draws with replacement; the same users, the same draws."""
    users = int(user.max()) + 1 if len(user) else 0
    if not users:
        return np.zeros((draws, 0))
    return np.random.default_rng(_SEED).multinomial(users, np.full(users, 1 / users), size=draws)


def interval(above: Array, below: Array, counts: Array, user: Array) -> Estimate:
    """Return the ratio of two sums, with the percentiles of what it comes to when users are drawn anew.

    Args:
        above: what is summed above the line, a number for each decision.
        below: the same below it.
        counts: how often each user is drawn, from `drawn`.
        user: the user of each decision.
    """
    if not len(above) or not below.sum():
        return Estimate(np.nan, np.nan, np.nan)
    users = counts.shape[1]
    top = counts @ np.bincount(user, above, users)
    bottom = counts @ np.bincount(user, below, users)
    ratios = top[bottom > 0] / bottom[bottom > 0]
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Estimate(float(above.sum() / below.sum()), float(low), float(high))
