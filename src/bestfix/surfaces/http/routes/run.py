"""`POST /v1/run`: run a statement; `/v1/results`: read its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from bestfix.lang.sql.statements import statements
from bestfix.surfaces.http.client import while_connected
from bestfix.surfaces.http.databases.reading import reads
from bestfix.surfaces.http.editing import Editing, page_document
from bestfix.surfaces.http.models import (
    PageDocument,
    ResultDocument,
    RunRequest,
    StatementDocument,
    StatementsDocument,
    StatementsRequest,
)  # fmt: skip
from bestfix.surfaces.http.results.export import csv_of, parquet_of
from bestfix.surfaces.http.results.spool import Spool
from bestfix.surfaces.http.routes.answers import PROBLEMS
from bestfix.surfaces.http.service import CurrentUser, TheService

__all__ = ["router"]

router = APIRouter(tags=["editor"], responses=PROBLEMS)
ResultId = Annotated[str, Path(max_length=64, description="the id that the run answered with")]
Form = Annotated[Literal["csv", "parquet"], Query(alias="format")]
_FORMATS: dict[str, tuple[str, Callable[[Spool], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_of),
    "parquet": ("application/vnd.apache.parquet", parquet_of),
}


@router.post("/v1/statements", summary="Find the statements of a text")
def find_statements(asked: StatementsRequest, _: CurrentUser) -> StatementsDocument:
    """Return where the statements of a text stand, for running the one at the cursor. Nothing is run."""
    found = statements(asked.code, asked.dialect)
    parts = [StatementDocument(start=s.start, end=s.end, reads=reads(asked.code[s.start : s.end])) for s in found]
    return StatementsDocument(statements=parts)


@router.post("/v1/run", summary="Run a statement")
async def run(request: Request, asked: RunRequest, service: TheService, user: CurrentUser) -> ResultDocument:
    """Run one statement on a connection, and give the first page of its rows.

    It is run so that it can only read, unless it is confirmed. A statement that fails is answered 200 with its `error`.
    A client that goes, as by closing the request, stops the statement.
    """
    editing = Editing(service, user)
    begun = await service.runs.run(partial(editing.begun, asked))
    work = partial(service.runs.run, partial(editing.finished, asked, begun))
    return await while_connected(request, work, begun.stop)


@router.get("/v1/results/{name}", summary="Read rows of a result")
async def read(
    name: ResultId,
    service: TheService,
    user: CurrentUser,
    offset: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> PageDocument:
    """Return rows from any place of a result. Where it is not open any more, a statement that reads is run again."""

    def page() -> PageDocument:
        spool, again = Editing(service, user).spool(name)
        return page_document(spool.page(offset, limit), again=again)

    return await service.runs.run(page)


@router.get(
    "/v1/results/{name}/export",
    summary="Export a result",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind, _ in _FORMATS.values()}, "description": "The whole result."}},
)
async def export(name: ResultId, service: TheService, user: CurrentUser, form: Form = "csv") -> StreamingResponse:
    """Stream a whole result as CSV or Parquet."""
    spool, _ = await service.runs.run(partial(Editing(service, user).spool, name))
    media_type, writer = _FORMATS[form]
    headers = {"Content-Disposition": f'attachment; filename="result.{form}"'}
    return StreamingResponse(iterate_in_threadpool(writer(spool)), media_type=media_type, headers=headers)


@router.delete("/v1/results/{name}", status_code=204, summary="Close a result")
async def close(name: ResultId, service: TheService, user: CurrentUser) -> None:
    """Give up the rows of a result, and the statement where it still runs."""
    await service.runs.run(partial(service.shelf.drop, name, user))
