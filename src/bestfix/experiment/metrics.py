"""What is compared between two arms, and how: ratios of users' sums, by tea-tasting.

Each metric is Σ numerator / Σ denominator over the users of an arm. Its standard error comes from the delta method with
the user as the unit (Deng, Knoblich & Lu, "Applying the Delta Method in Metric Analytics", KDD 2018); where a metric
has covariates, what the same users did before takes part of the noise away (CUPED: Deng, Xu, Kohavi & Walker,
WSDM 2013).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bestfix.experiment.sums import Moments

if TYPE_CHECKING:
    from tea_tasting.aggr import Aggregates
    from tea_tasting.metrics import RatioOfMeans

__all__ = ["LATE", "METRICS", "PRIMARY", "SECONDS", "Comparison", "Metric", "compared", "users_for_one_look"]


_UNITS = {"points": (100, 1, "%"), "s": (1, 1, "s"), "ms": (1000, 0, "ms")}


@dataclass(frozen=True, slots=True)
class Metric:
    """A ratio of two sums.

    Attributes:
        name: what it is called in reports.
        numerator: the sum that is divided.
        denominator: the sum that it is divided by.
        covariates: the same two sums from before the experiment; empty for none.
        unit: `points` for shares, of which reports give hundredths; `s` or `ms` for seconds, as reports give them.
        good: 1 where more is better, -1 where less is.
    """

    name: str
    numerator: str
    denominator: str
    covariates: tuple[str, str] | tuple[()] = ()
    unit: str = "points"
    good: int = 1

    def level(self, value: float) -> str:
        """Return a value as people read it."""
        scale, digits, mark = _UNITS[self.unit]
        return f"{scale * value:.{digits}f} {mark}"

    def difference(self, value: float) -> str:
        """Return a difference as people read it, without its unit."""
        scale, digits, _ = _UNITS[self.unit]
        return f"{round(scale * value, digits) + 0.0:+.{digits}f}"


PRIMARY = Metric("fixes kept per error seen", "kept", "seen", ("prior_kept", "prior_seen"))
SECONDS = Metric("time to the decision", "seconds", "seen", unit="ms", good=-1)
LATE = Metric("decisions over one second", "late", "seen", good=-1)
METRICS = (
    PRIMARY,
    Metric("taken per fix shown", "accepted", "shown"),
    Metric("ran clean per fix taken", "clean", "accepted"),
    Metric("time to a clean run", "wait", "ended", unit="s", good=-1),
    SECONDS,
    LATE,
)
"""What an experiment is judged by, the primary metric first, the guardrails last."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric in two arms.

    Attributes:
        control: its value in the control.
        treatment: its value in the treatment.
        effect: the difference, treatment less control.
        error: the standard error of the difference.
        low: the lower end of the interval around it that holds at one look.
        high: its upper end.
        p: the probability of a difference at least as large, either way, if there were none.
    """

    control: float
    treatment: float
    effect: float
    error: float
    low: float
    high: float
    p: float


def compared(metric: Metric, control: Moments, treatment: Moments, alpha: float = 0.05) -> Comparison | None:
    """Return a metric's comparison; `None` where it is not known, since nobody has what it divides by.

    Args:
        metric: what is compared.
        control: the users of the control.
        treatment: the users of the treatment.
        alpha: one less the level of the interval.
    """
    if min(control.of(metric.denominator), treatment.of(metric.denominator)) <= 0:
        return None
    if not any(arm.between(metric.numerator, metric.numerator) > 0 for arm in (control, treatment)):
        one, other = (arm.of(metric.numerator) / arm.of(metric.denominator) for arm in (control, treatment))
        return Comparison(one, other, other - one, 0.0, other - one, other - one, float(one == other))
    ratio = _ratio(metric, control, treatment, alpha=alpha)
    columns = ratio.aggr_cols.mean_cols
    found = ratio.analyze_aggregates(_aggregates(control, columns), _aggregates(treatment, columns))
    error = (found.effect_size_ci_upper - found.effect_size) / _quantile(1 - alpha / 2)
    if not (math.isfinite(error) and error > 0):
        return None
    return Comparison(
        *(float(v) for v in (found.control, found.treatment, found.effect_size, error)),
        *(float(v) for v in (found.effect_size_ci_lower, found.effect_size_ci_upper, found.pvalue)),
    )


def users_for_one_look(control: Moments, treatment: Moments, effect: float, power: float, alpha: float) -> int:
    """Return how many users, in both arms together, one look needs to find an effect on the primary metric."""
    ratio = _ratio(PRIMARY, control, treatment, alpha=alpha, power=power, effect_size=effect)
    columns = ratio.aggr_cols.mean_cols
    both = _aggregates(control, columns) + _aggregates(treatment, columns)
    (plan,) = ratio.solve_power(both, "n_obs")
    return int(plan.n_obs)


def _ratio(metric: Metric, control: Moments, treatment: Moments, alpha: float, **plan: float) -> RatioOfMeans:
    """Return what analyses a metric; without its covariates where nobody of an arm was there before."""
    from tea_tasting.metrics import RatioOfMeans

    known = metric.covariates and min(arm.of(metric.covariates[1]) for arm in (control, treatment)) > 0
    return RatioOfMeans(
        metric.numerator,
        metric.denominator,
        *(metric.covariates if known else ()),
        use_t=False,
        confidence_level=1 - alpha,
        alpha=alpha,
        ratio=treatment.count / control.count,
        **plan,
    )


def _aggregates(moments: Moments, columns: Iterable[str]) -> Aggregates:
    from tea_tasting.aggr import Aggregates

    names = list(columns)
    return Aggregates(
        count_=moments.count,
        mean_={name: moments.of(name) for name in names},
        var_={name: moments.between(name, name) for name in names},
        cov_={(a, b): moments.between(a, b) for a in names for b in names if a < b},
    )


def _quantile(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)
