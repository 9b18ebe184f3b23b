"""What running a fix showed, on the card and in `%fix why`."""

import pytest

from bestfix.core import ErrorInfo, Outcome, Verdict
from bestfix.surfaces.trials import brief, told

LATER = ErrorInfo("KeyError", "'price'", lineno=4)


@pytest.mark.parametrize(
    ("verdict", "short", "long"),
    [
        (Verdict(True), "", []),
        (Verdict(True, outcome=Outcome.RAN_CLEAN), "ran clean", ["ran clean"]),
        (
            Verdict(True, outcome=Outcome.RAN_CLEAN, resumed=True, result="DataFrame (3, 2)"),
            "ran clean",
            ["ran clean, from the failing statement on, in a copy of the session; it gives DataFrame (3, 2)"],
        ),
        (
            Verdict(True, outcome=Outcome.MOVED, error=LATER),
            "gets further",
            ["got past the error, and met KeyError: 'price' in line 4"],
        ),
        (
            Verdict(True, outcome=Outcome.NEW_ERROR, error=LATER),
            "new error",
            ["did not get past the error, and met KeyError: 'price' in line 4"],
        ),
        (
            Verdict(True, outcome=Outcome.MOVED, untried="it asks for input"),
            "gets further",
            ["got past the error; no further, because it asks for input"],
        ),
        (Verdict(True, untried="it writes files"), "", ["not run: it writes files"]),
        (
            Verdict(True, outcome=Outcome.RAN_CLEAN, hides=True),
            "only hides the error",
            ["ran clean", "but: it only hides the error"],
        ),
    ],
)
def test_a_verdict_in_words(verdict, short, long):
    assert brief(verdict) == short
    assert list(told(verdict)) == long
