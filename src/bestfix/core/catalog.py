"""What a database holds, as far as repairing a query needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bestfix.core.context import Context

__all__ = ["Catalog", "Column", "DatabaseContext", "ForeignKey", "Table"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its type, as the engine writes it in upper case; empty where not known."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns of a table that refer to columns of another."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table or view.

    Attributes:
        name: its name without its schema.
        columns: its columns, in order.
        schema: the schema that it stands in; empty where there are none.
        primary_key: the columns of its primary key.
        foreign_keys: its references to other tables.
        view: whether it is a view.
    """

    name: str
    columns: tuple[Column, ...]
    schema: str = ""
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    view: bool = False

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Its columns by their names in lower case."""
        return {column.name.lower(): column for column in self.columns}


class Catalog(Protocol):
    """A database's tables and functions. Look-ups ignore case and are cheap."""

    def __hash__(self) -> int: ...

    @property
    def dialect(self) -> str:
        """The name of the SQL dialect that its engine speaks, such as `"duckdb"`."""

    def tables(self) -> Sequence[Table]:
        """Every table and view."""

    def table(self, name: str, schema: str = "") -> Table | None:
        """The table called `name`, of the given schema when one is named."""

    def having(self, column: str) -> Sequence[Table]:
        """The tables that have a column of that name."""

    def functions(self) -> Collection[str]:
        """The names of the functions, in lower case; empty where not known."""


class DatabaseContext(Context, Protocol):
    """The context of a query: what its database holds."""

    def catalog(self) -> Catalog:
        """Return the catalog of the database that the query ran on."""
