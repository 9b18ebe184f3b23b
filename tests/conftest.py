"""Real databases: DuckDB and SQLite in memory, PostgreSQL as a temporary cluster on loopback."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bestfix.evaluate.cluster import temporary_cluster

os.environ["BESTFIX_LOG_ENABLED"] = "off"  # no test writes to the log of who runs it; those of the log have their own

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make pictures` draw what the tests look at."""
    parser.addoption("--pictures", action="store_true", help="write docs/images/ from what the browser shows")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The connection string of a temporary cluster; a missing server fails the tests and says what to install."""
    with temporary_cluster() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[Any]:
    """A psycopg connection to a fresh database with the shop's tables."""
    import psycopg

    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS shop WITH (FORCE)")
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
