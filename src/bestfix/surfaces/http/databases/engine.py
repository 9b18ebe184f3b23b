"""What the service asks of each kind of database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bestfix.core import ErrorInfo

__all__ = ["Engine", "ResultColumn", "Running"]


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result.

    Attributes:
        name: its name.
        type: its type as the engine calls it; empty where the engine does not say.
    """

    name: str
    type: str = ""


class Running(Protocol):
    """A statement that has been started: DB-API's cursor, as far as it is used."""

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        """Return the next rows, at most `size`; none at the end."""

    def close(self) -> None:
        """Give up what is left."""


class Engine(Protocol):
    """A database that can be opened any number of times."""

    @property
    def dialect(self) -> str:
        """The SQL dialect."""

    def connect(self, *, write: bool = False) -> Any:
        """Return a connection of the driver's, which may only read unless `write`.

        Raises:
            Problem: when the database cannot be opened, or the operator does not allow it.
        """

    def reads(self, connection: Any, statement: str) -> bool:
        """Whether a statement is one that only reads, by its form; the connection has the last word."""

    def start(self, connection: Any, statement: str, *, write: bool) -> Running:
        """Run one statement.

        Raises:
            Exception: what the driver raises.
        """

    def columns(self, running: Any) -> tuple[ResultColumn, ...]:
        """Return the columns of the result; none for a statement that gives no rows."""

    def affected(self, running: Any) -> int | None:
        """Return how many rows a statement changed; `None` where it does not say."""

    def said(self, statement: str, error: Exception) -> ErrorInfo:
        """Return the error of a statement that was started here, its place in the statement."""

    def is_refused_write(self, error: Exception) -> bool:
        """Whether an error says that a connection that only reads was to write."""

    def warnings(self, connection: Any) -> tuple[str, ...]:
        """Return what the user had better change about the connection."""

    def interrupt(self, connection: Any) -> None:
        """Stop the statement that runs on a connection, from another thread."""

    def is_alive(self, connection: Any) -> bool:
        """Whether a connection that nothing runs on can still be used, as far as is known without asking."""

    def reset(self, connection: Any) -> bool:
        """Make a connection as good as new for the same user; say whether it is."""
