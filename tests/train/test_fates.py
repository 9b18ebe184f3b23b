"""What actions about a candidate say of it."""

import math
from dataclasses import astuple

import pytest

from bestfix.core import Action
from bestfix.train.fates import HALF, IGNORED, Fate, fate_of

UNKNOWN = math.nan


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ("shown", None),
        ("shown, ignored", Fate(0, UNKNOWN, IGNORED)),
        ("shown, dismissed", Fate(0, UNKNOWN, 1)),
        ("shown, dismissed, accepted", Fate(1, UNKNOWN, 1)),
        ("shown, accepted and run, ran clean", Fate(1, 1, 1)),
        ("shown, accepted and run, failed again", Fate(1, 0, HALF)),
        ("shown, accepted, edited after, ran clean", Fate(1, UNKNOWN, HALF)),
        ("shown, accepted and run, ran clean, undone", Fate(0, 1, 1)),
        ("shown, accepted, undone", Fate(0, UNKNOWN, 1)),
    ],
)
def test_each_course_of_things_has_its_meaning(actions, expected):
    found = fate_of(Action(name) for name in actions.split(", "))
    if expected is None or found is None:
        assert found is expected
    else:
        assert astuple(found) == pytest.approx(astuple(expected), nan_ok=True)
