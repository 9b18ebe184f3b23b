"""Binding: the engine's verdict without running anything."""

import pytest

from bestfix.capture.catalog.database import Database
from bestfix.validate.explain import binding

GOOD = [
    "SELECT name FROM customers",
    "SELECT name FROM customers WHERE customer_id = ? AND country = :country;",
    "SELECT name FROM customers WHERE country = %s",
    "SELECT name FROM customers WHERE customer_id = {{ customer }}",
    "WITH c AS (SELECT 1 AS a) SELECT a FROM c",
    "DELETE FROM orders",
    "UPDATE orders SET price = 0",
    "INSERT INTO regions VALUES ('X', 'Y', 1)",
]
REFUSED = [
    "SELECT 1; DELETE FROM orders",
    "DROP TABLE orders",
    "ANALYZE DELETE FROM orders",
    "(ANALYZE) DELETE FROM orders",
    "COMMIT",
    "PRAGMA writable_schema = 1",
    "",
]


@pytest.mark.parametrize("query", GOOD)
def test_what_binds(shop, query, contents):
    before = contents(shop)
    with binding(Database.of(shop)) as binder:
        assert binder.error(query) is None
        assert binder.error(query) is None
    assert contents(shop) == before


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_never_sent(shop, query, contents):
    before = contents(shop)
    with binding(Database.of(shop)) as binder:
        assert binder.error(query) is not None
    assert contents(shop) == before


def test_errors_stand_where_the_user_wrote(shop):
    query = "SELECT name\nFROM customers\nWHERE customer_id = {{ number }} AND nmae = 'x'"
    with binding(Database.of(shop)) as binder:
        found = binder.error(query)
    assert (found.type, found.span.of(query)) == ("UnknownColumn", "nmae")


def test_sqlite_syntax_errors_are_located(sqlite):
    query = "SELECT count(*), name, FROM customers WHERE name IN ('a', 'b')"
    with binding(Database.of(sqlite)) as binder:
        found = binder.error(query)
    assert found.span.of(query) == "FROM"


def test_a_string_that_hides_a_statement(shop, contents):
    before = contents(shop)
    with binding(Database.of(shop)) as binder:
        binder.error("SELECT '\\'; DELETE FROM orders; --'")
        binder.error("SELECT E'\\'; DELETE FROM orders; COMMIT; --'")
    assert contents(shop) == before


def test_the_open_transaction_goes_on(shop, contents):
    before = contents(shop)
    if type(shop).__module__ != "psycopg":
        shop.execute("BEGIN")
    shop.execute("DELETE FROM regions")
    with binding(Database.of(shop)) as binder:
        assert binder.error("SELECT nope FROM customers") is not None
        assert binder.error("SELECT name FROM customers") is None
    assert contents(shop)[2] == []
    shop.execute("ROLLBACK")
    assert contents(shop) == before


def test_autocommit_and_idle_connections_stay_idle(postgres):
    for autocommit in (False, True):
        postgres.commit()
        postgres.autocommit = autocommit
        with binding(Database.of(postgres)) as binder:
            assert binder.error("SELECT name FROM customers") is None
        assert int(postgres.info.transaction_status) == 0
