"""Ask the same question for several different answers: what many of them say is likelier right."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import edited
from bestfix.generate.llm.strategies.prompt import EDITS, asked

__all__ = ["Sampled", "sampled"]

TEMPERATURE = 0.8


@dataclass(frozen=True, slots=True)
class Sampled:
    """Several answers at a temperature at which they differ."""

    name: str = "sampled"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question, with as many answers as are wanted."""
        return asked(self.name, briefing, options, task=EDITS, temperature=TEMPERATURE, n=options.n)

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return edited(self.name, answer, briefing)


sampled = Sampled()
