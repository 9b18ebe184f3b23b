"""Whether a model is better than the one in use: both score the same held-out events, and users are drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bestfix.rank.model import Model
from bestfix.train.events import EventsError, Logged
from bestfix.train.fit_data import Array
from bestfix.train.off_policy import Decisions, Estimate, Value, drawn, interval, value

__all__ = ["Comparison", "Pair", "compared", "ordering"]

LEAST, LEAST_USERS = 200, 20
"""Fixes whose fate is known, and users, that a comparison needs."""
SUPPORT, SIZE = 0.9, 100.0
"""Support and effective size from which on what was estimated off-policy may speak against a model."""
DRAWS = 1000
SURE = 0.99
"""How sure it must be that a model orders fixes better: of a hundred models of noise, hardly one may pass."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A measurement of both models.

    Attributes:
        old: that of the model in use.
        new: that of the other.
        gain: the new one's less the old one's, with its 95 % interval.
    """

    old: float
    new: float
    gain: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on held-out events.

    Attributes:
        fixes, users: how many fixes with a known fate, of how many users.
        order: the area under the ROC curve of p(accept): how often a kept fix is above a refused one; 99 % intervals.
        alone: the same of the new model alone.
        fit: the mean log-likelihood of what users did, in nats a fix.
        kept: fixes kept a failure with a fix shown, doubly robust, if each had chosen what to show.
        old, new: all off-policy estimates.
    """

    fixes: int
    users: int
    order: Pair
    alone: Estimate
    fit: Pair
    kept: Pair
    old: Value
    new: Value

    @property
    def verdict(self) -> str:
        """Why the new model must not be promoted; empty where it is better.

        It must put kept fixes above refused ones more often than the other and more often than chance, and neither fit
        nor kept fixes may be worse beyond doubt. A better fit alone is no gain: of pure noise, too, a model learns how
        often users say yes.
        """
        if self.order.gain.low <= 0 or self.alone.low <= 0.5:
            return "it does not tell kept from refused fixes better, as far as these events can tell"
        if self.fit.gain.high < 0:
            return "its probabilities are further from what users did"
        telling = min(self.old.support, self.new.support) >= SUPPORT and self.new.size >= SIZE
        if telling and self.kept.gain.high < 0:
            return "fewer of the fixes that it would have shown are kept"
        return ""


def compared(old: Model, new: Model, held: Logged) -> Comparison:
    """Return how two models compare on events that neither was fitted to.

    Args:
        old: the model in use.
        new: the other one.
        held: all candidates of the held-out failures.

    Raises:
        EventsError: when there are too few events to tell anything.
    """
    table = held.table
    p_old, p_new = probabilities(old, held), probabilities(new, held)
    known = ~np.isnan(table.target["accept"])
    users = _numbers([e.user for e in held.episodes])[table.failure]
    fixes, people = int(known.sum()), len(set(users[known].tolist()))
    kept = table.target["accept"][known]
    if fixes < LEAST or people < LEAST_USERS or len(set(kept.tolist())) < 2:
        raise EventsError(
            f"{fixes} held-out fixes of {people} users are too few to compare on: it takes {LEAST} of {LEAST_USERS}, "
            "some of them kept and some refused"
        )
    weight, user = held.certainty[known], users[known]
    order, alone = ordering(p_old[known], p_new[known], kept, weight, user)
    before, after = _decisions(held, p_old, p_new, users), _decisions(held, p_new, p_new, users)
    return Comparison(
        fixes, people, order, alone, _fit(p_old[known], p_new[known], kept, weight, user), _kept(before, after),
        value(before), value(after),
    )  # fmt: skip


def probabilities(model: Model, logged: Logged) -> Array:
    """Return p(accept) of every row, as the model gives it when it ranks."""
    found = np.zeros(len(logged.table.x))
    for failure, start, end in logged.table.spans():
        subject = logged.table.subjects[failure]
        found[start:end] = model.accept(logged.table.x[start:end].tolist(), subject.language, subject.family)
    return found


def _numbers(names: Sequence[str]) -> Array:
    """Return a number from 0 for each name."""
    return np.unique(np.array(names), return_inverse=True)[1]


def ordering(old: Array, new: Array, kept: Array, weight: Array, user: Array) -> tuple[Pair, Estimate]:
    """Return how often a kept fix is above a refused one by either score, and the interval of the new one alone.

    Args:
        old: the scores of the model in use.
        new: those of the other.
        kept: 1 for each fix that was kept, 0 for the others.
        weight: how much each counts.
        user: who saw each, as numbers from 0.
    """
    areas = [_Area.of(p, kept, weight) for p in (old, new)]
    one = np.ones(len(user))
    before, after = (area(one) for area in areas)
    draws = np.array([[area(count[user]) for area in areas] for count in drawn(user, DRAWS)])
    gain, alone = (_between(values) for values in (draws[:, 1] - draws[:, 0], draws[:, 1]))
    return Pair(before, after, Estimate(after - before, *gain)), Estimate(after, *alone)


def _between(values: Array) -> tuple[float, float]:
    tail = 100 * (1 - SURE) / 2
    low, high = (float(np.nanpercentile(values, percent)) for percent in (tail, 100 - tail))
    return low, high


@dataclass(frozen=True, slots=True)
class _Area:
    """The area under the ROC curve of some scores, under any further weights.

    Attributes:
        place: the place of each score among the different ones, from the lowest.
        kept, refused: the weights of the rows that are kept, and of those that are not; 0 elsewhere.
    """

    place: Array
    kept: Array
    refused: Array

    @classmethod
    def of(cls, scores: Array, kept: Array, weight: Array) -> _Area:
        return cls(np.unique(scores, return_inverse=True)[1], weight * kept, weight * (1 - kept))

    def __call__(self, factor: Array) -> float:
        kept, refused = (np.bincount(self.place, each * factor) for each in (self.kept, self.refused))
        below = np.cumsum(refused) - refused / 2
        total = kept.sum() * refused.sum()
        return float((kept * below).sum() / total) if total else float("nan")


def _fit(old: Array, new: Array, kept: Array, weight: Array, user: Array) -> Pair:
    likely = [np.log(np.clip(np.where(kept == 1, p, 1 - p), 1e-6, 1.0)) for p in (old, new)]
    before, after = (float((weight * each).sum() / weight.sum()) for each in likely)
    return Pair(before, after, interval(weight * (likely[1] - likely[0]), weight, drawn(user), user))


def _decisions(held: Logged, chooses: Array, predicts: Array, users: Array) -> Decisions:
    """Return the decisions of which the outcome is known, beside what a model would have shown."""
    table = held.table
    rows: list[tuple[float, float, float, float, float, int, bool]] = []
    for _, start, end in table.spans():
        shown = np.flatnonzero(held.first[start:end] & (held.propensity[start:end] > 0)).tolist()
        if len(shown) != 1 or np.isnan(kept := table.target["accept"][start + shown[0]]):
            continue
        at: int = start + shown[0]
        best = start + int(np.argmax(chooses[start:end]))
        supported = held.propensity[best] > 0
        rows.append((kept, held.propensity[at], at == best, predicts[at], predicts[best], users[at], supported))
    reward, propensity, agrees, predicted, expected, user, supported = np.array(rows, float).reshape(-1, 7).T
    return Decisions(reward, propensity, agrees, predicted, expected, user.astype(int), supported.astype(bool))


def _kept(before: Decisions, after: Decisions) -> Pair:
    """Return how many fixes are kept by either choice, over the decisions in which both could have been shown."""
    both = before.supported & after.supported
    one, user = np.ones(int(both.sum())), before.user[both]
    mended = [d.expected[both] + d.weight[both] * (d.reward[both] - d.predicted[both]) for d in (before, after)]
    old, new = (float(m.mean()) if len(m) else float("nan") for m in mended)
    return Pair(old, new, interval(mended[1] - mended[0], one, drawn(user), user))
