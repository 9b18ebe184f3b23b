"""How a task in a child ended."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Ended"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task in a child ended.

    Attributes:
        answer: what it returned; anything at all where the task ran code that means harm. `None` without an answer.
        why: why there is no answer, for the user; empty with one.
        output: the beginning of what it printed.
        seconds: how long it took.
    """

    answer: bytes | None
    why: str = ""
    output: str = ""
    seconds: float = 0.0
