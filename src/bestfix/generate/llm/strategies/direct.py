"""Ask for the edit, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import edited
from bestfix.generate.llm.strategies.prompt import EDITS, asked

__all__ = ["Direct", "direct"]


@dataclass(frozen=True, slots=True)
class Direct:
    """The likeliest edit, as fast as it can be had."""

    name: str = "direct"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question."""
        return asked(self.name, briefing, options, task=EDITS)

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return edited(self.name, answer, briefing)


direct = Direct()
