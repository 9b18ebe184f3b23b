"""A weighted sum of features, each brought to one scale first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["BOUND", "Column", "Linear"]

BOUND = 4.0
"""Standard deviations beyond which a feature counts no more."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a feature adds to the sum.

    Attributes:
        name: the feature.
        mean, scale: what is subtracted from it and what the rest is divided by.
        weight: what the result is multiplied with.
        missing: what is added in its place where it is missing.
    """

    name: str
    mean: float
    scale: float
    weight: float
    missing: float


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model.

    Attributes:
        bias: the constant.
        columns: one for each feature, in their order.
    """

    bias: float
    columns: tuple[Column, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def __call__(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the sum for each row."""
        return [self.bias + sum(map(_part, self.columns, row)) for row in rows]


def _part(column: Column, value: float) -> float:
    if value != value:  # noqa: PLR0124 - the cheapest test for nan
        return column.missing
    scaled = (value - column.mean) / column.scale
    return column.weight * min(max(scaled, -BOUND), BOUND)
