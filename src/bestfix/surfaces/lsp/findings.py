"""What is wrong in a text that nobody has run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bestfix.core import Decision, Span

__all__ = ["Finding", "Wanted"]

Wanted = Callable[[], bool]
"""Says whether an answer is still waited for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error that running the text would meet.

    Attributes:
        kind: its class, such as `NameError` or `UnknownColumn`.
        message: what Python or the database would say.
        spans: every place that has it, the first first; at least one.
        decide: looks for its fix, within the deadline of the settings, running nothing.
    """

    kind: str
    message: str
    spans: tuple[Span, ...]
    decide: Callable[[], Decision]
