"""The link to one endpoint: its library, its key, its breaker, and what it wants of us."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from bestfix.core import Deadline
from bestfix.generate.llm.answers import Answers
from bestfix.generate.llm.breaker import Breaker
from bestfix.generate.llm.connections import Connections
from bestfix.generate.llm.endpoint import Endpoint
from bestfix.generate.llm.errors import (
    KeyRefusedError,
    LateError,
    LLMError,
    MissingLibraryError,
    NetworkForbiddenError,
)
from bestfix.generate.llm.foreign import request_id, translated
from bestfix.generate.llm.keys import Key, find_key
from bestfix.generate.llm.limits import hold_off
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.provider import Provider
from bestfix.generate.llm.stream import events

__all__ = ["Link"]

FAIR = 1.0
"""Seconds of silence that speak against an endpoint."""

_logger = logging.getLogger("bestfix.llm")


@dataclass(slots=True)
class Link:
    """What is known of one endpoint, and the way to it. It is used on the clients' event loop.

    Attributes:
        endpoint: the endpoint.
        shared: the thread and the pool.
        breaker: whether it works.
    """

    endpoint: Endpoint
    shared: Connections = field(repr=False)
    breaker: Breaker = field(default_factory=Breaker)
    _key: Key = field(default_factory=Key, init=False, repr=False)
    _provider: Provider | None = field(default=None, init=False, repr=False)
    _connecting: asyncio.Task[Provider] | None = field(default=None, init=False, repr=False)

    async def ready(self) -> Provider:
        """Return the library's connection, made in a thread of its own: imports and keyrings take their time.

        Raises:
            LLMError: when there is no library or no key, or nothing may be sent.
        """
        if not self.endpoint.network:
            raise NetworkForbiddenError("the settings forbid the network (network = false)")
        if self._provider is None:
            if self._connecting is None or self._connecting.done():
                self._connecting = asyncio.create_task(asyncio.to_thread(self._connect))
                self._connecting.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._provider = await asyncio.shield(self._connecting)
        return self._provider

    async def models(self, deadline: Deadline) -> list[str]:
        """Return the names of the endpoint's models.

        Raises:
            LLMError: when they could not be had.
        """
        try:
            async with asyncio.timeout_at(deadline.at):
                return await (await self.ready()).models()
        except TimeoutError:
            problem: LLMError = LateError("no list of models before the deadline")
        except Exception as error:  # noqa: BLE001 - libraries and endpoints may do anything
            problem = translated(error, self._key)
        raise problem

    async def wait_for_limit(self, deadline: Deadline) -> None:
        """Wait until the endpoint's rate limit allows a request.

        Raises:
            RateLimitedError: when that is after the deadline.
        """
        while held := self.breaker.held:
            if held >= deadline.left:
                raise self.breaker.limited()
            await asyncio.sleep(held + random.uniform(0, 0.05))

    async def send(self, request: Request, answers: Answers, without: frozenset[str], deadline: Deadline) -> None:
        """Send one HTTP request, fill the answers, and tell the breaker how that went.

        Args:
            request: the request.
            answers: where the answers go as they arrive.
            without: parameters that are left out.
            deadline: the deadline under which this runs.

        Raises:
            LLMError: when something went wrong; part of the answers may be there.
        """
        provider = await self.ready()
        admitted = self.breaker.admit()
        try:
            problem = await self._stream(provider, request, answers, without)
        except asyncio.CancelledError:
            self._cancelled(admitted, answers, deadline)
            raise
        if problem is not None and problem.dead:
            self._failed(admitted, problem)
        else:
            self._succeeded()
        if problem is not None:
            raise problem

    async def _stream(
        self, provider: Provider, request: Request, answers: Answers, without: frozenset[str]
    ) -> LLMError | None:
        """Read the answers to one HTTP request; return what went wrong."""
        try:
            async with provider.open(request, answers.wanted, without) as body:
                answers.request_id = request_id(body.headers)
                self._respect(body.headers)
                async for event in events(body.iter_bytes(), body.headers.get("content-type", "")):
                    answers.heard = True
                    provider.read(event, answers)
        except Exception as error:  # noqa: BLE001 - libraries and endpoints may do anything
            self._respect(getattr(getattr(error, "response", None), "headers", None) or {})
            return translated(error, self._key)
        return None

    def _respect(self, headers: Mapping[str, str]) -> None:
        if wait := hold_off(headers):
            self.breaker.hold(wait)

    def _cancelled(self, admitted: float, answers: Answers, deadline: Deadline) -> None:
        """Tell apart an endpoint that was silent until the deadline from a request that we gave up."""
        if answers.heard:
            self._succeeded()
        elif deadline.left < 0.005 and time.monotonic() - admitted >= FAIR:
            self._failed(admitted, LateError("nothing came before the deadline"))
        else:
            self.breaker.abandoned(admitted)

    def _succeeded(self) -> None:
        if self.breaker.succeeded():
            _logger.warning("%s answers again", self.endpoint)

    def _failed(self, admitted: float, problem: LLMError) -> None:
        if isinstance(problem, KeyRefusedError):
            self._provider = None
        if self.breaker.failed(admitted, problem):
            _logger.warning("%s is left alone for a while: %s", self.endpoint, self.breaker.reason)

    def _connect(self) -> Provider:
        self._key = find_key(self.endpoint)
        try:
            if self.endpoint.provider == "anthropic":
                from bestfix.generate.llm.anthropic_messages import AnthropicMessages

                return AnthropicMessages(self.endpoint, self._key, self.shared.http())
            from bestfix.generate.llm.openai_chat import OpenAIChat

            return OpenAIChat(self.endpoint, self._key, self.shared.http())
        except ImportError:
            extra = "anthropic" if self.endpoint.provider == "anthropic" else "llm"
        raise MissingLibraryError(f"asking this endpoint needs more packages: pip install 'bestfix[{extra}]'")
