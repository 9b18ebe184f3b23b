"""`/v1/connections`: what a user has connected to; `/v1/catalog`: what is in it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query

from bestfix.surfaces.http.connecting import catalog_document, connected, connection_document
from bestfix.surfaces.http.databases.sample import SAMPLE
from bestfix.surfaces.http.models import CatalogDocument, ConnectionDocument, ConnectionsDocument, NewConnection
from bestfix.surfaces.http.problems import forbidden, missing
from bestfix.surfaces.http.routes.answers import PROBLEMS
from bestfix.surfaces.http.service import CurrentUser, TheService, sample_connection

__all__ = ["router"]

router = APIRouter(tags=["editor"], responses=PROBLEMS)
ConnectionId = Annotated[str, Path(max_length=100)]


@router.get("/v1/connections", summary="List connections")
async def listed(service: TheService, user: CurrentUser) -> ConnectionsDocument:
    """Return the user's connections, the sample database first."""
    own = await service.runs.run(partial(service.store.connections, user))
    return ConnectionsDocument(connections=[connection_document(c) for c in [sample_connection(), *own]])


@router.post("/v1/connections", status_code=201, summary="Connect to a database")
async def connect(asked: NewConnection, service: TheService, user: CurrentUser) -> ConnectionDocument:
    """Open a database that the operator allows, and remember it. What holds a password is stored sealed."""
    return await service.runs.run(partial(connected, service, user, asked))


@router.delete("/v1/connections/{name}", status_code=204, summary="Forget a connection")
async def forget(name: ConnectionId, service: TheService, user: CurrentUser) -> None:
    """Forget a connection; the database stays as it is."""
    if name == SAMPLE:
        raise forbidden("the sample database stays")
    if not await service.runs.run(partial(service.store.disconnect, user, name)):
        raise missing("connection")


@router.get("/v1/catalog", summary="Look into a database")
async def catalog(
    service: TheService, user: CurrentUser, connection: Annotated[str, Query(max_length=100)] = SAMPLE
) -> CatalogDocument:
    """Return the tables, columns, keys and functions of a connection's database."""
    return await service.runs.run(partial(catalog_document, service, user, connection))
