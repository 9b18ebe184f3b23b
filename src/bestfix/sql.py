"""The Python door to SQL: `bestfix.fix_sql`."""

from __future__ import annotations

from typing import Any

from bestfix.capture.catalog import SqlContext
from bestfix.capture.catalog.database import Database
from bestfix.capture.catalog.told import catalog_of_error
from bestfix.capture.sql_error import report_sql
from bestfix.config import Settings
from bestfix.core import Catalog, Decision, ErrorInfo, Language, Report, Source
from bestfix.engine import QuickFix
from bestfix.validate.explain import Binder, binding

__all__ = ["fix_sql"]


def fix_sql(  # noqa: PLR0913 - one keyword for each thing that may be known of a failure
    query: str,
    *,
    error: BaseException | str | None = None,
    connection: Any = None,
    catalog: Catalog | None = None,
    dialect: str | None = None,
    name: str = "<query>",
    settings: Settings | None = None,
) -> Decision:
    """Return the fix for a query that failed, or the decision to show nothing.

    The database is only asked to bind statements: nothing is run, and an open transaction stays as it is.

    Args:
        query: the failing statement, as the user wrote it, with its parameters and templates.
        error: the engine's exception or message; found by binding where not given.
        connection: the database: a native, DB-API or SQLAlchemy connection, an engine or a URL; give a
            `bestfix.capture.catalog.database.Database` to keep its catalog between calls.
        catalog: what the database holds, where there is no connection.
        dialect: the SQL dialect; that of the connection or catalog where not given.
        name: what the query is called in the diff.
        settings: how to behave; the user's own settings where not given.

    Raises:
        ValueError: when neither an error nor a connection is given, or the query binds and no error is given.
    """
    engine, source = QuickFix(settings or Settings.load()), Source(name, query)
    if connection is None:
        if error is None:
            raise ValueError("fix_sql needs the error, or a connection to find it with")
        spoken = dialect or (catalog.dialect if catalog is not None else "duckdb")
        report = report_sql(source, error, spoken)
        known = catalog or catalog_of_error(query, report.error, spoken)
        return engine.fix(report, SqlContext(database=known))
    database = Database.of(connection)
    context = SqlContext(database=catalog or database.catalog())
    with binding(database) as binder:
        report = Report(Language.SQL, source, _failure(source, error, binder))
        return engine.fix(report, context, binder if _agrees(report.error, error) else None)


def _failure(source: Source, error: BaseException | str | None, binder: Binder) -> ErrorInfo:
    """Return the error: as binding finds it, which knows its place best, or as it was given."""
    bound = binder.error(source.text)
    if bound is not None:
        return bound
    if error is None:
        raise ValueError("the query binds: there is no error to fix")
    return report_sql(source, error, binder.dialect).error


def _agrees(found: ErrorInfo, given: BaseException | str | None) -> bool:
    """Whether binding sees the same database as the user: not one whose temporary tables it cannot see."""
    return given is None or found.type != "UnknownTable" or found.details.get("name", "") in str(given)
