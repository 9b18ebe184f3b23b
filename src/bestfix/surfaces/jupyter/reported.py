"""What pages report of their cards: read with care, and handed to the recorder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bestfix.core import Action
from bestfix.core.document import DocumentError, structured
from bestfix.recording import Recorder

__all__ = ["LIMIT", "UNLOGGED", "Reported", "record", "reports"]

LIMIT = 1000
"""Events in one report."""
UNLOGGED = "unlogged-"
"""What the id of a failure starts with that nobody has recorded."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Something that a user did with a card.

    Attributes:
        failure: the id that came with the decision.
        revision: which of the decisions about the failure ranks the candidate.
        action: what happened.
        candidate: the index of the fix in the decision's ranking, if it is about one.
    """

    failure: str
    action: Action
    candidate: int | None = None
    revision: int = 0


def reports(document: object) -> tuple[Reported, ...]:
    """Return the events of a report; fields that are not known are left out.

    Raises:
        DocumentError: when it has another form; the message starts with the path of what is wrong.
    """
    events = document.get("events") if isinstance(document, Mapping) else None
    if not isinstance(events, list):
        raise DocumentError("events: must be a list")
    if len(events) > LIMIT:
        raise DocumentError(f"events: there must be no more than {LIMIT} of them")
    known = Reported.__dataclass_fields__.keys()
    plain = [{k: v for k, v in event.items() if k in known} if isinstance(event, dict) else event for event in events]
    return structured(_Report, {"events": plain}).events


@dataclass(frozen=True, slots=True)
class _Report:
    events: tuple[Reported, ...]


def record(recorder: Recorder, events: Sequence[Reported]) -> None:
    """Hand events to the recorder; those of failures that were never recorded are left out."""
    for event in events:
        if not event.failure.startswith(UNLOGGED):
            reference = f"{event.failure}:{event.revision}" if event.revision else event.failure
            recorder.action(reference, event.action, event.candidate)
