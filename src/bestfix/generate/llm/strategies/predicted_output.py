"""Ask for the whole code: where a provider takes a prediction, tokens that repeat it cost next to no time."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import whole
from bestfix.generate.llm.strategies.prompt import asked

__all__ = ["PredictedOutput", "predicted_output"]

TASK = """\
Answer with the whole code between the tags of the section `code`, fixed, in one fenced block and nothing else. \
Repeat every line that needs no change character for character."""


@dataclass(frozen=True, slots=True)
class PredictedOutput:
    """The whole code, expected to be what it was but for a few lines; it is compared with it line by line."""

    name: str = "predicted-output"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question, with the code as its prediction."""
        code = "\n".join(briefing.sections["code"].items).rstrip() if "code" in briefing.sections else ""
        fence = "```"
        while fence in code:
            fence += "`"
        prediction = f"{fence}\n{code}\n{fence}"
        return asked(self.name, briefing, options, task=TASK, prediction=prediction, whole=True)

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return whole(self.name, answer, briefing)


predicted_output = PredictedOutput()
