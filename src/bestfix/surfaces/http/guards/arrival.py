"""A request must be small enough, and must have arrived in time."""

from __future__ import annotations

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bestfix.surfaces.http.problems import Problem

__all__ = ["ArrivalGuard"]


class ArrivalGuard:
    """Reads a request's body before anything else is done, and refuses one that is too large or too slow.

    Args:
        app: what comes behind.
        most: bytes of a body at most.
        patience: seconds in which it must have arrived.
    """

    def __init__(self, app: ASGIApp, most: int, patience: float) -> None:
        self._app, self._most, self._patience = app, most, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._body(scope, receive)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body; `None` when the client has gone."""
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._most:
            raise self._too_large()
        body = bytearray()
        try:
            with anyio.fail_after(self._patience):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self._most:
                        raise self._too_large()
        except TimeoutError:
            raise Problem(408, "too_slow", "the request did not arrive in time", {"Connection": "close"}) from None
        return bytes(body)

    def _too_large(self) -> Problem:
        message = f"a request may have {self._most:,} bytes"
        return Problem(413, "too_large", message, {"Connection": "close"})


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that has been read, and then whatever comes from the client."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
