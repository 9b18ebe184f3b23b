"""`POST /v1/fix`: one answer, or the local one first and then better ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from bestfix.core import Decision
from bestfix.surfaces import wire
from bestfix.surfaces.http.client import while_connected
from bestfix.surfaces.http.documents import FixRequest, Wire
from bestfix.surfaces.http.routes.answers import PROBLEMS
from bestfix.surfaces.http.service import CurrentUser, TheService

__all__ = ["router"]

router = APIRouter(tags=["fixes"])
_STREAM = "text/event-stream"
_EXAMPLES = {
    "query": {
        "summary": "a query on a connection",
        "value": {
            "language": "sql",
            "code": "SELECT nmae FROM customers",
            "error": {"message": 'Binder Error: Referenced column "nmae" not found in FROM clause!'},
            "connection": "sample",
        },
    },
    "cell": {
        "summary": "a cell of Python",
        "value": {
            "code": "total = sum(pirces)",
            "error": {"type": "NameError", "message": "name 'pirces' is not defined"},
            "names": ["prices"],
        },
    },
}


@router.post(
    "/v1/fix",
    summary="Fix a failure",
    response_class=Response,
    responses={
        200: {
            "model": wire.Answer,
            "description": "The answer; with `Accept: text/event-stream` one event `decision` for each answer.",
            "content": {_STREAM: {"schema": {"type": "string"}}},
        },
        **PROBLEMS,
    },
)
async def fix(
    request: Request,
    failure: Annotated[FixRequest, Wire(FixRequest), Body(openapi_examples=_EXAMPLES)],
    service: TheService,
    user: CurrentUser,
) -> Response:
    """Find the fix for a failure that is told in full, or for a query that failed on a connection.

    Nothing is run: code is checked statically, and a query is bound on its connection. The request and the answer are
    the wire's (docs/wire.md). A client that goes cancels the work.
    """
    lease = service.lease(user, failure.connection) if failure.connection else None
    decisions = service.fixing.decisions(failure, lease)
    if _STREAM not in request.headers.get("accept", ""):
        return _json(await while_connected(request, partial(_last, decisions)))
    first = await while_connected(request, partial(anext, decisions))
    return EventSourceResponse(_events(first, decisions))


async def _last(decisions: AsyncIterator[Decision]) -> Decision:
    async with aclosing(decisions):  # type: ignore[type-var]  # an async generator has `aclose`
        found = [decision async for decision in decisions]
    return found[-1]


async def _events(first: Decision, decisions: AsyncIterator[Decision]) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(decisions):  # type: ignore[type-var]  # an async generator has `aclose`
        yield _event(first)
        async for decision in decisions:
            yield _event(decision)


def _event(decision: Decision) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(wire.decision_to(decision)), event="decision")


def _json(decision: Decision) -> Response:
    return Response(json.dumps(wire.decision_to(decision)), media_type="application/json")
