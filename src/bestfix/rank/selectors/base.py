"""What every selector is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bestfix.core import Report, Scored

__all__ = ["Scores", "Selector"]


class Scores(NamedTuple):
    """What a selector thinks of a candidate.

    Attributes:
        accept: the probability, 0 to 1, that the user keeps it.
        success: the probability that it runs without an error; `None` when the selector does not say.
    """

    accept: float
    success: float | None = None


class Selector(Protocol):
    """Gives each candidate of one failure the probability that the user keeps it."""

    def __call__(self, report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:
        """Return the scores of each candidate, in their order; equal ones keep that order when ranked."""
