"""Intervals that hold at every look: asymptotic confidence sequences.

Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
Annals of Statistics 52 (2024), arXiv:2103.06476: with V the cumulative variance of a sum and any r > 0,

    |sum| <= sqrt((V + 1/r) * log((V r + 1) / alpha^2))   at all times at once, with probability 1 - alpha,

by the method of mixtures (Robbins 1970) over the Brownian motion that the sum comes ever closer to. Ratio metrics enter
through linearisation: the delta method gives their standard error at every look, and the clock is the information
1/se², in which estimate times clock is a Brownian motion with drift (Scharfstein, Tsiatis & Robins, "Semiparametric
efficiency and its implication on the design and analysis of group-sequential studies", JASA 92, 1997). Users who come
back make looks more alike than that, which only makes the sequence wider than it had to be (Slepian's lemma).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["ConfidenceSequence"]


@dataclass(frozen=True, slots=True)
class ConfidenceSequence:
    """A confidence sequence that is tightest where an effect of the planned size is found with the planned power.

    Attributes:
        effect: the effect that is to be found, in units of the metric; positive.
        alpha: the probability that the truth is ever outside, 0 to 1.
        power: the probability of finding the effect at the planned look alone, 0 to 1.
    """

    effect: float
    alpha: float = 0.05
    power: float = 0.8

    def radius(self, error: float) -> float:
        """Return half the width of the interval at a look with this standard error."""
        return error * self._bound(self._tuned * (self.planned / error) ** 2) if error > 0 else 0.0

    @property
    def planned(self) -> float:
        """The standard error at the planned look, where the effect exceeds the radius with the planned power."""
        return self.effect / (self._bound(self._tuned) + NormalDist().inv_cdf(self.power))

    @property
    def _tuned(self) -> float:
        """V r at the planned look, where the bound is to be lowest, in the paper's closed form."""
        from scipy.special import lambertw

        return float(-lambertw(-(self.alpha**2) / math.e, -1).real) - 1

    def _bound(self, scaled: float) -> float:
        """Return how many standard errors the interval reaches to either side, where the clock is at V r."""
        return math.sqrt((1 + 1 / scaled) * math.log((1 + scaled) / self.alpha**2))
