"""Connections and catalogs as documents. Its calls block: they are made in threads."""

from __future__ import annotations

import re
from contextlib import closing
from typing import cast

from bestfix.core import Table
from bestfix.surfaces.http.databases.engine import Engine
from bestfix.surfaces.http.models import (
    CatalogDocument,
    ColumnDocument,
    ConnectionDocument,
    ForeignKeyDocument,
    Kind,
    NewConnection,
    TableDocument,
)  # fmt: skip
from bestfix.surfaces.http.service import Service
from bestfix.surfaces.http.state.store import Connection

__all__ = ["catalog_document", "connected", "connection_document", "without_password"]

_PASSWORD = re.compile(r"(://[^:@/\s]*:)[^@\s]*(@)|(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)|([?&]password=)[^&\s]*")


def connection_document(connection: Connection, warnings: tuple[str, ...] = ()) -> ConnectionDocument:
    """Return the document of a connection."""
    return ConnectionDocument(
        id=connection.id,
        name=connection.name,
        kind=cast("Kind", connection.kind),
        target=connection.shown,
        warnings=list(warnings),
    )


def connected(service: Service, user: str, asked: NewConnection) -> ConnectionDocument:
    """Open a database once, and remember it.

    Raises:
        Problem: when it cannot be opened or is not allowed.
    """
    engine = service.policy.engine(asked.kind, asked.target)
    warnings = _warnings(engine)
    made = service.store.connect(user, asked.name, asked.kind, asked.target, without_password(asked.target))
    return connection_document(made, warnings)


def _warnings(engine: Engine) -> tuple[str, ...]:
    """Return what is better changed about a database that can be opened."""
    with closing(engine.connect()) as connection:
        return engine.warnings(connection)


def without_password(target: str) -> str:
    """Return a path or connection string with its password left out."""
    return _PASSWORD.sub(lambda m: f"{m[1] or m[3] or m[5]}***{m[2] or ''}", target)


def catalog_document(service: Service, user: str, connection: str) -> CatalogDocument:
    """Return what the database of a connection holds.

    Raises:
        Problem: when there is no such connection, or the database cannot be opened.
    """
    with service.pool(user, connection).database() as database:
        catalog = database.catalog()
        tables = [_table(table) for table in catalog.tables()]
        return CatalogDocument(dialect=database.dialect, tables=tables, functions=sorted(catalog.functions()))


def _table(table: Table) -> TableDocument:
    return TableDocument(
        name=table.name,
        schema=table.schema,
        view=table.view,
        columns=[ColumnDocument(name=column.name, type=column.type) for column in table.columns],
        primary_key=list(table.primary_key),
        foreign_keys=[
            ForeignKeyDocument(columns=list(key.columns), table=key.table, references=list(key.references))
            for key in table.foreign_keys
        ],
    )
