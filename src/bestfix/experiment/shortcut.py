"""The sums of a simulated experiment without the detour over its events, for simulating thousands of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bestfix.experiment.assign import Experiment
from bestfix.experiment.population import Drawn
from bestfix.experiment.query import LONGEST, PRIOR_DAYS
from bestfix.experiment.sums import Flags, Floats, Ints, UserDays
from bestfix.feedback.clock import DAY

__all__ = ["summed"]

_NEVER = np.iinfo(np.int64).max


def summed(drawn: Drawn, experiments: Sequence[Experiment], which: int = 0) -> UserDays:
    """Return the sums of one experiment's users' days, as `query.user_days` returns them from the events."""
    names = tuple(arm.name for arm in experiments[which].arms)
    mine = drawn.exposed & (drawn.experiment == which)
    user, at, arm = drawn.user[mine], drawn.at[mine], drawn.arm[mine]
    first = np.full(len(drawn.names), _NEVER)
    np.minimum.at(first, user, at)
    lowest, highest = np.full(len(drawn.names), len(names)), np.full(len(drawn.names), -1)
    np.minimum.at(lowest, user, arm)
    np.maximum.at(highest, user, arm)
    crossed = (lowest < highest) & (highest >= 0)
    start = at.min() if len(at) else 0
    keep = ~crossed[user]
    day = (at - start) // DAY
    days = int(day.max(initial=-1)) + 1
    cells, inverse = np.unique(user[keep] * max(days, 1) + day[keep], return_inverse=True)
    values = _columns(drawn, mine)[keep]
    sums = np.column_stack([np.bincount(inverse, values[:, i], minlength=len(cells)) for i in range(values.shape[1])])
    owner = cells // max(days, 1)
    begins = np.diff(owner, prepend=-1) != 0
    prior = np.where(begins[:, None], _prior(drawn, first)[owner], 0.0)
    return UserDays(
        names, owner, lowest[owner], cells % max(days, 1), np.column_stack([sums, prior]), int(crossed.sum())
    )


def _columns(drawn: Drawn, mine: Flags) -> Floats:
    """Return what is summed, in the order of `sums.COLUMNS`, for the failures of an experiment."""
    kept = drawn.taken & ~drawn.edited & ~drawn.undone
    wait = np.where(drawn.ended < 0, 0, np.minimum(drawn.ended, LONGEST * 1_000_000)) / 1e6
    columns = (
        np.ones(len(drawn)), drawn.shown, drawn.taken, kept, drawn.clean, drawn.ended >= 0, wait, drawn.seconds,
        drawn.seconds > 1,
    )  # fmt: skip
    return np.column_stack([np.asarray(column, dtype=np.float64)[mine] for column in columns])


def _prior(drawn: Drawn, first: Ints) -> Floats:
    """Return each user's errors seen and fixes kept in the weeks before the first exposure."""
    begin = first[drawn.user]
    before = (drawn.at < begin) & (drawn.at >= begin - PRIOR_DAYS * DAY) & (begin < _NEVER)
    kept = drawn.taken & ~drawn.edited & ~drawn.undone
    n = len(drawn.names)
    seen = np.bincount(drawn.user[before], minlength=n)
    return np.column_stack([seen, np.bincount(drawn.user[before & kept], minlength=n)]).astype(np.float64)
