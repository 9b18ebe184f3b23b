"""Ask for nothing but the failing line, written anew: the shortest answer that can be a fix."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing, BriefingError
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import line
from bestfix.generate.llm.strategies.prompt import asked

__all__ = ["MinimalLine", "minimal_line"]

TASK = """\
The mistake is in the one line that the section `error` names. Answer with that line as it must stand, in one fenced \
block and nothing else; if it takes more lines to mend it, with all of them."""


@dataclass(frozen=True, slots=True)
class MinimalLine:
    """The failing line and no other."""

    name: str = "minimal-line"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question; little but the surroundings of the line is needed.

        Raises:
            BriefingError: when the line that failed is not known.
        """
        if not briefing.focus and not briefing.refusal:
            raise BriefingError("the line that failed is not known")
        shares = {"code": 0.4, "other cells": 0.0}
        return asked(self.name, briefing, options, task=TASK, shares=shares)

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return line(self.name, answer, briefing)


minimal_line = MinimalLine()
