"""What users did, summed by user and day, and the moments of these sums over the users of an arm, day by day.

A user is the unit: an arm was drawn for a user, and the failures of one user are no independent trials. Every metric
is a ratio of two sums, so that count, means and covariances of the users' sums are all that its analysis needs: a few
numbers for each day, however many events there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["COLUMNS", "PRIOR", "Daily", "Flags", "Floats", "Ints", "Moments", "UserDays", "daily"]

COLUMNS = ("seen", "shown", "accepted", "kept", "clean", "ended", "wait", "seconds", "late")
"""What is summed over a user's failures: those seen, shown a fix, whose fix was taken, kept, and ran clean; those that
ended in a clean run in whatever way, and the seconds until then; the seconds to the decision, and those over one."""
PRIOR = ("prior_seen", "prior_kept")
"""The same user's failures seen and fixes kept in the weeks before the first exposure: the covariates of CUPED."""

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class UserDays:
    """The sums of each user's days, sorted by user and day; all arrays have one entry a user's day.

    Attributes:
        arms: the names of the arms.
        user: the user's number.
        arm: the position of the user's arm in `arms`.
        day: days since the first exposure of anybody, from 0.
        values: the sums, in the order of `COLUMNS` and `PRIOR`, (days of users, sums); those of `PRIOR` stand at a
            user's first day.
        crossed: how many users were seen in several arms; they are left out.
    """

    arms: tuple[str, ...]
    user: Ints
    arm: Ints
    day: Ints
    values: Floats
    crossed: int = 0


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and covariance of the sums over some users.

    Attributes:
        count: the users.
        mean: one mean for each of `COLUMNS` and `PRIOR`.
        covariance: the sample covariance of each two of them.
    """

    count: int
    mean: Floats
    covariance: Floats

    def of(self, column: str) -> float:
        """Return the mean of a column."""
        return float(self.mean[_PLACE[column]])

    def between(self, one: str, other: str) -> float:
        """Return the covariance of two columns."""
        return float(self.covariance[_PLACE[one], _PLACE[other]])


@dataclass(frozen=True, slots=True)
class Daily:
    """What was known of one arm at the end of each day.

    Attributes:
        counts: the users seen until then; one entry a day.
        totals: their sums, (days, sums).
        products: the sums of the products of each two of their sums, (days, sums, sums).
    """

    counts: Ints
    totals: Floats
    products: Floats

    def at(self, day: int) -> Moments:
        """Return the moments over all users seen until the end of a day; of at least two users."""
        n = int(self.counts[day])
        mean = self.totals[day] / n
        return Moments(n, mean, (self.products[day] - n * np.outer(mean, mean)) / (n - 1))


def daily(rows: UserDays) -> Sequence[Daily]:
    """Return what was known of each arm at the end of each day, in the order of the arms.

    A user's sums grow from one day to the next; the growth of their products is what a day adds to the products' sum.
    """
    days = int(rows.day.max(initial=-1)) + 1
    starts = np.flatnonzero(np.diff(rows.user, prepend=-1))
    now = _cumulated(rows.values, starts)
    before = now - rows.values
    cells = rows.arm * days + rows.day
    shape = (len(rows.arms), days)

    def summed(weights: Floats) -> Floats:
        sums = np.bincount(cells, weights, minlength=shape[0] * days)
        return np.cumsum(sums.reshape(shape), axis=1)

    entries = np.bincount(cells[starts], minlength=shape[0] * days).reshape(shape)
    counts = np.cumsum(entries, axis=1).astype(np.int64)
    width = rows.values.shape[1]
    totals = np.stack([summed(rows.values[:, i]) for i in range(width)], axis=-1)
    products = np.empty((*shape, width, width))
    for i in range(width):
        for j in range(i + 1):
            products[..., i, j] = products[..., j, i] = summed(now[:, i] * now[:, j] - before[:, i] * before[:, j])
    return [Daily(counts[arm], totals[arm], products[arm]) for arm in range(shape[0])]


def _cumulated(values: Floats, starts: Ints) -> Floats:
    """Return the running sums within each user, whose rows begin at `starts`."""
    running = np.cumsum(values, axis=0)
    offsets = np.zeros((len(starts), values.shape[1]))
    offsets[1:] = running[starts[1:] - 1]
    return running - np.repeat(offsets, np.diff(starts, append=len(values)), axis=0)


_PLACE = {name: i for i, name in enumerate((*COLUMNS, *PRIOR))}
