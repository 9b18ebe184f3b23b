"""All strategies ask at once; their answers come as candidates, one after the other, until nobody waits any more."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from bestfix.config import Settings
from bestfix.core import Asked, Attempt, Candidate, Context, Deadline, Failure, Report
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.errors import LLMError
from bestfix.generate.llm.messages import Completion, Request
from bestfix.generate.llm.once import Model, Once
from bestfix.generate.llm.questions import questions
from bestfix.generate.llm.strategies import AnswerError, Strategy

__all__ = ["Asking"]

_Reply = tuple[Strategy, Request, Completion | Failure]
_logger = logging.getLogger("bestfix.llm")


@dataclass(eq=False)
class Asking:
    """Questions about one failure that are under way. As a context manager, it leaves none behind.

    Attributes:
        briefing: what the prompts say, with the way back to the user's text.
        failures: what went wrong so far.
        asked: what came of the questions so far.
        awaited: how many questions have no answer yet.
    """

    briefing: Briefing
    failures: list[Failure] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    awaited: int = 0
    _replies: SimpleQueue[_Reply] = field(default_factory=SimpleQueue)
    _running: Future[None] | None = None

    @classmethod
    def begun(
        cls, settings: Settings, report: Report, context: Context, deadline: Deadline, previous: Sequence[Attempt] = ()
    ) -> Asking:
        """Send the questions that the settings want asked about a failure.

        Args:
            settings: which model, which strategies, how many answers.
            report: the failure.
            context: what the failing program could see.
            deadline: when answers are no longer wanted.
            previous: fixes that were tried before.
        """
        found = questions(settings.llm, report, context, previous)
        asking = cls(found.briefing, found.failures, awaited=len(found.asked))
        asking._running = connections().background.submit(asking._ask(_model(settings), found.asked, deadline))
        return asking

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cancel()

    def arrived(self, seconds: float) -> list[Candidate]:
        """Return the candidates of the answers that have arrived, after waiting for one so long at most."""
        found: list[Candidate] = []
        while self.awaited:
            try:
                reply = self._replies.get(timeout=seconds) if seconds > 0 else self._replies.get_nowait()
            except Empty:
                break
            self.awaited -= 1
            found += self._candidates(*reply)
            seconds = 0.0
        return found

    def cancel(self) -> None:
        """Close the requests that are still under way."""
        if self._running is not None:
            self._running.cancel()

    async def _ask(self, model: Model, asked: Sequence[tuple[Strategy, Request]], deadline: Deadline) -> None:
        await asyncio.gather(*(self._answer(model, *question, deadline) for question in asked))

    async def _answer(self, model: Model, strategy: Strategy, request: Request, deadline: Deadline) -> None:
        """Ask one question, and queue what comes of it."""
        outcome: Completion | Failure
        try:
            outcome = await model.complete(request, deadline)
        except LLMError as error:
            outcome = error.failure(f"llm.{strategy.name}")
        except Exception as error:  # noqa: BLE001 - whatever the client trips over, the other questions go on
            outcome = Failure(f"llm.{strategy.name}", f"{type(error).__name__}: {error}")
        self._replies.put((strategy, request, outcome))

    def _candidates(self, strategy: Strategy, request: Request, outcome: Completion | Failure) -> Iterator[Candidate]:
        """Yield the candidates of a reply, and note what came of the question."""
        if isinstance(outcome, Failure):
            self.failures.append(outcome)
            self.asked.append(Asked(strategy.name, request.model, failure=outcome.error))
            return
        model, usable = outcome.model or request.model, 0
        for text, complete, logprob in zip(outcome.texts, outcome.complete, outcome.logprobs, strict=True):
            found = self._read(strategy, text) if complete else self._unread(strategy, "AnswerError: it was cut off")
            usable += bool(found)
            for candidate in found:
                yield _written(candidate, strategy, outcome, model, logprob)
        tokens = (outcome.prompt_tokens, outcome.completion_tokens)
        self.asked.append(Asked(strategy.name, model, len(outcome.texts), usable, *tokens, outcome.seconds))

    def _read(self, strategy: Strategy, text: str) -> list[Candidate]:
        """Return the fixes that an answer holds."""
        try:
            return strategy.candidates(text, self.briefing)
        except AnswerError as error:
            return self._unread(strategy, f"AnswerError: {error}")
        except Exception as error:  # noqa: BLE001 - a strategy, ours or a third party's, may raise anything
            return self._unread(strategy, f"{type(error).__name__}: {error}")

    def _unread(self, strategy: Strategy, error: str) -> list[Candidate]:
        _logger.info("%s: %s", strategy.name, error)
        self.failures.append(Failure(f"llm.{strategy.name}", error))
        return []


def _written(
    candidate: Candidate, strategy: Strategy, completion: Completion, model: str, logprob: float | None
) -> Candidate:
    """Return a candidate with who wrote it, and what is known of that."""
    known = {"logprob": logprob, "tokens": completion.completion_tokens, "seconds": completion.seconds}
    measured = {name: float(value) for name, value in known.items() if value is not None and math.isfinite(value)}
    evidence = {**candidate.evidence, **measured}
    return replace(candidate, proposer=f"llm.{strategy.name}", model=model, evidence=evidence)


def _model(settings: Settings) -> Model:
    """Return what answers: the process's client of the endpoint, which is asked each question once."""
    client, file = Client.of(settings), settings.llm.cassette
    if not file:
        return connections().kept(Once, client.link.endpoint, lambda: Once(client))
    from bestfix.generate.llm.cassette import Cassette

    return Cassette(Path(file), settings.llm, client)
