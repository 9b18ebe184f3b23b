"""The client: a request goes out, a completion or a typed error comes back before the deadline."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from concurrent.futures import Future
from dataclasses import dataclass, field

from bestfix.config import Settings
from bestfix.core import Deadline
from bestfix.generate.llm.answers import Answers, joined
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.endpoint import Endpoint
from bestfix.generate.llm.errors import DeclinedError, EmptyAnswerError, LateError, LLMError, RefusedError
from bestfix.generate.llm.link import Link
from bestfix.generate.llm.messages import Completion, Request
from bestfix.generate.llm.provider import HINTS, OPTIONAL, Provider

__all__ = ["Client"]

BACKOFF = 0.25
"""Seconds before a request is sent again, on the average; twice as many before each next time."""

_logger = logging.getLogger("bestfix.llm")
_logger.addHandler(logging.NullHandler())


@dataclass(slots=True)
class Client:
    """A client of one endpoint. A process has one for each: `Client.of`.

    From any thread, `submit` gives a future that can be waited for with a time-out and cancelled. Coroutines that run
    on the clients' own event loop (`connections().background.submit(coroutine)`) await `complete` directly.

    Attributes:
        link: the way to the endpoint.
    """

    link: Link
    _without: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)

    @staticmethod
    def of(settings: Settings) -> Client:
        """Return the process's client of the endpoint that the settings name."""
        shared = connections()
        endpoint = Endpoint.of(settings)
        return shared.kept(Client, endpoint, lambda: Client(Link(endpoint, shared)))

    def submit(self, request: Request, deadline: Deadline) -> Future[Completion]:
        """Ask in the background. Cancelling the future closes the request at its endpoint."""
        return self.link.shared.background.submit(self.complete(request, deadline))

    def warm(self) -> Future[Provider]:
        """Import the library and find the key in the background, ahead of the first request; nothing is sent."""
        return self.link.shared.background.submit(self.link.ready())

    def models(self, deadline: Deadline) -> list[str]:
        """Return the names of the endpoint's models. It blocks.

        Raises:
            LLMError: when they could not be had.
        """
        return self.link.shared.background.submit(self.link.models(deadline)).result()

    async def complete(self, request: Request, deadline: Deadline) -> Completion:
        """Return the model's answers; those that were cut off by the deadline or by the endpoint are marked so.

        What is late is cancelled, not awaited: its connection is closed after the outcome is there.

        Raises:
            LLMError: when there is no text, before the deadline or at it.
        """
        started = time.monotonic()
        parts: list[Answers] = []
        work = asyncio.create_task(self._gather(request, deadline, parts))
        work.add_done_callback(_outcome)
        try:
            await asyncio.wait({work}, timeout=deadline.left)
        finally:
            work.cancel()
        problem = (
            _outcome(work) if work.done() else LateError(f"not answered within {time.monotonic() - started:.2f} s")
        )
        completion = joined(parts, time.monotonic() - started)
        if not completion.texts:
            problem = _reason(parts, problem, completion.request_id)
        _log(request, completion, problem)
        if completion.texts or problem is None:
            return completion
        raise problem

    async def _gather(self, request: Request, deadline: Deadline, parts: list[Answers]) -> None:
        """Have as many answers as are wanted; what an endpoint leaves out is asked for in requests of its own."""
        missing = request.n
        if missing > 1 and "n" not in self._refused(request):
            await self._ask(request, missing, deadline, parts)
            missing -= sum(len(part.choices) for part in parts)
            if missing > 0:
                self._learn(request, frozenset({"n"}))
        asked = (self._ask(request, 1, deadline, parts) for _ in range(missing))
        for problem in await asyncio.gather(*asked, return_exceptions=True):
            if problem is not None:
                raise problem

    async def _ask(self, request: Request, n: int, deadline: Deadline, parts: list[Answers]) -> None:
        """Send one HTTP request, and again while that may help and time is left."""
        without = self._refused(request)
        attempt = 0
        while True:
            await self.link.wait_for_limit(deadline)
            answers = Answers(n, request.max_tokens)
            parts.append(answers)
            try:
                await self.link.send(request, answers, without, deadline)
            except LLMError as error:
                refused = _refused_parameters(error) - without
                if not refused and (answers.heard or attempt >= error.retries or not await _paused(attempt, deadline)):
                    raise
                parts.remove(answers)
                without |= refused
                attempt += not refused
            else:
                self._learn(request, without)
                return

    def _refused(self, request: Request) -> frozenset[str]:
        """Return the parameters that the endpoint does not take for the request's model, as far as is known."""
        return self._without.get(request.model, frozenset())

    def _learn(self, request: Request, without: frozenset[str]) -> None:
        self._without[request.model] = self._refused(request) | without


def _outcome(work: asyncio.Task[None]) -> LLMError | None:
    """Return the error that work ended with.

    Raises:
        Exception: when it was a bug of ours.
    """
    error = None if work.cancelled() else work.exception()
    if error is None or isinstance(error, LLMError):
        return error
    raise error


def _refused_parameters(error: LLMError) -> frozenset[str]:
    """Return the parameters that the endpoint seems not to take: those that it names, else all that are hints."""
    if not isinstance(error, RefusedError) or not error.blames_request:
        return frozenset()
    said = f"{error.code} {error.detail}"
    return frozenset(name for name in OPTIONAL if re.search(rf"\b{name}\b", said)) or HINTS


async def _paused(attempt: int, deadline: Deadline) -> bool:
    """Wait before another attempt; return `False` when there is no time for one."""
    seconds = BACKOFF * 2**attempt * random.uniform(0.5, 1.5)
    if seconds >= deadline.left:
        return False
    await asyncio.sleep(seconds)
    return True


def _reason(parts: list[Answers], problem: LLMError | None, request_id: str) -> LLMError:
    """Return why there is no text."""
    if any(part.declined for part in parts):
        return DeclinedError("the model or its filter declined to answer", request_id=request_id)
    return problem or EmptyAnswerError("the answer has no text", request_id=request_id)


def _log(request: Request, completion: Completion, problem: LLMError | None) -> None:
    """Log how a request went; never what it said."""
    outcome = f"{type(problem).__name__}: {problem}" if problem else f"{len(completion.texts)} answers"
    request_id = completion.request_id or (problem.request_id if problem else "") or "no id"
    _logger.info("%s, %s: %s in %.2f s [%s]", request.strategy, request.model, outcome, completion.seconds, request_id)
