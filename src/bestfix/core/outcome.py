"""What a user did with what was shown, what happened then, and what an experiment had assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Action", "Exposure", "Habit", "Habits"]


class Action(StrEnum):
    """What became of a failure, in the order in which it can happen."""

    SHOWN = "shown"
    """A candidate was put before the user."""
    ACCEPTED = "accepted"
    """The user took it, to run it later."""
    ACCEPTED_AND_RUN = "accepted and run"
    """The user took it and had it run at once."""
    EDITED_AFTER = "edited after"
    """The user took it, and changed it before it ran."""
    DISMISSED = "dismissed"
    """The user did not want it: closed it, or asked for the next one."""
    IGNORED = "ignored"
    """The user went on with something else."""
    RAN_CLEAN = "ran clean"
    """What failed has run to its end: with the candidate named, or, with none named, in another way."""
    FAILED_AGAIN = "failed again"
    """What failed was run again and failed, be it with another error: with the candidate named, or in another way."""
    UNDONE = "undone"
    """The user took the candidate back out."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an experiment assigned to a user, where it mattered for a failure.

    Attributes:
        experiment: the experiment's name.
        arm: the name of the arm.
        layer: the layer whose experiments exclude each other.
        version: another one when the arms change their meaning or users are dealt anew.
    """

    experiment: str
    arm: str
    layer: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Habit:
    """How a user takes what is shown for one kind of failure.

    Attributes:
        shown: fixes that were shown.
        taken: those that the user took.
        expected: those that the user should have taken, by the probabilities: their sum.
    """

    shown: int = 0
    taken: int = 0
    expected: float = 0.0


Habits = Mapping[tuple[str, str], Habit]
"""How a user takes what is shown, by language and family of errors."""
