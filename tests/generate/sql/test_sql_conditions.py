"""Join conditions, on every engine: tables whose keys are called `id`, as most are."""

from __future__ import annotations

import sqlite3

import pytest

from bestfix import fix_sql
from bestfix.capture.catalog import catalog_from_json
from bestfix.config import Settings

ANYWAY = Settings(threshold=0.0)
SCHEMA = """
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER, price INTEGER);
CREATE TABLE visits (person_id INTEGER, day TEXT);
CREATE TABLE "2020_sales" ("1st" INTEGER, total INTEGER);
"""
JOINS = [
    ("SELECT name FROM orders o JOIN people p ON o.person = p.id", "ON o.person_id = p.id"),
    ("SELECT name FROM orders o JOIN people p ON o.pid = p.id", "ON o.person_id = p.id"),
    ("SELECT name FROM orders o JOIN people p ON o.person_id = p.person_id", "ON o.person_id = p.id"),
    ("SELECT name FROM orders o JOIN people p ON person_id = id", "ON person_id = p.id"),
    ("SELECT name FROM orders o JOIN people p ON id = id", "ON p.id = o.person_id"),
    ("SELECT name FROM orders o JOIN people p USING (person_id)", "ON o.person_id = p.id"),
    ("SELECT p.name FROM orders", "FROM orders JOIN people AS p ON orders.person_id = p.id"),
    ("SELECT price, day FROM orders", "FROM orders JOIN visits USING (person_id)"),
    ("SELECT price, person_id FROM orders JOIN visits ON person_id = person_id", "JOIN visits USING (person_id)"),
    (
        "SELECT * FROM orders JOIN visits ON person_id = person_id WHERE person_id = 3",
        "ON orders.person_id = visits.person_id WHERE orders.person_id = 3",
    ),
    ('SELECT total AS 1st FROM "2020_sales"', 'AS "1st"'),
    ("SELECT total FROM 2020_sales", 'FROM "2020_sales"'),
]


@pytest.fixture(scope="module")
def connection():
    made = sqlite3.connect(":memory:")
    made.executescript(SCHEMA)
    yield made
    made.close()


@pytest.mark.parametrize(("broken", "part"), JOINS)
def test_keys_join(connection, broken, part):
    decision = fix_sql(broken, connection=connection, settings=ANYWAY)
    assert part in (decision.code or ""), [s.text for s in decision.ranked]


def test_a_join_without_a_condition_gets_one():
    import duckdb

    with duckdb.connect() as duck:
        duck.execute(SCHEMA)
        broken = "SELECT name FROM orders o LEFT JOIN people p WHERE price > 3"
        fixed = fix_sql(broken, connection=duck, settings=ANYWAY).code
        assert fixed == "SELECT name FROM orders o LEFT JOIN people p ON o.person_id = p.id WHERE price > 3"


def test_a_column_that_is_compared_with_itself_stands_below(connection):
    broken = "SELECT name FROM orders o JOIN people p ON o.person_id = p.person_id"
    decision = fix_sql(broken, connection=connection, settings=ANYWAY)
    last = next(s for s in decision.ranked if "o.person_id = o.person_id" in s.text)
    assert last.verdict.notes == ("this compares `o.person_id` with itself",)


def test_a_query_that_begins_with_from(connection):
    assert fix_sql("FROM peple", connection=connection).code == "SELECT * FROM people"
    catalog = catalog_from_json({"dialect": "duckdb", "tables": [{"name": "people", "columns": ["id"]}]})
    error = "Catalog Error: Table with name peple does not exist!"
    assert fix_sql("FROM peple", error=error, catalog=catalog).code == "FROM people"


def test_a_condition_that_does_not_begin_with_on(connection):
    broken = "SELECT name FROM orders o JOIN people p AND o.person_id = p.id"
    assert fix_sql(broken, connection=connection, settings=ANYWAY).code == broken.replace("AND", "ON")
