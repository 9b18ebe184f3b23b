"""What a row of an engine's table is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Pattern", "Reading", "read"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording of an engine's.

    Attributes:
        kind: the class of error, the same for every engine.
        example: a message that it matches, as the engine really words it.
        regex: the wording; its named groups become details of the error.
    """

    kind: str
    example: str
    regex: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says: the class of error and its details."""

    kind: str
    details: dict[str, str]


def read(patterns: Sequence[Pattern], message: str) -> Reading:
    """Return what the first matching pattern says of the message; `DatabaseError` where none does."""
    for pattern in patterns:
        if match := re.search(pattern.regex, message, re.IGNORECASE):
            return Reading(pattern.kind, {k: v for k, v in match.groupdict().items() if v is not None})
    return Reading("DatabaseError", {})
