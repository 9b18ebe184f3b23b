"""What to do with a treatment, in one plain sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from bestfix.experiment.analyze import FEWEST, MISMATCH, Analysis, Line, Pair
from bestfix.experiment.metrics import PRIMARY

__all__ = ["Advice", "Verdict", "verdicts"]


class Advice(StrEnum):
    """What to do."""

    ROLL_OUT = "roll out"
    STOP = "do not roll out"
    CONTINUE = "keep running"
    REPAIR = "conclude nothing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a treatment, and why.

    Attributes:
        treatment: its name; empty for the whole experiment.
        advice: what to do.
        sentence: the same with its reason.
    """

    treatment: str
    advice: Advice
    sentence: str


def verdicts(analysis: Analysis) -> tuple[Verdict, ...]:
    """Return what to do with each treatment; one verdict for all when nothing can be concluded."""
    if not analysis.assignment.sound:
        return (Verdict("", Advice.REPAIR, _unsound(analysis)),)
    return tuple(_verdict(analysis, pair) for pair in analysis.pairs) or (
        Verdict("", Advice.CONTINUE, "Keep running: no failure has been decided under it yet."),
    )


def _verdict(analysis: Analysis, pair: Pair) -> Verdict:
    advice, reason = _decided(analysis, pair)
    sentence = f"{advice.value.capitalize()} {pair.treatment}: {reason}."
    return Verdict(pair.treatment, advice, sentence)


def _decided(analysis: Analysis, pair: Pair) -> tuple[Advice, str]:
    """Return what to do and why, by the intervals that hold at every look alone."""
    planned = analysis.experiment.effect
    primary = next((line for line in pair.lines if line.metric is PRIMARY), None)
    if primary is None or primary.found is None or primary.low is None or primary.high is None:
        return Advice.CONTINUE, f"there are too few users to say anything; each arm needs {FEWEST}"
    gain = f"{_told(primary)} points of fixes kept per error seen"
    if primary.high < 0:
        return Advice.STOP, f"{gain}, which is a loss"
    if primary.high < planned:
        return Advice.STOP, f"{gain}; a gain of {100 * planned:g} points is ruled out"
    for guard in (line for line in pair.lines if line.margin is not None):
        if guard.low is not None and guard.low > (guard.margin or 0):
            return (
                Advice.STOP,
                f"{gain}, but {_told(guard)} {_unit(guard)} of {guard.metric.name}, more than is allowed",
            )
    if primary.low <= 0:
        return Advice.CONTINUE, f"{gain} so far; {_rest(analysis, pair)}"
    for guard in (line for line in pair.lines if line.margin is not None):
        if guard.high is None or guard.high > (guard.margin or 0):
            return Advice.CONTINUE, f"{gain}, but whether {guard.metric.name} stay within what is allowed is still open"
    return Advice.ROLL_OUT, f"{gain}, and the guardrails hold"


def _rest(analysis: Analysis, pair: Pair) -> str:
    """Return what it takes to know: more users who are seen as long as these, or more days in which these come back."""
    users = pair.looks[-1].users
    more = (pair.needed or 0) - users
    if more <= 0:
        return (
            "the planned number of users is reached, and it is still open whether that is a gain: go on, or stop here"
        )
    days = math.ceil(analysis.days * more / users)
    return f"to know takes about {more:,} more users at once, or {days:,} more day{'s' * (days != 1)} at this pace"


def _unsound(analysis: Analysis) -> str:
    assignment = analysis.assignment
    if assignment.p >= MISMATCH:
        everyone = assignment.crossed + sum(assignment.users.values())
        return (
            f"Conclude nothing: {assignment.crossed:,} of {everyone:,} users were seen in several arms. "
            "Mend the assignment, and start again with another salt."
        )
    counts = " : ".join(f"{n:,}" for n in assignment.users.values())
    due = " : ".join(f"{n:,.0f}" for n in assignment.expected.values())
    return (
        f"Conclude nothing: the arms have {counts} users where {due} were due (p = {assignment.p:.1g}). "
        "Find out who is missing, mend it, and start again with another salt."
    )


def _told(line: Line) -> str:
    """Return a difference with the interval that holds at every look."""
    values = (line.found.effect if line.found else 0.0, line.low or 0.0, line.high or 0.0)
    effect, low, high = map(line.metric.difference, values)
    return f"{effect} ({low} to {high})"


def _unit(line: Line) -> str:
    return line.metric.unit
