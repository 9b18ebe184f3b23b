"""Opening the database that a command names, with errors that say what to do and never a password."""

from __future__ import annotations

import importlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["ConnectError", "Opened", "opened"]

INSTALL = "pip install 'bestfix[sql]'"
_HEADERS = {"sqlite": (0, b"SQLite format 3\0"), "duckdb": (8, b"DUCK")}


class ConnectError(Exception):
    """A database cannot be opened; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database that commits each statement by itself.

    Attributes:
        connection: the driver's connection.
        cursor: what statements are run with.
        dialect: the SQL dialect.
    """

    connection: Any
    cursor: Any
    dialect: str


def opened(database: str, *, read_only: bool = False) -> Opened:
    """Open a file of DuckDB or SQLite, told apart by what it holds, or a URL.

    Args:
        database: a path, `:memory:` (DuckDB), or a URL.
        read_only: whether nothing may be written to it.

    Raises:
        ConnectError: when it cannot be opened.
    """
    scheme, separator, path = database.partition("://")
    if separator and scheme in {"sqlite", "duckdb"}:
        return _file(path.removeprefix("/") or ":memory:", scheme, read_only=read_only)
    if not separator:
        return _file(database, "", read_only=read_only)
    is_postgres = scheme.partition("+")[0] in {"postgres", "postgresql"}
    if read_only and not is_postgres:
        raise ConnectError(f"--read-only works with DuckDB, SQLite and PostgreSQL, not with {scheme}")
    try:
        if is_postgres:
            return _postgres(f"postgresql://{path}", read_only=read_only)
        return _through_sqlalchemy(database)
    except ConnectError:
        raise
    except Exception as error:  # noqa: BLE001 - every driver has its own exceptions, and some quote the URL
        raise ConnectError(f"cannot connect: {_without_password(_first_line(error), database)}") from None


def _file(name: str, dialect: str, *, read_only: bool) -> Opened:
    path = Path(name)
    if name != ":memory:" and not path.is_file():
        raise ConnectError(f"there is no database file {name}")
    dialect = dialect or ("duckdb" if name == ":memory:" else _told(path))
    try:
        return _sqlite(name, read_only=read_only) if dialect == "sqlite" else _duckdb(name, read_only=read_only)
    except ConnectError:
        raise
    except Exception as error:  # noqa: BLE001 - DuckDB's exceptions are known only once it is imported
        raise ConnectError(f"cannot open {name}: {_first_line(error)}") from None


def _told(path: Path) -> str:
    """Return the dialect of a database file by its header; of an empty one by its name."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError as error:
        raise ConnectError(f"cannot read {path}: {error.strerror or error}") from error
    for dialect, (at, mark) in _HEADERS.items():
        if head[at : at + len(mark)] == mark:
            return dialect
    if not head:
        return "duckdb" if path.suffix in {".duckdb", ".ddb"} else "sqlite"
    raise ConnectError(f"{path} is no database of DuckDB or SQLite")


def _sqlite(name: str, *, read_only: bool) -> Opened:
    if read_only and name != ":memory:":
        connection = sqlite3.connect(Path(name).resolve().as_uri() + "?mode=ro", uri=True, isolation_level=None)
    else:
        connection = sqlite3.connect(name, isolation_level=None)
    return Opened(connection, connection.cursor(), "sqlite")


def _duckdb(name: str, *, read_only: bool) -> Opened:
    connection = _module("duckdb").connect(name, read_only=read_only and name != ":memory:")
    return Opened(connection, connection, "duckdb")


def _postgres(url: str, *, read_only: bool) -> Opened:
    options = {"options": "-c default_transaction_read_only=on"} if read_only else {}
    connection = _module("psycopg").connect(url, autocommit=True, connect_timeout=10, **options)
    return Opened(connection, connection.cursor(), "postgres")


def _through_sqlalchemy(url: str) -> Opened:
    engine = _module("sqlalchemy").create_engine(url)
    connection = engine.raw_connection().driver_connection
    if hasattr(connection, "autocommit"):
        connection.autocommit = True
    return Opened(connection, connection.cursor(), str(engine.dialect.name))


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConnectError(f"this database needs {error.name or name}: {INSTALL}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _without_password(message: str, url: str) -> str:
    try:
        password = urlsplit(url).password
    except ValueError:
        return "the URL cannot be read"
    for secret in {password, unquote(password)} if password else ():
        message = message.replace(secret, "***")
    return message
