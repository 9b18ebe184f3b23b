"""What a strategy is, and how strategies are found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from bestfix.core import Candidate, Failure
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.parse import AnswerError

__all__ = ["AnswerError", "Options", "Strategy", "load_strategies"]

GROUP = "bestfix.strategies"
"""The entry points whose objects are strategies; the name of an entry point is the name of its strategy."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one request is to be made.

    Attributes:
        model: the model's name at its endpoint.
        max_tokens: length of one answer at most.
        n: answers that are wanted of a strategy that samples; the others ask for one.
    """

    model: str
    max_tokens: int = 1024
    n: int = 4


class Strategy(Protocol):
    """A way to ask. Stateless: the same briefing and options give the same request."""

    @property
    def name(self) -> str:
        """Its name in the settings; its candidates' proposer is `llm.` and this."""

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question.

        Raises:
            BriefingError: when this failure cannot be asked about in this way.
        """

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fixes of the user's text that one answer gives, the likeliest first; never an empty list.

        Raises:
            AnswerError: when there is none.
        """


@cache
def _installed() -> dict[str, EntryPoint]:
    """Return the entry points of all strategies; reading the metadata of every installed package takes its time."""
    return {point.name: point for point in entry_points(group=GROUP)}


def load_strategies(names: Collection[str]) -> tuple[dict[str, Strategy], tuple[Failure, ...]]:
    """Return the strategies of the given names, in that order, and what could not be loaded."""
    points = _installed()
    found: dict[str, Strategy] = {}
    failures = []
    for name in names:
        if name not in points:
            known = ", ".join(sorted(points))
            failures.append(Failure(f"strategy {name}", f"LookupError: there is none of that name; there are {known}"))
            continue
        try:
            found[name] = points[name].load()
        except Exception as error:  # noqa: BLE001 - a third party's module may raise anything
            failures.append(Failure(f"strategy {name}", f"{type(error).__name__}: {error}"))
    return found, tuple(failures)
