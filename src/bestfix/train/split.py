"""Events to learn from and events to compare on, with nothing that passes from the ones to the others.

Held out are the latest failures, and all failures of some users: a model must be better tomorrow, and for people whom
it has not seen. What is learned from lies before that in every respect; `check` refuses whatever does not.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bestfix.rank.features import FEATURES
from bestfix.train.events import Episode, EventsError
from bestfix.train.fit_data import Table
from bestfix.train.fit_figures import area

__all__ = ["LATEST", "USERS", "LeakError", "Split", "check", "knows_the_outcome", "split"]

LATEST = 0.25
"""The share of the failures, the latest ones, that is held out."""
USERS = 0.15
"""The share of the users of whom everything is held out."""
TELLING = 0.995
"""The area under the ROC curve from which on a single feature knows more than it may."""
ENOUGH = 50
"""Kept and refused fixes, of each, from which on that can be told from chance."""
_LOW = -1e300


class LeakError(EventsError):
    """What a model would be compared on is known to what it is fitted to."""


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts of the episodes.

    Attributes:
        learned: what is fitted to.
        held: what is compared on.
        cut: the moment that separates them; failures of held-out users may be earlier.
        dropped: episodes in neither, for they would tell something of the held-out ones.
    """

    learned: tuple[Episode, ...]
    held: tuple[Episode, ...]
    cut: datetime
    dropped: int


def split(episodes: Sequence[Episode]) -> Split:
    """Return the parts of episodes that are in the order of time; the same episodes give the same parts.

    Dropped is what is neither: earlier failures whose outcome came after the cut, or whose code is among the held-out.

    Raises:
        EventsError: when there are too few to split.
    """
    users = sorted({e.user for e in episodes}, key=_place)
    if len(users) < 2 or len(episodes) < 4:
        raise EventsError(f"{len(episodes)} failures of {len(users)} users are too few to learn from and to compare on")
    apart = {user for user in users if _place(user) < USERS} or {users[0]}
    cut = episodes[int((1 - LATEST) * len(episodes))].at
    held = tuple(e for e in episodes if e.at >= cut or e.user in apart)
    groups = {e.group for e in held}
    rest = [e for e in episodes if e.at < cut and e.user not in apart]
    learned = tuple(e for e in rest if e.until < cut and e.group not in groups)
    return Split(learned, held, cut, len(rest) - len(learned))


def _place(user: str) -> float:
    """Return a number between 0 and 1 that stays a user's own, whoever else comes."""
    return zlib.crc32(user.encode()) / 2**32


def check(parts: Split, table: Table) -> None:
    """Refuse parts that know of each other, and features that know the outcome.

    Args:
        parts: what is learned from, and what is held out.
        table: the candidates that are learned from.

    Raises:
        LeakError: when there is a leak; the message says which.
    """
    if shared := {e.group for e in parts.learned} & {e.group for e in parts.held}:
        raise LeakError(f"{len(shared)} texts of code are both learned from and held out, such as {min(shared)}")
    if twice := {e.id for e in parts.learned} & {e.id for e in parts.held}:
        raise LeakError(f"{len(twice)} failures are both learned from and held out, such as {min(twice)}")
    if late := [e.id for e in parts.learned if e.until >= parts.cut]:
        raise LeakError(f"of {len(late)} failures the outcome came after {parts.cut:%Y-%m-%d %H:%M}, such as {late[0]}")
    if known := knows_the_outcome(table):
        raise LeakError(
            f"the feature {known!r} alone tells kept from refused fixes: it was recorded, or computed, after the fact"
        )


def knows_the_outcome(table: Table) -> str:
    """Return the name of a feature that alone, by its value or by being missing, tells the outcome; empty for none."""
    known = table.known("accept")
    kept = known.target["accept"] == 1
    if min(kept.sum(), (~kept).sum()) < ENOUGH:
        return ""
    for number, feature in enumerate(FEATURES):
        column = known.x[:, number]
        missing = np.isnan(column)
        for values in (np.where(missing, _LOW, column), missing):
            found = area(values, kept) or 0.0
            if max(found, 1 - found) >= TELLING:
                return feature.name
    return ""
