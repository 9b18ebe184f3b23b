"""From a request to decisions: the local answer first, then better ones, each found in a thread."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from functools import cache, partial
from inspect import GEN_CLOSED, getgeneratorstate

import anyio
import anyio.to_thread

from bestfix.capture.catalog.database import Database
from bestfix.config import Settings
from bestfix.core import Decision, Language
from bestfix.engine import QuickFix
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.sql import stream_sql
from bestfix.surfaces import wire
from bestfix.surfaces.cli_fix import answer, failure_of
from bestfix.surfaces.http.documents import FixRequest
from bestfix.surfaces.http.gate import Gate
from bestfix.surfaces.http.problems import refused

__all__ = ["Fixing", "service_settings", "warm"]

Decisions = Generator[Decision, None, None]
Lease = Callable[[], AbstractContextManager[Database]]
"""Lends the database of a named connection for as long as the failure is worked on."""


def service_settings(settings: Settings, deadline: float) -> Settings:
    """Return settings as a service takes them: nothing is ever run, and no failure takes more than its share."""
    return replace(settings, verify="static", deadline=min(settings.deadline, deadline))


@cache
def warm() -> None:
    """Load, once a process, what its first failures would otherwise spend their time on."""
    settings = Settings(verify="static", network=False, deadline=60.0)
    answer(wire.Request("print(1"), settings)
    query, error = "SELECT a, avg(bb) FROM t GROUP BY a", wire.ErrorText(message='column "bb" does not exist')
    catalog = {"tables": [{"name": "t", "columns": ["a", "b"]}]}
    for dialect in ("duckdb", "sqlite", "postgres"):
        answer(wire.Request(query, language=Language.SQL, dialect=dialect, catalog=catalog, error=error), settings)


@dataclass(frozen=True, slots=True)
class Fixing:
    """How failures are worked on.

    Attributes:
        local: the gate to the work of this machine.
        asking: the gate to the waiting for a language model, which takes time and no processor.
    """

    local: Gate
    asking: Gate

    async def decisions(self, request: FixRequest, lease: Lease | None, settings: Settings) -> AsyncIterator[Decision]:
        """Yield the decisions about a failure, the last of which is not `pending`.

        Closing the iterator, or cancelling who awaits it, closes the questions to a model.

        Args:
            request: the failure.
            lease: for a query on a named connection, what lends its database.
            settings: how the engine behaves.

        Raises:
            Problem: when too many requests wait, or when the request tells no failure.
        """
        found = _found(request, lease, settings)
        gate = self.local
        try:
            while (decision := await gate.run(partial(_next, found))) is not None:
                yield decision
                if not decision.pending:
                    return
                gate = self.asking
        finally:
            if getgeneratorstate(found) != GEN_CLOSED:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(found.close)


def _found(request: FixRequest, lease: Lease | None, settings: Settings) -> Decisions:
    dialogue = Dialogue(request.previous)
    if lease is None:
        yield from QuickFix(settings).stream(*failure_of(request), dialogue=dialogue)
        return
    error = request.error.message if request.error is not None else None
    with lease() as database:
        decisions = stream_sql(
            request.code,
            error=error or None,
            connection=database,
            name=request.name,
            settings=settings,
            dialogue=dialogue,
        )
        with closing(decisions):
            yield from decisions


def _next(decisions: Decisions) -> Decision | None:
    """Return the next decision, closing the iterator behind the last."""
    try:
        decision = next(decisions, None)
    except (wire.WireError, ValueError) as error:
        raise refused(str(error)) from error
    if decision is not None and not decision.pending:
        decisions.close()
    return decision
