"""Repairs on the real engines: broken query → the fix that comes first."""

from __future__ import annotations

import pytest

from bestfix import fix_sql
from bestfix.capture.catalog import catalog_from_json
from bestfix.config import Settings

EVERYWHERE = [
    ("name FROM customers", "SELECT name FROM customers"),
    ("SELECT name FROM customers country = 'x'", "SELECT name FROM customers WHERE country = 'x'"),
    ("SELECT name FROM customers WHERE country 'x'", "SELECT name FROM customers WHERE country = 'x'"),
    (
        "SELECT name FROM customers WHERE country = 'x AND name = 'y'",
        "SELECT name FROM customers WHERE country = 'x' AND name = 'y'",
    ),
    ("SELECT name FROM customers WHERE country = x'", "SELECT name FROM customers WHERE country = 'x'"),
    ("SELECT max customer_id) FROM orders", "SELECT max(customer_id) FROM orders"),
    ("SELECT country, count(*) FROM customers BY country", "SELECT country, count(*) FROM customers GROUP BY country"),
    ("SELECT name customers", "SELECT name FROM customers"),
    ("SELECT nmae FROM customers", "SELECT name FROM customers"),
    ("SELECT name FROM customer", "SELECT name FROM customers"),
    ("SELECT name FORM customers", "SELECT name FROM customers"),
    ("SELECT name, country FROM FROM customers", "SELECT name, country FROM customers"),
    ("SELECT name country FROM customers", None),
    (
        "SELECT name FROM customers WHERE country = 'France' ORDER name",
        "SELECT name FROM customers WHERE country = 'France' ORDER BY name",
    ),
    ("SELECT count(* FROM customers", "SELECT count(*) FROM customers"),
    ("SELECT name FROM customers WHERE country = 'O'Brien'", "SELECT name FROM customers WHERE country = 'O''Brien'"),
    (
        "SELECT name FROM customers ORDER BY name WHERE country = 'x'",
        "SELECT name FROM customers WHERE country = 'x' ORDER BY name",
    ),
    (
        "SELECT o.name FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
        "SELECT c.name FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
    ),
    ("SELECT customers.name FROM customers AS c", "SELECT c.name FROM customers AS c"),
    (
        "SELECT customer_id, price FROM customers c JOIN orders o ON c.customer_id = o.customer_id",
        "SELECT c.customer_id, price FROM customers c JOIN orders o ON c.customer_id = o.customer_id",
    ),
    (
        "SELECT name, count(*) FROM customers WHERE count(*) > 1 GROUP BY name",
        "SELECT name, count(*) FROM customers GROUP BY name HAVING count(*) > 1",
    ),
    (
        "SELECT name FROM customers WHERE customer_id IN SELECT customer_id FROM orders",
        "SELECT name FROM customers WHERE customer_id IN (SELECT customer_id FROM orders)",
    ),
    (
        "SELECT price, name FROM orders",
        "SELECT price, name FROM orders JOIN customers USING (customer_id)",
    ),
    ("SELECT average(price) FROM orders", "SELECT avg(price) FROM orders"),
    ("SELECT TOP 2 name FROM customers", "SELECT name FROM customers LIMIT 2"),
    ("SELECT nmae FROM custmers WHERE cuntry = 'x'", "SELECT name FROM customers WHERE country = 'x'"),
    ("SELECT name FROM shop.customers", "SELECT name FROM customers"),
    ("SELECT nmae FROM customers WHERE customer_id = ?", "SELECT name FROM customers WHERE customer_id = ?"),
    ("SELECT name -- the name\n  FROM  custmers", "SELECT name -- the name\n  FROM  customers"),
]
STRICT = [
    ('SELECT name FROM customers WHERE country = "France"', "SELECT name FROM customers WHERE country = 'France'"),
    (
        "SELECT country, name, count(*) FROM customers GROUP BY country",
        "SELECT country, name, count(*) FROM customers GROUP BY country, name",
    ),
]
PER_ENGINE = [
    ("duckdb", "SELECT name, price + 1 AS p FROM customers, orders WHERE q > 2", None),
    ("duckdb", "SELECT joined FROM customers WHERE joined > DATEADD(day, -7, GETDATE())", None),
    ("postgres", 'SELECT "Name" FROM "Customers"', "SELECT name FROM customers"),
    ("postgres", "SELECT `name` FROM `customers`", "SELECT name FROM customers"),
    ("postgres", "SELECT name FROM customers LIMIT 1, 2", "SELECT name FROM customers LIMIT 2 OFFSET 1"),
    ("postgres", "SELECT name FROM customers WHERE name = 3", "SELECT name FROM customers WHERE name = '3'"),
    ("postgres", "SELECT * FROM (SELECT name FROM customers)", "SELECT * FROM (SELECT name FROM customers) AS t"),
    ("postgres", "SELECT CAST(price AS FLOAT64) FROM orders", "SELECT CAST(price AS DOUBLE PRECISION) FROM orders"),
    (
        "sqlite",
        "(SELECT name FROM customers) UNION (SELECT status FROM orders)",
        "SELECT name FROM customers UNION SELECT status FROM orders",
    ),
    ("sqlite", "SELECT name FROM customers WHERE name ILIKE 'a%'", "SELECT name FROM customers WHERE name LIKE 'a%'"),
    (
        "sqlite",
        "SELECT EXTRACT(YEAR FROM joined) FROM customers",
        "SELECT CAST(strftime('%Y', joined) AS INTEGER) FROM customers",
    ),
    ("sqlite", "SELECT name FROM customers HAVING country = 'x'", "SELECT name FROM customers WHERE country = 'x'"),
    ("sqlite", "SELECT name, country FROM customers UNION SELECT country FROM regions", None),
]


@pytest.mark.parametrize(("broken", "fixed"), EVERYWHERE)
def test_on_every_engine(shop, broken, fixed):
    if fixed is None:
        with pytest.raises(ValueError, match="binds"):
            fix_sql(broken, connection=shop)
        return
    assert fix_sql(broken, connection=shop).code == fixed


@pytest.mark.parametrize(("broken", "fixed"), STRICT)
@pytest.mark.parametrize("engine", ["duck", "postgres"])
def test_on_strict_engines(request, engine, broken, fixed):
    assert fix_sql(broken, connection=request.getfixturevalue(engine)).code == fixed


@pytest.mark.parametrize(("engine", "broken", "fixed"), PER_ENGINE)
def test_on_one_engine(request, engine, broken, fixed):
    connection = request.getfixturevalue("duck" if engine == "duckdb" else engine)
    decision = fix_sql(broken, connection=connection, settings=Settings(threshold=0.0))
    assert decision.ranked
    connection.execute(decision.ranked[0].text).fetchall()
    if fixed is not None:
        assert decision.ranked[0].text == fixed


def test_a_run_time_error_is_repaired(duck):
    query = "SELECT name FROM customers WHERE customer_id = (SELECT customer_id FROM orders)"
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the engine's own
        duck.execute(query).fetchall()
    fixed = "SELECT name FROM customers WHERE customer_id IN (SELECT customer_id FROM orders)"
    assert fix_sql(query, error=raised.value, connection=duck).code == fixed


def test_what_is_dropped_is_said_and_ranks_below(sqlite):
    decision = fix_sql("SELECT name FROM customers WHERE country = = 'x'", connection=sqlite)
    keeping = [s for s in decision.ranked if "'x'" in s.text]
    assert decision.ranked[0] in keeping
    dropping = [s for s in decision.ranked if "WHERE" not in s.text]
    assert all("drop" in s.candidate.reason for s in dropping)


def test_by_dialect_and_catalog_alone():
    catalog = catalog_from_json({"dialect": "snowflake", "tables": [{"name": "people", "columns": ["name", "age"]}]})
    error = "SQL compilation error: error line 1 at position 7 invalid identifier 'NMAE'"
    assert fix_sql("SELECT nmae FROM people", error=error, catalog=catalog).code == "SELECT name FROM people"


def test_neither_error_nor_connection():
    with pytest.raises(ValueError, match="connection"):
        fix_sql("SELECT 1")
