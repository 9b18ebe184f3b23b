"""One simulated experiment after another: how often the analysis finds what is there, and what is not."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.experiment.analyze import analyzed
from bestfix.experiment.assign import Arm, Experiment
from bestfix.experiment.population import Population, drawn_users
from bestfix.experiment.shortcut import summed

__all__ = ["Trial", "tried"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What the analysis said of one simulated experiment.

    Attributes:
        sound: whether the assignment was taken for sound; the rest is only known then.
        users: the users seen.
        effect: the difference that was found at the end.
        p: its p-value at the end.
        lowest_p: the lowest p-value of all days.
        excluded: whether the interval that holds at every look was without zero at the end.
        ever_excluded: whether it was so on any day.
        needed: users that daily looks need, as planned at the end.
        needed_once: users that one look needs, as planned at the end.
    """

    sound: bool
    users: int = 0
    effect: float = 0.0
    p: float = 1.0
    lowest_p: float = 1.0
    excluded: bool = False
    ever_excluded: bool = False
    needed: int = 0
    needed_once: int = 0


def tried(population: Population, seed: int, effect: float = 0.02) -> Trial:
    """Return what the analysis says of a population under two arms, `control` and `treatment`.

    Args:
        population: who the users are, and what the arm `treatment` gives them.
        seed: another seed, other users in other arms.
        effect: the effect that the experiment is planned for.
    """
    arms = (Arm("control"), Arm("treatment"))
    experiment = Experiment("trial", arms, "trial", salt=f"trial-{seed}", effect=effect)
    found = analyzed(experiment, summed(drawn_users(population, [experiment], seed), [experiment]))
    if not found.pairs:
        return Trial(found.assignment.sound)
    (pair,) = found.pairs
    outside = [look.low > 0 or look.high < 0 for look in pair.looks]
    last = pair.looks[-1]
    return Trial(
        sound=True,
        users=last.users,
        effect=last.found.effect,
        p=last.found.p,
        lowest_p=min(look.found.p for look in pair.looks),
        excluded=outside[-1],
        ever_excluded=any(outside),
        needed=pair.needed or 0,
        needed_once=pair.needed_once or 0,
    )
