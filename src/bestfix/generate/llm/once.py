"""No question is asked twice: who asks what is under way waits for that answer, and answers are kept for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from bestfix.core import Deadline
from bestfix.generate.llm.errors import LateError
from bestfix.generate.llm.messages import Completion, Request

__all__ = ["KEPT", "Model", "Once"]

KEPT = 256
"""Completions that are kept, the latest used."""
GRACE = 0.01
"""Seconds after the deadline in which a request that keeps it itself may say how it ended."""


class Model(Protocol):
    """What answers requests: a client, or something before one. It is used on the clients' event loop."""

    async def complete(self, request: Request, deadline: Deadline) -> Completion:
        """Return the model's answers.

        Raises:
            LLMError: when there is no text before the deadline.
        """


@dataclass(slots=True)
class _Flight:
    """A request that is under way, and how many wait for it."""

    task: asyncio.Task[Completion]
    waiting: int = 0


@dataclass(eq=False)
class Once:
    """A model that is asked each question once.

    Attributes:
        model: what is asked.
    """

    model: Model
    _kept: OrderedDict[Request, Completion] = field(default_factory=OrderedDict, init=False)
    _flights: dict[Request, _Flight] = field(default_factory=dict, init=False)

    async def complete(self, request: Request, deadline: Deadline) -> Completion:
        """Return the model's answers; the request is given up when nobody waits for it any more.

        Raises:
            LLMError: when there is no text before the deadline.
        """
        while True:
            if request in self._kept:
                self._kept.move_to_end(request)
                return self._kept[request]
            flight = self._flights.get(request)
            joined = flight is not None
            if flight is None:
                flight = self._flights[request] = _Flight(asyncio.create_task(self._fetch(request, deadline)))
            try:
                return await self._landed(request, flight, deadline)
            except LateError:
                if not joined or deadline.passed:
                    raise

    async def _landed(self, request: Request, flight: _Flight, deadline: Deadline) -> Completion:
        """Wait for a request that is under way."""
        flight.waiting += 1
        try:
            async with asyncio.timeout_at(deadline.at + GRACE):
                return await asyncio.shield(flight.task)
        except TimeoutError:
            raise LateError("not answered before the deadline") from None
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()
            if self._flights.get(request) is flight and (flight.task.done() or not flight.waiting):
                del self._flights[request]

    async def _fetch(self, request: Request, deadline: Deadline) -> Completion:
        completion = await self.model.complete(request, deadline)
        if all(completion.complete):
            self._kept[request] = completion
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return completion
