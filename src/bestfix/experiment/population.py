"""A simulated population: users who make errors, see fixes and take them or not; for proving the analysis, not people.

Nothing here is fitted to anybody. What a user does depends on whether the fix is right, on the user's own readiness to
take fixes, and on the day; a few users make most of the errors, and one user's errors are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from bestfix.experiment.assign import Experiment
from bestfix.experiment.sums import Flags, Floats, Ints
from bestfix.feedback.clock import DAY

__all__ = ["Behaviour", "Drawn", "Fault", "Population", "drawn_users"]

TAKEN = {True: 0.75, False: 0.12}
"""The mean probability of taking a fix that is right, and of one that is not."""
WITHDRAWN = {True: 0.05, False: 0.75}
"""The probability of changing or undoing a taken fix that is right, and of one that is not."""
CLEAN = {True: 0.95, False: 0.1}
"""The probability that a taken fix runs, when it is right, and when it is not."""
KEPT = {right: TAKEN[right] * (1 - WITHDRAWN[right]) for right in (True, False)}
FADES = 3.0
"""Days in which what is new loses all but 1/e of its charm."""


class Fault(StrEnum):
    """What is wrong with the assignment."""

    NONE = "none"
    LOST = "lost"
    """One in five of the treatment's users leave no trace, as when it crashes for them."""
    CROSSED = "crossed"
    """One in twenty users get another arm in the middle, as when their id is not kept."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What users meet under an arm.

    Attributes:
        right: the probability that the fix shown is right, for each kind of error.
        shown: the probability that one is shown.
        seconds: the median time to the decision.
        novelty: by how much more often its fixes are taken on a user's first day.
    """

    right: tuple[float, ...] = (0.6, 0.3)
    shown: float = 0.6
    seconds: float = 0.12
    novelty: float = 0.0

    def kept(self, kinds: Sequence[float]) -> float:
        """Return the share of errors whose fix is kept, novelty aside, where kinds of errors have these shares."""
        right = float(np.dot(self.right, kinds))
        return self.shown * (right * KEPT[True] + (1 - right) * KEPT[False])

    def lifted(self, points: float) -> Behaviour:
        """Return one that is better by so much in fixes kept per error seen, alike for all kinds; 0 to 1."""
        more = points / (self.shown * (KEPT[True] - KEPT[False]))
        return Behaviour(tuple(p + more for p in self.right), self.shown, self.seconds, self.novelty)


@dataclass(frozen=True, slots=True)
class Population:
    """Who the users are.

    Attributes:
        users: how many there are.
        days: how many days of the experiment are simulated.
        before: how many days before it.
        errors: the mean number of errors that a user makes a day.
        spread: the standard deviation of the logarithm of that; at 1, a tenth of the users make 4 in 10 errors.
        likeness: the standard deviation among users of the probability that a fix for them is right.
        kinds: the shares of the kinds of errors.
        own: what users meet who are in no experiment, or not yet.
        arms: what users meet in an arm, by its name; as without an experiment where it is not named.
        fault: what is wrong with the assignment.
    """

    users: int = 4000
    days: int = 14
    before: int = 14
    errors: float = 1.0
    spread: float = 1.0
    likeness: float = 0.1
    kinds: tuple[float, ...] = (0.9, 0.1)
    own: Behaviour = field(default_factory=Behaviour)
    arms: Mapping[str, Behaviour] = field(default_factory=dict)
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True)
class Drawn:
    """Failures in the order of time, one entry each.

    Attributes:
        names: the ids of the users.
        user: the position of the user in `names`.
        at: microseconds since the experiment's start; negative before it.
        experiment: the position of the user's experiment among those simulated; -1 for none.
        arm: the position of the user's arm in it.
        exposed: whether an exposure is logged.
        shown: whether a fix was shown.
        taken: whether it was taken.
        edited: whether it was changed before it ran.
        undone: whether it was taken out again.
        clean: whether it ran clean.
        ended: microseconds from the failure to a clean run in whatever way; -1 for never.
        seconds: the time to the decision.
    """

    names: Sequence[str]
    user: Ints
    at: Ints
    experiment: Ints
    arm: Ints
    exposed: Flags
    shown: Flags
    taken: Flags
    edited: Flags
    undone: Flags
    clean: Flags
    ended: Ints
    seconds: Floats

    def __len__(self) -> int:
        return len(self.user)


def drawn_users(
    population: Population, experiments: Sequence[Experiment], seed: int = 0, prefix: str = "user"
) -> Drawn:
    """Return what a population does; each user is in the first of the experiments that takes them.

    Args:
        population: who the users are and what they meet.
        experiments: who is in which arm.
        seed: another seed, other users.
        prefix: what their ids begin with, before seed and number.
    """
    rng = np.random.default_rng(seed)
    names = [f"{prefix}-{seed}-{i}" for i in range(population.users)]
    places = np.array([_place(name, experiments) for name in names], dtype=np.int64).reshape(-1, 2)
    rates = population.errors * rng.lognormal(-(population.spread**2) / 2, population.spread, population.users)
    user: Ints = np.repeat(np.arange(population.users), rng.poisson(rates * (population.before + population.days)))
    at = rng.integers(-population.before * DAY, population.days * DAY, len(user))
    order = np.argsort(at)
    user, at = user[order], at[order]
    experiment, arm = places[user, 0], places[user, 1]
    exposed = (experiment >= 0) & (at >= 0)
    if population.fault is not Fault.NONE:
        exposed, arm = _broken(population, (user, at, arm, exposed), rng)
    return _acted(population, experiments, names, (user, at, experiment, arm, exposed), rng)


def _place(name: str, experiments: Sequence[Experiment]) -> tuple[int, int]:
    """Return the position of a user's experiment, and of the arm in it; -1 for none."""
    for i, experiment in enumerate(experiments):
        if (arm := experiment.arm_of(name)) is not None:
            return i, experiment.arms.index(arm)
    return -1, -1


def _broken(
    population: Population, told: tuple[Ints, Ints, Ints, Flags], rng: np.random.Generator
) -> tuple[Flags, Ints]:
    """Return exposures and arms as a faulty assignment leaves them."""
    user, at, arm, exposed = told
    unlucky = rng.random(population.users)
    if population.fault is Fault.LOST:
        return exposed & ~((arm > 0) & (unlucky < 0.2)[user]), arm
    moved = (unlucky < 0.05)[user] & (2 * at > population.days * DAY) & (arm >= 0)
    return exposed, np.where(moved, np.where(arm == 0, 1, 0), arm)


def _acted(
    population: Population,
    experiments: Sequence[Experiment],
    names: Sequence[str],
    told: tuple[Ints, Ints, Ints, Ints, Flags],
    rng: np.random.Generator,
) -> Drawn:
    """Return what users did about their failures."""
    user, at, experiment, arm, exposed = told
    n = len(user)
    met = _met(population, experiments, experiment, arm, exposed=(experiment >= 0) & (at >= 0))
    kind = rng.choice(len(population.kinds), n, p=np.array(population.kinds) / sum(population.kinds))
    alike = rng.normal(0, population.likeness, population.users)
    shown = rng.random(n) < met.shown
    right = rng.random(n) < np.clip(met.right[np.arange(n), kind] + alike[user], 0, 1)
    ready = rng.beta(6, 2, population.users)[user] / TAKEN[True]
    charm = met.novelty * np.exp(-np.maximum(at, 0) / (FADES * DAY))
    taken = shown & (rng.random(n) < np.where(right, TAKEN[True], TAKEN[False]) * ready + charm)
    withdrawn = taken & (rng.random(n) < np.where(right, WITHDRAWN[True], WITHDRAWN[False]))
    edited = withdrawn & (rng.random(n) < 0.5)
    clean = taken & (rng.random(n) < np.where(right, CLEAN[True], CLEAN[False]))
    wait = np.where(clean, rng.exponential(20e6, n), rng.exponential(150e6, n)).astype(np.int64) + 2_000_000
    ended = np.where(clean | (rng.random(n) < 0.8), wait, -1)
    seconds = met.seconds * rng.lognormal(0, 0.7, n)
    undone = withdrawn & ~edited
    return Drawn(names, user, at, experiment, arm, exposed, shown, taken, edited, undone, clean, ended, seconds)


@dataclass(frozen=True, slots=True)
class _Met:
    """What was met at each failure: `Behaviour` as arrays, `right` of shape (failures, kinds)."""

    right: Floats
    shown: Floats
    seconds: Floats
    novelty: Floats


def _met(
    population: Population, experiments: Sequence[Experiment], experiment: Ints, arm: Ints, exposed: Flags
) -> _Met:
    behaviours = [population.own]
    which: Ints = np.zeros(len(arm), dtype=np.int64)
    for i, one in enumerate(experiments):
        for j, known in enumerate(one.arms):
            which[exposed & (experiment == i) & (arm == j)] = len(behaviours)
            behaviours.append(population.arms.get(known.name, population.own))
    return _Met(
        np.array([b.right for b in behaviours])[which],
        np.array([b.shown for b in behaviours])[which],
        np.array([b.seconds for b in behaviours])[which],
        np.array([b.novelty for b in behaviours])[which],
    )
