"""Real databases: DuckDB and SQLite in memory, PostgreSQL as a temporary cluster on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SHOP = """
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name VARCHAR(40), country VARCHAR(40), joined DATE);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (customer_id), price NUMERIC(10, 2),
  status VARCHAR(10), ordered DATE
);
CREATE TABLE regions (region_code VARCHAR(5) PRIMARY KEY, country VARCHAR(40), population INTEGER);
INSERT INTO customers VALUES (1, 'Ada', 'France', '2020-01-05'), (2, 'Bob', 'Chile', '2021-07-01');
INSERT INTO orders VALUES (10, 1, 9.5, 'paid', '2022-03-01'), (11, 1, 20, 'open', '2022-03-02'), (12, 2, 3, 'paid', '2023-01-01');
INSERT INTO regions VALUES ('EU', 'France', 68), ('SA', 'Chile', 19);
"""  # noqa: E501 - rows
TABLES = ("customers", "orders", "regions")
MISSING = "the tests need a PostgreSQL server: run scripts/setup-postgres.sh (Debian: apt-get install postgresql)"


def _tool(name: str) -> str:
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        pytest.fail(MISSING)
    return str(Path(found).resolve())


def _unprivileged(folder: Path) -> list[str]:
    """Return what to put before a command, so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The connection string of a temporary cluster."""
    folder = Path(tempfile.mkdtemp(prefix="bestfix-postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user, data = _unprivileged(folder), str(folder / "data")
    control = _tool("pg_ctl")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    _run([*user, _tool("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"])
    start = [*user, control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start"]
    _run(start)
    try:
        yield f"host=127.0.0.1 port={port} user=postgres"
    finally:
        _run([*user, control, "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[Any]:
    """A psycopg connection to a fresh database with the shop's tables."""
    import psycopg

    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS shop")
        admin.execute("CREATE DATABASE shop")
    with psycopg.connect(f"{postgres_server} dbname=shop") as connection:
        connection.execute(SHOP)
        connection.commit()
        yield connection


@pytest.fixture
def sqlite() -> Iterator[sqlite3.Connection]:
    """An SQLite connection with the shop's tables."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SHOP)
    yield connection
    connection.close()


@pytest.fixture
def duck() -> Iterator[Any]:
    """A DuckDB connection with the shop's tables."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(SHOP)
    yield connection
    connection.close()


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def shop(request: pytest.FixtureRequest) -> Any:
    """A connection to the shop on each of the engines."""
    return request.getfixturevalue({"duckdb": "duck", "sqlite": "sqlite", "postgres": "postgres"}[request.param])


@pytest.fixture
def contents() -> Callable[[Any], list[list[Any]]]:
    """Everything that the shop's tables hold."""

    def read(connection: Any) -> list[list[Any]]:
        return [sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in TABLES]

    return read
