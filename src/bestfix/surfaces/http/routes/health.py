"""`/healthz` and `/readyz`: whether the process lives, and whether it can serve."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from bestfix.surfaces.http.service import TheService

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
