"""`/healthz`, `/readyz`, `/metrics`: whether the process lives, whether it can serve, and what it does."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from bestfix.surfaces.http.service import CurrentUser, TheService

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Whether the process lives", response_class=PlainTextResponse)
async def healthz() -> PlainTextResponse:
    """Answer as long as the process lives."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", summary="Whether the service can serve", response_class=PlainTextResponse, responses={503: {}})
async def readyz(service: TheService) -> PlainTextResponse:
    """Answer 503 while the service's own database does not answer."""
    ready = await anyio.to_thread.run_sync(service.store.ready)
    return PlainTextResponse("ready\n" if ready else "the service's database does not answer\n", 200 if ready else 503)


@router.get("/metrics", summary="What Prometheus reads", response_class=PlainTextResponse)
async def metrics(service: TheService, _: CurrentUser) -> Response:
    """Return the measurements of all worker processes of this machine."""
    found = service.metrics
    for gate in (service.fixing.local, service.fixing.asking, service.runs):
        found.working.labels(gate.name).set(gate.running)
        found.waiting.labels(gate.name).set(gate.waiting)
    found.results.set(len(service.shelf))
    text = await anyio.to_thread.run_sync(found.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
