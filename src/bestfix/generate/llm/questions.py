"""What would be asked about a failure: the same whether it is sent or only shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bestfix.config import LLM
from bestfix.core import Attempt, Context, Failure, Report
from bestfix.generate.llm.briefing import Briefing, brief
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies import Options, Strategy, load_strategies

__all__ = ["Questions", "questions"]


@dataclass(frozen=True)
class Questions:
    """The questions about one failure.

    Attributes:
        briefing: what they say, with the way back to the user's text.
        asked: each question with the strategy that reads its answers.
        failures: the strategies that have no question, and why.
    """

    briefing: Briefing
    asked: tuple[tuple[Strategy, Request], ...] = ()
    failures: list[Failure] = field(default_factory=list)


def questions(llm: LLM, report: Report, context: Context, previous: Sequence[Attempt] = ()) -> Questions:
    """Return the questions that the settings want asked about a failure.

    Args:
        llm: which model, which strategies, how many answers, how much may be said.
        report: the failure.
        context: what the failing program could see.
        previous: fixes that were tried before.
    """
    values = llm.privacy == "with-values"
    briefing = brief(report, context, values=values, budget=llm.prompt_tokens, previous=previous)
    strategies, unknown = load_strategies(llm.strategies)
    failures = list(unknown)
    return Questions(briefing, tuple(_asked(llm, briefing, strategies, failures)), failures)


def _asked(
    llm: LLM, briefing: Briefing, strategies: Mapping[str, Strategy], failures: list[Failure]
) -> Iterator[tuple[Strategy, Request]]:
    """Yield each strategy's question, `k` answers in all; one that can sample gets what the others leave."""
    left = llm.k
    for number, (name, strategy) in enumerate(strategies.items(), 1):
        if left < 1:
            return
        spare = max(1, left - (len(strategies) - number))
        try:
            request = strategy.request(briefing, Options(llm.models.get(name, llm.model), llm.answer_tokens, spare))
        except Exception as error:  # noqa: BLE001 - a strategy, ours or a third party's, may raise anything
            failures.append(Failure(f"llm.{name}", f"{type(error).__name__}: {error}"))
            continue
        left -= request.n
        yield strategy, request
