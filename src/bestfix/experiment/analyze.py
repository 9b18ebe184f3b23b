"""From users' sums to a verdict: is the assignment sound, what is the difference, and is it known well enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestfix.experiment.assign import Experiment
from bestfix.experiment.metrics import LATE, METRICS, PRIMARY, SECONDS, Comparison, Metric, compared, users_for_one_look
from bestfix.experiment.sequential import ConfidenceSequence
from bestfix.experiment.sums import Daily, UserDays, daily

__all__ = ["FEWEST", "MISMATCH", "Analysis", "Assignment", "Line", "Look", "Pair", "analyzed"]

FEWEST = 100
"""Users that each arm must have before anything is concluded: the intervals hold only asymptotically."""
MISMATCH = 0.001
"""The p-value under which the arms' sizes are taken for a fault of the assignment (Fabijan et al., KDD 2019)."""
CROSSED = 0.01
"""The share of users seen in several arms above which the assignment is taken for faulty."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """How many users each arm has, beside how many it should have.

    Attributes:
        users: the users of each arm, by its name.
        expected: how many there should be.
        p: the least p-value of the arms' sizes against the control's, times the number of comparisons.
        crossed: users who were seen in several arms, and are left out.
        by_day: the users of each arm at the end of each day, by its name.
    """

    users: dict[str, int]
    expected: dict[str, float]
    p: float
    crossed: int
    by_day: dict[str, tuple[int, ...]]

    @property
    def sound(self) -> bool:
        """Whether conclusions may be drawn."""
        return self.p >= MISMATCH and self.crossed <= CROSSED * (self.crossed + sum(self.users.values()))


@dataclass(frozen=True, slots=True)
class Look:
    """The primary metric at the end of a day.

    Attributes:
        day: days since the first exposure, from 0.
        users: the users seen until then, in both arms.
        found: the comparison, with the interval that holds at one look.
        low: the lower end of the interval that holds at every look.
        high: its upper end.
    """

    day: int
    users: int
    found: Comparison
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A metric at the last look.

    Attributes:
        metric: the metric.
        found: its comparison; `None` where it is not known.
        margin: how much worse a guardrail may become; `None` for what is no guardrail.
        low: the lower end of the interval that holds at every look; `None` for metrics that decide nothing.
        high: its upper end.
    """

    metric: Metric
    found: Comparison | None
    margin: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A treatment beside the control.

    Attributes:
        treatment: the treatment's name.
        looks: the primary metric day by day, since there were enough users.
        lines: every metric at the last day.
        needed: users in both arms that the daily view needs to find the planned effect with the planned power; `None`
            when there are too few yet to say.
        needed_once: users that a single look at the end would need.
    """

    treatment: str
    looks: tuple[Look, ...]
    lines: tuple[Line, ...]
    needed: int | None
    needed_once: int | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of an experiment.

    Attributes:
        experiment: the experiment.
        days: days with exposures, the last perhaps not over.
        assignment: whether it was dealt as it should be.
        pairs: each treatment beside the control; empty where the assignment is not sound.
    """

    experiment: Experiment
    days: int
    assignment: Assignment
    pairs: tuple[Pair, ...]


def analyzed(experiment: Experiment, rows: UserDays) -> Analysis:
    """Return what is known of an experiment; nothing but the sample ratio where that does not hold.

    Args:
        experiment: its definition; the order of its arms is that of `rows.arms`.
        rows: the sums of its users' days.
    """
    arms = daily(rows)
    days = len(arms[0].counts)
    assignment = _assignment(experiment, arms, rows.crossed)
    if not (assignment.sound and days):
        return Analysis(experiment, days, assignment, ())
    treatments = zip(experiment.arms[1:], arms[1:], strict=True)
    return Analysis(
        experiment, days, assignment, tuple(_pair(experiment, arm.name, arms[0], known) for arm, known in treatments)
    )


def _assignment(experiment: Experiment, arms: Sequence[Daily], crossed: int) -> Assignment:
    weights = {arm.name: arm.weight for arm in experiment.arms}
    by_day = {name: tuple(map(int, known.counts)) for name, known in zip(weights, arms, strict=True)}
    users = {name: counts[-1] if counts else 0 for name, counts in by_day.items()}
    everyone = sum(users.values())
    expected = {name: everyone * weight / sum(weights.values()) for name, weight in weights.items()}
    return Assignment(users, expected, _mismatch(users, weights) if everyone else 1.0, crossed, by_day)


def _mismatch(users: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Return the p-value of the arms' sizes: the least of the comparisons with the control, times their number."""
    from tea_tasting.aggr import Aggregates
    from tea_tasting.metrics import SampleRatio

    control, *treatments = users
    counts = {name: Aggregates(count_=count) for name, count in users.items()}
    check = SampleRatio(dict(weights))
    values = [check.analyze(counts, control, name).pvalue for name in treatments if users[control] + users[name]]
    return min(1.0, min(values, default=1.0) * len(values))


def _pair(experiment: Experiment, treatment: str, control: Daily, treated: Daily) -> Pair:
    """Return what is known of one treatment; the chance of error is shared out among the treatments."""
    alpha = experiment.alpha / (len(experiment.arms) - 1)
    last = len(control.counts) - 1
    if min(control.counts[last], treated.counts[last]) < FEWEST:
        return Pair(treatment, (), (), None, None)
    sequence = ConfidenceSequence(experiment.effect, alpha, experiment.power)
    looks = tuple(_looks(control, treated, sequence))
    lines = tuple(_line(metric, experiment, control, treated, alpha) for metric in METRICS)
    if not looks or looks[-1].day != last or not looks[-1].found.error:
        return Pair(treatment, looks, lines, None, None)
    users, error = looks[-1].users, looks[-1].found.error
    moments = control.at(last), treated.at(last)
    once = users_for_one_look(*moments, experiment.effect, experiment.power, experiment.alpha)
    return Pair(treatment, looks, lines, round(users * (error / sequence.planned) ** 2), once)


def _looks(control: Daily, treated: Daily, sequence: ConfidenceSequence) -> Iterator[Look]:
    for day, (one, other) in enumerate(zip(control.counts, treated.counts, strict=True)):
        if min(one, other) < FEWEST:
            continue
        found = compared(PRIMARY, control.at(day), treated.at(day), sequence.alpha)
        if found is not None:
            reach = sequence.radius(found.error)
            yield Look(day, int(one + other), found, found.effect - reach, found.effect + reach)


def _line(metric: Metric, experiment: Experiment, control: Daily, treated: Daily, alpha: float) -> Line:
    found = compared(metric, control.at(-1), treated.at(-1), alpha)
    margins = {SECONDS: experiment.slower, LATE: experiment.late}
    margin = margins.get(metric)
    planned = experiment.effect if metric is PRIMARY else margin
    if found is None or planned is None:
        return Line(metric, found, margin)
    reach = ConfidenceSequence(planned, alpha, experiment.power).radius(found.error)
    return Line(metric, found, margin, found.effect - reach, found.effect + reach)
