"""Probabilities as log-odds, in which what is learned adds up."""

from __future__ import annotations

import math

__all__ = ["log_odds"]


def log_odds(p: float) -> float:
    """Return the log-odds of a probability; one that is nearer than 0.001 to 0 or 1 counts as that near."""
    bounded = min(max(p, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))
