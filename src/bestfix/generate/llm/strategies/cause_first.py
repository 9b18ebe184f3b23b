"""Ask for the cause before the edit: a model that has said what is wrong mends that, and not the symptom."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import edited
from bestfix.generate.llm.strategies.prompt import EDITS, asked

__all__ = ["CauseFirst", "cause_first"]

TASK = f"""\
First think in at most five short sentences: what does the failing line need, where does it come from, and at which \
place did the mistake begin? The place to mend may stand before the line that failed.
{EDITS}"""


@dataclass(frozen=True, slots=True)
class CauseFirst:
    """A short chain of thought, then the edit."""

    name: str = "cause-first"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question; earlier cells get more room, since causes stand there."""
        return asked(self.name, briefing, options, task=TASK, shares={"other cells": 0.35})

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return edited(self.name, answer, briefing)


cause_first = CauseFirst()
