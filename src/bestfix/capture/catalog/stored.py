"""A catalog in memory, and the JSON that it is read from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bestfix.core import Column, ForeignKey, Table

__all__ = ["StoredCatalog", "catalog_from_json"]


@dataclass(frozen=True, eq=False)
class StoredCatalog:
    """A catalog read from a database or given as data.

    Attributes:
        dialect: the SQL dialect of its engine.
        stored: every table and view.
        known_functions: the names of the functions; empty where not known.
    """

    dialect: str = "duckdb"
    stored: tuple[Table, ...] = ()
    known_functions: frozenset[str] = frozenset()

    def tables(self) -> Sequence[Table]:
        """Return every table and view."""
        return self.stored

    def table(self, name: str, schema: str = "") -> Table | None:
        """Return the table called `name`, of the given schema when one is named."""
        found = self._by_name.get(name.lower(), ())
        return next((t for t in found if not schema or t.schema.lower() == schema.lower()), None)

    def having(self, column: str) -> Sequence[Table]:
        """Return the tables that have a column of that name."""
        return self._by_column.get(column.lower(), ())

    def functions(self) -> Collection[str]:
        """Return the names of the functions."""
        return self.known_functions

    @cached_property
    def _by_name(self) -> dict[str, list[Table]]:
        found: dict[str, list[Table]] = {}
        for table in self.stored:
            found.setdefault(table.name.lower(), []).append(table)
        return found

    @cached_property
    def _by_column(self) -> dict[str, list[Table]]:
        found: dict[str, list[Table]] = {}
        for table in self.stored:
            for name in table.by_name:
                found.setdefault(name, []).append(table)
        return found


def catalog_from_json(data: Mapping[str, Any]) -> StoredCatalog:
    """Return the catalog that `data` describes.

    The form is `{"dialect": "snowflake", "tables": [{"name", "schema", "columns": [{"name", "type"} or "name"],
    "primary_key": [...], "foreign_keys": [{"columns", "table", "references"}]}], "functions": [...]}`; everything but
    the names of tables may be left out.

    Raises:
        KeyError: when a table, column or key lacks its name.
    """
    tables = tuple(_table(entry) for entry in data.get("tables", ()))
    functions = frozenset(str(name).lower() for name in data.get("functions", ()))
    return StoredCatalog(str(data.get("dialect", "duckdb")), tables, functions)


def _table(entry: Mapping[str, Any]) -> Table:
    columns = [{"name": c} if isinstance(c, str) else c for c in entry.get("columns", ())]
    keys = [
        ForeignKey(tuple(k["columns"]), str(k["table"]), tuple(k["references"])) for k in entry.get("foreign_keys", ())
    ]
    return Table(
        str(entry["name"]),
        tuple(Column(str(c["name"]), str(c.get("type", "")).upper()) for c in columns),
        schema=str(entry.get("schema", "")),
        primary_key=tuple(entry.get("primary_key", ())),
        foreign_keys=tuple(keys),
        view=bool(entry.get("view", False)),
    )
