"""`POST /v1/events`: what became of a fix."""

from __future__ import annotations

from fastapi import APIRouter

from bestfix.surfaces.http.models import EventRequest
from bestfix.surfaces.http.routes.answers import PROBLEMS
from bestfix.surfaces.http.service import CurrentUser, TheService

__all__ = ["router"]

router = APIRouter(tags=["fixes"], responses=PROBLEMS)


@router.post("/v1/events", status_code=204, summary="Tell what became of a fix")
def event(told: EventRequest, service: TheService, user: CurrentUser) -> None:
    """Record what the user did with a fix, or what happened then; the ranking learns from it."""
    service.recorded(user).action(told.failure, told.action, told.candidate)
