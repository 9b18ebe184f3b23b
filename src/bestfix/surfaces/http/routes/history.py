"""`/v1/history`: the statements that a user has run."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from bestfix.surfaces.http.models import HistoryDocument, PastDocument
from bestfix.surfaces.http.routes.answers import PROBLEMS
from bestfix.surfaces.http.service import CurrentUser, TheService

__all__ = ["router"]

router = APIRouter(tags=["editor"], responses=PROBLEMS)


@router.get("/v1/history", summary="List statements that were run")
async def listed(
    service: TheService,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: Annotated[str, Query(max_length=64, description="the id of the statement before which to go on")] = "",
    containing: Annotated[str, Query(max_length=200, description="a text in the statement")] = "",
) -> HistoryDocument:
    """Return the user's statements, the newest first."""
    search = partial(service.store.history, user, limit=limit, before=before, containing=containing)
    return HistoryDocument(statements=[PastDocument(**asdict(past)) for past in await service.runs.run(search)])


@router.delete("/v1/history", status_code=204, summary="Forget all statements")
async def forget(service: TheService, user: CurrentUser) -> None:
    """Forget the user's history."""
    await service.runs.run(partial(service.store.forget, user))
