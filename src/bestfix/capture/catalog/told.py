"""What an engine's error tells of the database, where nothing else is known of it."""

from __future__ import annotations

import re

from bestfix.capture.catalog.stored import StoredCatalog
from bestfix.core import Column, ErrorInfo, Table
from bestfix.lang.sql import Query
from bestfix.lang.sql.tokens import unquoted

__all__ = ["catalog_of_error"]

_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_BINDING = re.compile(rf"{_NAME}(?:\.{_NAME})*")


def catalog_of_error(query: str, error: ErrorInfo, dialect: str) -> StoredCatalog:
    """Return the tables that a query reads, each with the columns that the engine proposes for one it does not know."""
    columns = tuple(Column(name) for name in _proposed(error.details.get("bindings", "")))
    if not columns:
        return StoredCatalog(dialect)
    shape = Query(query)
    read = {
        unquoted(shape.tokens[relation.names[-1]].text)
        for select in shape.selects
        for relation in select.relations
        if relation.names
    }
    return StoredCatalog(dialect, tuple(Table(name, columns) for name in sorted(read)))


def _proposed(bindings: str) -> list[str]:
    """Return the names of the columns that are proposed, their tables left out."""
    parts = (re.findall(_NAME, match[0]) for match in _BINDING.finditer(bindings))
    return list(dict.fromkeys(unquoted(names[-1]).rpartition(".")[2] for names in parts))
