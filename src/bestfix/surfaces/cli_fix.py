"""`bestfix fix`: the JSON door for editors and other programs."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Collection
from dataclasses import dataclass

from bestfix.config import Settings, SettingsError
from bestfix.core import Catalog, Context, Decision, EmptyContext, Language, Report, Source
from bestfix.core.tracing import stage
from bestfix.surfaces import wire
from bestfix.surfaces.card import emit

__all__ = ["answer", "failure_of", "fix"]

NO_ERROR = "error.message: is missing; a query is not run here"


def fix() -> int:
    """Answer the request on standard input; return 2 when it is no request."""
    try:
        request = wire.decoded(wire.Request, wire.loads(sys.stdin.buffer.read()))
        document = wire.decision_to(answer(request, Settings.load()))
    except (wire.WireError, SettingsError) as error:
        emit(json.dumps({"version": wire.VERSION, "error": str(error)}), sys.stdout)
        return 2
    emit(json.dumps(document), sys.stdout)
    return 0


def answer(request: wire.Request, settings: Settings) -> Decision:
    """Return the decision about a failure that came over a wire.

    Raises:
        WireError: when the request gives no error and its code compiles.
    """
    from bestfix.engine import QuickFix
    from bestfix.generate.llm.dialogue import Dialogue

    return QuickFix(settings).fix(*failure_of(request), dialogue=Dialogue(request.previous))


def failure_of(request: wire.Request) -> tuple[Report, Context]:
    """Return the failure that came over a wire, and what its program could see.

    Raises:
        WireError: when the request gives no error and its code compiles.
    """
    if request.language is not Language.SQL:
        with stage("capture"):
            return _report(request), _context(request)
    from bestfix.capture.catalog import SqlContext
    from bestfix.capture.catalog.told import catalog_of_error
    from bestfix.capture.sql_error import report_sql

    if request.error is None or not request.error.message:
        raise wire.WireError(NO_ERROR)
    catalog = _catalog(request)
    dialect = request.dialect or (catalog.dialect if catalog is not None else "duckdb")
    with stage("capture"):
        report = report_sql(Source(request.name, request.code), request.error.message, dialect)
    return report, SqlContext(database=catalog or catalog_of_error(request.code, report.error, dialect))


def _catalog(request: wire.Request) -> Catalog | None:
    from bestfix.capture.catalog import catalog_from_json

    if request.catalog is None:
        return None
    try:
        return catalog_from_json({"dialect": request.dialect or "duckdb", **request.catalog})
    except KeyError as error:
        raise wire.WireError(f"catalog: an entry lacks its {error.args[0]!r}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wire.WireError(f"catalog: {error}") from error


@dataclass(frozen=True, slots=True)
class _NamesOnly(EmptyContext):
    """A context in which names are known, but not what they are bound to."""

    defined: frozenset[str] = frozenset()

    def names(self) -> Collection[str]:
        """Return the names that are defined."""
        return self.defined


def _context(request: wire.Request) -> Context:
    """Return what a request tells: the names of the session, of the cells that ran, and Python's own."""
    from bestfix.lang.python.scope import bound_names

    if request.snapshot is not None:
        return request.snapshot
    ran = frozenset().union(*(bound_names(cell.text) for cell in request.cells if cell.ran))
    return _NamesOnly(request.cells, defined=ran | {*request.names, *vars(builtins)})


def _report(request: wire.Request) -> Report:
    from bestfix.capture import report_text

    given = request.error or wire.ErrorText()
    sources = {name: Source(name, text) for name, text in request.sources.items()}
    failing = Source(request.name, request.code)
    try:
        return report_text(failing, given.traceback, type=given.type, message=given.message, sources=sources)
    except ValueError as error:
        raise wire.WireError(f"error: is missing, and {error}") from error
