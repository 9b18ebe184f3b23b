"""What a client library must do for us; one module for each protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bestfix.generate.llm.answers import Answers
from bestfix.generate.llm.messages import Request

__all__ = ["HINTS", "OPTIONAL", "Body", "Provider"]

HINTS = frozenset({"logprobs", "prediction", "stream_options"})
"""Parameters that an answer is as good without."""
OPTIONAL = HINTS | {"max_tokens", "n", "temperature"}
"""Parameters that some endpoint does not take; `max_tokens` then goes by its newer name."""


class Body(Protocol):
    """An answer whose head has arrived."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, in any case."""

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """Return the chunks of the body as they arrive."""


class Provider(Protocol):
    """A connection to one endpoint in its protocol."""

    def open(self, request: Request, n: int, without: frozenset[str]) -> AbstractAsyncContextManager[Body]:
        """Send a request for `n` answers, leaving out the parameters that the endpoint does not take."""

    def read(self, event: Mapping[str, Any], answers: Answers) -> None:
        """Add what an event says to the answers; the empty event says that nothing more comes."""

    async def models(self) -> list[str]:
        """Return the names of the endpoint's models."""
