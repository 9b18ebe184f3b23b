"""Judges of syntax fixes for the very errors that the shipped judge was fitted to: each has not seen some of them.

The estimates that the shipped judge gives for those are better than users get, and a ranker that is fitted to them
trusts the estimate too much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bestfix.core import Deadline
from bestfix.generate.python.syntax import judge, search
from bestfix.lang.python.lexical import lexical
from bestfix.train.choices import Choices, Group
from bestfix.train.record import PARTS, Broken, part_of

__all__ = ["JUDGE_L2", "JUDGE_WEIGHTS", "LEAST", "choices_of", "judges"]

JUDGE_WEIGHTS, JUDGE_L2 = 4500, 4.0
"""Weights that a judge has at most, and how strongly they are drawn to zero."""
LEAST = 3
"""Candidates that a feature must occur in."""


def judges(records: Sequence[Broken]) -> list[dict[str, float]]:
    """Return for each part of people's errors the weights of a judge that is fitted to the other parts."""
    choices = Choices([choices_of(record.code, record.intended[0], record.group) for record in records])
    fold = np.array([part_of(record.group) for record in records])
    return [choices.fit(fold != k, JUDGE_WEIGHTS, JUDGE_L2, LEAST) for k in range(PARTS)]


def choices_of(code: str, intended: str, family: str) -> Group:
    """Return the choice among the texts that the search finds for broken code, and that none of them is right."""
    group, good = Group(family), lexical(intended)
    for found in search.search(code, search.load_slips(), Deadline.never()):
        group.add(judge.features(found), right=lexical(found.whole) == good)
    group.add({judge.NONE: 1.0}, right=not any(group.right))
    return group
