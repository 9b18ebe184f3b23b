"""What the editor asks for: statements run and remembered, results found again or made again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bestfix.core import ErrorInfo
from bestfix.surfaces.http.databases.reading import reads
from bestfix.surfaces.http.databases.sample import SAMPLE
from bestfix.surfaces.http.models import (
    ColumnDocument,
    FailedStatement,
    PageDocument,
    ResultDocument,
    RunRequest,
    SpanDocument,
)  # fmt: skip
from bestfix.surfaces.http.problems import Problem, forbidden, missing, refused
from bestfix.surfaces.http.results.shelf import Kept, new_id
from bestfix.surfaces.http.results.spool import Page, Spool
from bestfix.surfaces.http.results.values import shortened
from bestfix.surfaces.http.running import Ran, Run
from bestfix.surfaces.http.service import Service
from bestfix.surfaces.http.state.store import Past

__all__ = ["Editing", "page_document"]


@dataclass(frozen=True, slots=True)
class Editing:
    """A user's work in the editor. Its calls block: they are made in threads.

    Attributes:
        service: the worker process.
        user: whose work it is.
    """

    service: Service
    user: str

    def begun(self, request: RunRequest) -> Run:
        """Return the run of a statement, not yet started.

        Raises:
            Problem: when there is no such connection, or it may not be written to.
        """
        if request.confirm and request.connection == SAMPLE and self.service.options.access.required:
            raise forbidden("the sample database is everybody's: it cannot be written to")
        pool, limits = self.service.pool(self.user, request.connection), self.service.options.limits
        return Run(pool, request.code, limits, write=request.confirm and not reads(request.code))

    def finished(self, request: RunRequest, run: Run) -> ResultDocument:
        """Run a statement, and remember it and its result.

        Raises:
            Problem: when it may not be run, or the database cannot be opened.
        """
        name, started = new_id(), dt.datetime.now(dt.UTC)
        ran = self._ran(run, request)
        if ran.spool is not None:
            self.service.shelf.put(name, Kept(self.user, run.engine, ran.spool))
        past = Past(
            id=name,
            connection=request.connection,
            code=request.code,
            started=started,
            seconds=ran.seconds,
            rows=ran.affected if ran.spool is None else ran.spool.known if ran.spool.complete else None,
            error=ran.error.message if ran.error is not None else "",
            wrote=run.write,
        )
        self.service.store.remember(self.user, past)
        return _result(name, ran, wrote=run.write)

    def spool(self, name: str) -> tuple[Spool, bool]:
        """Return the rows of a result, and whether the statement was run again for them.

        It is when this worker process does not have the result, or has stopped fetching it.

        Raises:
            Problem: when there is no such result, or its statement is none that can be run again.
        """
        kept = self.service.shelf.get(name, self.user)
        if kept is not None and (kept.spool.complete or not kept.spool.stopped):
            return kept.spool, False
        past = self.service.store.past(self.user, name)
        if past is None or past.error:
            raise missing("result")
        if past.wrote:
            raise Problem(410, "gone", "the rows of a statement that wrote are not kept for ever; it is not run again")
        run = Run(self.service.pool(self.user, past.connection), past.code, self.service.options.limits)
        ran = run.ran(0)
        if ran.spool is None:
            raise refused(f"the statement cannot be run again: {ran.error.message if ran.error else 'it has no rows'}")
        self.service.shelf.put(name, Kept(self.user, run.engine, ran.spool))
        return ran.spool, True

    def _ran(self, run: Run, request: RunRequest) -> Ran:
        """Run; a statement that may write goes when everybody who reads is out of its way."""
        if run.write:
            self.service.shelf.release(run.engine)
            self.service.pools.clear(run.engine)
        return run.ran(request.limit)


def page_document(page: Page, *, again: bool = False) -> PageDocument:
    """Return the document of a page."""
    rows = [[shortened(value) for value in row] for row in page.rows]
    return PageDocument(
        offset=page.offset, rows=rows, known=page.known, complete=page.complete, cut=page.cut, again=again
    )


def _result(name: str, ran: Ran, *, wrote: bool) -> ResultDocument:
    return ResultDocument(
        id=name,
        columns=[ColumnDocument(name=c.name, type=c.type) for c in ran.spool.columns] if ran.spool else [],
        page=page_document(ran.page) if ran.page else None,
        affected=ran.affected,
        wrote=wrote,
        seconds=ran.seconds,
        error=_failed(ran.error) if ran.error else None,
    )


def _failed(error: ErrorInfo) -> FailedStatement:
    span = SpanDocument(start=error.span.start, end=error.span.end) if error.span else None
    return FailedStatement(type=error.type, message=error.message, span=span)
