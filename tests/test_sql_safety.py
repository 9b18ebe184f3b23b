"""Whatever the query, proposing a fix changes no row and leaves the transaction as it was."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestfix import fix_sql

STATEMENTS = [
    "SELECT c.name, count(*) FROM customers c JOIN orders o ON c.customer_id = o.customer_id GROUP BY c.name",
    "SELECT name FROM customers WHERE country IN (SELECT country FROM regions WHERE population > 20) ORDER BY name",
    "DELETE FROM orders WHERE price > 3",
    "UPDATE orders SET status = 'open' WHERE customer_id = 1",
    "INSERT INTO regions (region_code, country, population) VALUES ('X', 'Y', 1)",
    "WITH big AS (SELECT * FROM orders WHERE price > 5) SELECT count(*) FROM big; DELETE FROM orders",
]
NOISE = ["", ",", "(", ")", ";", "'", '"', "AND", "DELETE FROM orders;", "COMMIT;", "--", "/*", "x", "$1", "{{ a }}"]


def digest(rows):
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STATEMENTS), st.integers(0, 30), st.integers(0, 3), st.sampled_from(NOISE))
def test_mutilated_queries_change_nothing(shop, contents, statement, at, dropped, noise):
    words = statement.split()
    at = min(at, len(words))
    broken = " ".join([*words[:at], noise, *words[at + dropped :]])
    before = digest(contents(shop))
    with contextlib.suppress(ValueError):
        decision = fix_sql(broken, connection=shop)
        assert not [f for f in decision.failures if "Timeout" not in f.error]
        assert all(s.text != broken for s in decision.ranked)
        assert all(s.candidate.patch.apply(broken) == s.text for s in decision.ranked)
    assert digest(contents(shop)) == before


@pytest.mark.parametrize(
    "broken", ["DELETE FROM ordrs", "UPDATE orders SET prise = 0", "INSERT INTO regions (region_kode) VALUES (1)"]
)
def test_dml_is_repaired_and_not_run(shop, contents, broken):
    before = digest(contents(shop))
    decision = fix_sql(broken, connection=shop)
    assert decision.ranked
    assert digest(contents(shop)) == before


def test_the_transaction_is_usable_after_a_fix_was_proposed(shop, contents):
    if type(shop).__module__ != "psycopg":
        shop.execute("BEGIN")
    shop.execute("DELETE FROM regions WHERE region_code = 'EU'")
    assert fix_sql("SELECT nmae FROM customers", connection=shop).code == "SELECT name FROM customers"
    assert len(contents(shop)[2]) == 1
    shop.execute("INSERT INTO regions VALUES ('N', 'Norway', 5)")
    shop.execute("ROLLBACK")
    assert len(contents(shop)[2]) == 2


def test_a_failed_transaction_can_still_be_rolled_back(postgres, contents):
    query = "SELECT nmae FROM customers"
    with pytest.raises(Exception) as raised:  # noqa: PT011 - psycopg's own
        postgres.execute(query)
    assert fix_sql(query, error=raised.value, connection=postgres).code == "SELECT name FROM customers"
    postgres.rollback()
    assert len(contents(postgres)[0]) == 2


def test_a_failed_duckdb_transaction(duck, contents):
    duck.execute("BEGIN")
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the engine's own
        duck.execute("SELECT nmae FROM customers")
    decision = fix_sql("SELECT nmae FROM customers", error=raised.value, connection=duck)
    assert decision.code == "SELECT name FROM customers"
    duck.execute("ROLLBACK")
    assert len(contents(duck)[0]) == 2


def test_long_queries(shop):
    items = ",\n".join(f"  c.customer_id + {n} AS item_{n}" for n in range(300))
    query = f"SELECT\n{items}\nFROM custmers c\nWHERE c.nmae = 'x'"
    fixed = query.replace("custmers", "customers").replace("nmae", "name")
    assert fix_sql(query, connection=shop).code == fixed
