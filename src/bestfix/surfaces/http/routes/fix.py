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
from bestfix.surfaces.http.problems import Problem
from bestfix.surfaces.http.recorded import Recorded
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
    _check_length(failure, service.options.limits.text)
    lease = service.lease(user, failure.connection) if failure.connection else None
    recorded = service.recorded(user)
    decisions = service.fixing.decisions(failure, lease, recorded.settings)
    with service.watched():
        if _STREAM in request.headers.get("accept", ""):
            first = await while_connected(request, partial(anext, decisions))
            service.metrics.decided(failure.language, first)
            return EventSourceResponse(_events(first, decisions, recorded))
        last = await while_connected(request, partial(_last, decisions))
    service.metrics.decided(failure.language, last)
    shown = recorded.recorder.personal(last)
    document = wire.decision_to(shown, recorded.failure(shown))
    return Response(json.dumps(document), media_type="application/json")


def _check_length(failure: FixRequest, most: int) -> None:
    texts = (failure.code, *failure.sources.values(), *(cell.text for cell in failure.cells))
    if max(map(len, texts)) > most:
        raise Problem(413, "too_large", f"a program or query may have {most:,} characters")


async def _last(decisions: AsyncIterator[Decision]) -> Decision:
    async with aclosing(decisions):  # type: ignore[type-var]  # an async generator has `aclose`
        found = [decision async for decision in decisions]
    return found[-1]


async def _events(
    first: Decision, decisions: AsyncIterator[Decision], recorded: Recorded
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of the decisions, each recorded as the next one about the same failure."""
    name = ""
    async with aclosing(decisions):  # type: ignore[type-var]  # an async generator has `aclose`
        async for decision in _with(first, decisions):
            shown = recorded.recorder.personal(decision)
            name = recorded.failure(shown, after=name)
            yield ServerSentEvent(json.dumps(wire.decision_to(shown, name)), event="decision")


async def _with(first: Decision, decisions: AsyncIterator[Decision]) -> AsyncIterator[Decision]:
    yield first
    async for decision in decisions:
        yield decision
