"""What people forget or write in another form, on every engine: broken query → the fix that comes first."""

from __future__ import annotations

import pytest

from bestfix import fix_sql
from bestfix.config import Settings

ANYWAY = Settings(threshold=0.0)

EVERYWHERE = [
    ("SELECT name, row_number() OVER ORDER BY name FROM customers", "row_number() OVER (ORDER BY name) FROM"),
    ("SELECT name, rank() (ORDER BY name) FROM customers", "rank() OVER (ORDER BY name)"),
    ("SELECT name, rank OVER (ORDER BY name) FROM customers", "rank() OVER (ORDER BY name)"),
    ("SELECT name, rank() FROM customers ORDER BY name", "rank() OVER (ORDER BY name) FROM customers ORDER BY name"),
    ("SELECT name, row_number() OVER (ORDER BY name PARTITION BY country) FROM customers", "BY country ORDER BY name)"),
    ("SELECT name FROM customers WHERE country NOT IS NULL", "country IS NOT NULL"),
    ("SELECT name FROM customers WHERE country = IS NULL", "country IS NULL"),
    ("SELECT name FROM customers WHERE country = = NULL", "country IS NULL"),
    ("SELECT name FROM customers WHERE customer_id BETWEEN 1 TO 3", "BETWEEN 1 AND 3"),
    ("SELECT DISTINCT name, DISTINCT country FROM customers", "DISTINCT name, country FROM"),
    ("SELECT CASE WHEN price > 3 THEN 'a' ELSE 'b' FROM orders", "'b' END FROM"),
    ("SELECT CASE WHEN price > 3 'a' ELSE 'b' END FROM orders", "price > 3 THEN 'a'"),
    ("SELECT CASE price > 3 THEN 'a' ELSE 'b' END FROM orders", "CASE WHEN price"),
    ("WITH a (SELECT name FROM customers) SELECT * FROM a", "WITH a AS (SELECT"),
    ("WITH a AS SELECT name FROM customers SELECT * FROM a", "AS (SELECT name FROM customers) SELECT"),
    ("SELECT name FROM customers c JOIN orders o c.customer_id = o.customer_id", "orders o ON c.customer_id"),
    ("SELECT name FROM customers WHERE country = 'x' name = 'y'", "'x' AND name"),
    ("SELECT name FROM customers GROUP BY name WHERE country = 'x'", "WHERE country = 'x' GROUP BY name"),
    ("SELECT name, country FROM customers UNION SELECT country FROM regions", "UNION SELECT country, country FROM"),
    ("INSERT INTO regions (region_code, country) VALUES ('X', 'Y', 3)", "(region_code, country, population)"),
    (
        "INSERT INTO regions (region_code, country) SELECT region_code, country, population FROM regions",
        "population) S",
    ),
    ("INSERT INTO regions VALUES ('X', 'Y', 3, 4)", "('X', 'Y', 3)"),
    ("INSERT INTO regions VALUES ('X', 'Y', 1), ('Z', 'u')", "('Z', 'u', NULL)"),
    ("INSERT regions VALUES ('X', 'Y', 3)", "INSERT INTO regions"),
    ("INSERT INTO regions region_code, country VALUES ('X', 'Y')", "(region_code, country)"),
    ("UPDATE customers name = 'a' WHERE customer_id = 1", "customers SET name = 'a' WHERE customer_id = 1"),
    ("DELETE customers WHERE customer_id = 1", "DELETE FROM customers WHERE customer_id = 1"),
    ("DELETE * FROM customers WHERE customer_id = 1", "DELETE FROM customers WHERE customer_id = 1"),
    (
        "SELECT name FROM customers; SELECT nmae FROM customers",
        "SELECT name FROM customers; SELECT name FROM customers",
    ),
    ("SELECT nmae FROM customers; SELECT price FROM orders;", "SELECT name FROM customers; SELECT price FROM orders;"),
    (
        "CREATE TABLE made (a INTEGER); SELECT a FROM made; SELECT nmae FROM customers",
        "made; SELECT name FROM customers",
    ),
    ("CREATE TABLE made AS SELECT nmae FROM customers", "CREATE TABLE made AS SELECT name FROM customers"),
    ("EXPLAIN SELECT nmae FROM customers", "EXPLAIN SELECT name FROM customers"),
]
LATE = [
    "SELECT name FROM customers WHERE row_number() OVER (ORDER BY name) = 1",
    "SELECT name, row_number() OVER (ORDER BY name) AS n FROM customers WHERE n = 1",
    "SELECT name, row_number() OVER (ORDER BY name) AS n FROM customers WHERE country <> 'x' AND n = 1 ORDER BY name",
    "SELECT name FROM customers WHERE count(*) OVER () = 2 AND customer_id = 1",
]
CONVERSIONS = [
    ("SELECT name FROM customers WHERE joined = '31/12/2020'", "joined = '2020-12-31'"),
    ("SELECT name FROM customers WHERE joined > '2020-13-01'", "joined > '2020-01-13'"),
    ("SELECT CAST('1,200' AS INTEGER)", "CAST('1200' AS INTEGER)"),
    ("INSERT INTO customers VALUES (7, 'x', 'y', '2020/31/12')", "'2020-12-31'"),
]


@pytest.mark.parametrize(("broken", "part"), EVERYWHERE)
def test_forms(shop, broken, part):
    decision = fix_sql(broken, connection=shop, settings=ANYWAY)
    assert part in decision.ranked[0].text
    assert decision.ranked[0].candidate.patch.apply(broken) == decision.ranked[0].text


@pytest.mark.parametrize("broken", LATE)
def test_windows_are_filtered_late(shop, broken):
    best = fix_sql(broken, connection=shop, settings=ANYWAY).ranked[0]
    assert ("QUALIFY" in best.text) == (type(shop).__module__.startswith(("duckdb", "_duckdb")))
    assert [row[0] for row in shop.execute(best.text).fetchall()] == ["Ada"] or "count" in best.text


@pytest.mark.parametrize("engine", ["duck", "postgres"])
@pytest.mark.parametrize(("broken", "part"), CONVERSIONS)
def test_values_that_cannot_be_converted(request, engine, broken, part):
    connection = request.getfixturevalue(engine)
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the engine's own
        connection.execute(broken).fetchall()
    assert part in fix_sql(broken, error=raised.value, connection=connection).code


def test_values_of_rows_that_cannot_be_converted(duck):
    duck.execute("CREATE TABLE raw (amount VARCHAR); INSERT INTO raw VALUES ('12'), ('n/a')")
    query = "SELECT CAST(amount AS INTEGER) FROM raw"
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the engine's own
        duck.execute(query).fetchall()
    assert fix_sql(query, error=raised.value, connection=duck).code == "SELECT TRY_CAST(amount AS INTEGER) FROM raw"


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("SELECT nmae FROM customers WHERE country = NULL", "SELECT name FROM customers WHERE country IS NULL"),
        ("SELECT name FROM customers WHERE country <> NULL", "SELECT name FROM customers WHERE country IS NOT NULL"),
        (
            "UPDATE customers SET name = NULL WHERE cuntry = NULL",
            "UPDATE customers SET name = NULL WHERE country IS NULL",
        ),
    ],
)
def test_comparisons_with_null(shop, broken, fixed):
    decision = fix_sql(broken, connection=shop, settings=ANYWAY)
    assert decision.code == fixed
    assert "nothing is equal to NULL" in decision.reason


@pytest.mark.parametrize(
    ("broken", "part"),
    [
        ("> ALL (SELECT price FROM orders)", "> (SELECT MAX(price) FROM orders)"),
        ("< ANY (SELECT price FROM orders)", "< (SELECT MAX(price) FROM orders)"),
        ("> SOME (SELECT price FROM orders)", "> (SELECT MIN(price) FROM orders)"),
        ("= ANY (SELECT price FROM orders)", "IN (SELECT price FROM orders)"),
    ],
)
def test_sqlite_has_no_all_and_no_any(sqlite, broken, part):
    fixed = fix_sql(f"SELECT name FROM customers WHERE customer_id {broken}", connection=sqlite, settings=ANYWAY).code
    assert fixed == f"SELECT name FROM customers WHERE customer_id {part}"


def test_postgres_groups_by_the_key_of_the_row(postgres):
    joined = "FROM customers c JOIN orders o ON c.customer_id = o.customer_id"
    query = f"SELECT c.name, c.country {joined} GROUP BY {{}}.customer_id"
    assert fix_sql(query.format("o"), connection=postgres, settings=ANYWAY).code == query.format("c")


def test_postgres_orders_nulls_by_words_of_its_own(postgres):
    query = "SELECT price * 2 AS x FROM orders ORDER BY {}"
    broken = query.format("CASE WHEN x IS NULL THEN 1 ELSE 0 END DESC, x DESC")
    assert fix_sql(broken, connection=postgres, settings=ANYWAY).code == query.format("x DESC NULLS FIRST")


def test_a_cast_is_written_as_the_engine_has_it(postgres):
    fixed = fix_sql("SELECT name FROM customers WHERE joined LIKE '2020%'", connection=postgres, settings=ANYWAY).code
    assert fixed == "SELECT name FROM customers WHERE joined::TEXT LIKE '2020%'"


SLIPS = [
    ("SELECT name FROM customers WHERE country = Chile", "country = 'Chile'"),
    ("SELECT name FROM customers WHERE country IN ('France', Chile)", "('France', 'Chile')"),
    ("SELECT name FROM customers WHERE country = New Zealand", "country = 'New Zealand'"),
    ("SELECT name FROM customers WHERE country = ‘Chile’", "country = 'Chile'"),
    ("SELECT name FROM customers WHERE country <> Chile'", "country <> 'Chile'"),
    ("SELECT count * FROM customers", "SELECT count(*) FROM"),
    ("SELECT cnt(*) FROM customers", "SELECT count(*) FROM"),
    ("SELECT name FROM customers WHERE country >< 'Chile'", "country <> 'Chile'"),
    ("SELECT name FROM customers WHERE country = LIKE 'C%'", "country LIKE 'C%'"),
    ("SELECT name FROM customers WHERE country =/= 'Chile'", "country <> 'Chile'"),
    (
        "SELECT t1.name FROM customers JOIN orders AS t2 ON t1.customer_id = t2.customer_id",
        "FROM customers AS t1 JOIN orders AS t2",
    ),
    ("SELECT c,name FROM customers c JOIN orders o ON c.customer_id = o.customer_id", "SELECT c.name FROM"),
    ("SELECT c..name FROM customers c", "SELECT c.name FROM"),
    (
        "SELECT o.price, c name FROM customers c JOIN orders o ON c.customer_id = o.customer_id",
        "SELECT o.price, c.name FR",
    ),
    (
        "SELECT name FROM customers orders ON orders.customer_id = customers.customer_id",
        "FROM customers JOIN orders ON",
    ),
    ("SELECT name FROM customers WHERE name CONTAINS 'a%'", "LIKE 'a%'"),
    (
        "SELECT name FROM customers WHERE customer_id IN SELECT customer_id FROM orders EXCEPT SELECT 3",
        "IN (SELECT customer_id FROM orders EXCEPT SELECT 3)",
    ),
    ("SELECT max(price) min(price) FROM orders", "SELECT max(price), min(price) FROM"),
]


@pytest.mark.parametrize(("broken", "part"), SLIPS)
def test_slips_of_the_hand(sqlite, broken, part):
    decision = fix_sql(broken, connection=sqlite, settings=ANYWAY)
    assert part in (decision.code or ""), [s.text for s in decision.ranked]
