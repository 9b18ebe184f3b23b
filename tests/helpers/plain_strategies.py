"""Strategies without subtlety: the question is the code, and the answer is the whole fixed code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.core import Candidate, Patch
from bestfix.generate.llm import questions
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies import AnswerError


@dataclass(frozen=True)
class Plain:
    """Asks for the whole code; one that samples wants as many answers as it may."""

    name: str
    samples: bool = False

    def request(self, briefing, options):
        n = options.n if self.samples else 1
        return Request(self.name, options.model, "Fix it.", briefing.report.code, n=n, max_tokens=options.max_tokens)

    def candidates(self, answer, briefing):
        if answer.startswith("sorry"):
            raise AnswerError("there is no code in it")
        source = briefing.report.failing
        return [Candidate(Patch.between(source.text, answer, source=source.name), f"{self.name} says so")]


def use(monkeypatch, strategies: Sequence[object]) -> None:
    """Have these strategies ask, whatever the settings name."""
    monkeypatch.setattr(questions, "load_strategies", lambda names: ({s.name: s for s in strategies}, ()))
