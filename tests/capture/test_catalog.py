"""Catalogs of real databases, kept until DDL has run."""

import time

import pytest

from bestfix.capture.catalog import catalog_from_json
from bestfix.capture.catalog.database import Database, DatabaseError


def test_tables_columns_and_keys(shop):
    catalog = Database.of(shop).catalog()
    orders = catalog.table("ORDERS")
    assert [c.name for c in orders.columns] == ["order_id", "customer_id", "price", "status", "ordered"]
    assert orders.primary_key == ("order_id",)
    assert [(k.columns, k.table, k.references) for k in orders.foreign_keys] == [
        (("customer_id",), "customers", ("customer_id",))
    ]
    assert {t.name for t in catalog.having("Country")} == {"customers", "regions"}
    assert "lower" in catalog.functions()


def test_the_catalog_is_kept_until_ddl_has_run(shop):
    database = Database.of(shop)
    first = database.catalog()
    assert database.catalog() is first
    shop.execute("ALTER TABLE orders ADD COLUMN note VARCHAR(10)")
    if hasattr(shop, "commit"):
        shop.commit()
    assert "note" in database.catalog().table("orders").by_name


def test_reading_leaves_the_transaction_open(shop, contents):
    shop.execute("BEGIN") if type(shop).__module__ != "psycopg" else None
    shop.execute("DELETE FROM regions WHERE region_code = 'EU'")
    Database.of(shop).catalog()
    shop.execute("ROLLBACK")
    assert len(contents(shop)[2]) == 2


def test_a_failed_transaction_is_no_hindrance(postgres):
    with pytest.raises(Exception):  # noqa: B017, PT011 - psycopg's own
        postgres.execute("SELECT nope")
    assert Database.of(postgres).catalog().table("orders") is not None
    postgres.rollback()


def test_duckdb_schemas_of_the_search_path(duck):
    duck.execute("CREATE SCHEMA s; CREATE TABLE s.inner_table (a INTEGER); USE s")
    with Database.of(duck).session() as run:
        assert run("SELECT count(*) FROM inner_table") == [(0,)]


def test_urls_and_engines(tmp_path):
    import sqlalchemy

    path = tmp_path / "a.sqlite"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        assert Database.of(connection).dialect == "sqlite"
    for given in (engine, f"sqlite:///{path}", str(path)):
        database = Database.of(given)
        assert database.catalog().table("t") is not None
        database.connection.close()
    engine.dispose()
    with pytest.raises(DatabaseError):
        Database.of(object())


def test_json():
    catalog = catalog_from_json(
        {"dialect": "snowflake", "tables": [{"name": "t", "columns": ["a", {"name": "b", "type": "int"}]}]}
    )
    assert (catalog.dialect, [c.type for c in catalog.table("T").columns]) == ("snowflake", ["", "INT"])


def test_views_are_views(shop):
    shop.execute("CREATE VIEW open_orders AS SELECT order_id, price FROM orders WHERE status = 'open'")
    if hasattr(shop, "commit"):
        shop.commit()
    catalog = Database.of(shop).catalog()
    assert [(t.name, t.view) for t in (catalog.table("open_orders"), catalog.table("orders"))] == [
        ("open_orders", True),
        ("orders", False),
    ]
    assert [c.name for c in catalog.table("open_orders").columns] == ["order_id", "price"]


def test_duckdb_tells_ddl_by_the_numbers_of_objects(duck):
    known = [Database.of(duck).catalog() for _ in range(8)]
    assert known[0] is known[-1]
    for ddl, name in (("ALTER TABLE orders RENAME COLUMN price TO cost", "cost"), ("DROP TABLE regions", None)):
        duck.execute(ddl)
        catalog = Database.of(duck).catalog()
        assert name in catalog.table("orders").by_name if name else catalog.table("regions") is None


def test_duckdb_ddl_that_is_committed_later(duck):
    for _ in range(5):
        Database.of(duck).catalog()
    duck.execute("BEGIN; CREATE TABLE late (a INTEGER)")
    assert Database.of(duck).catalog().table("late") is None
    duck.execute("COMMIT")
    assert Database.of(duck).catalog().table("late") is not None


def test_ten_thousand_tables(duck):
    duck.execute(";".join(f"CREATE TABLE table_{n} (id INTEGER, name_{n} VARCHAR)" for n in range(10_000)))
    catalog = max((Database.of(duck).catalog() for _ in range(8)), key=id)
    started = time.process_time()
    assert Database.of(duck).catalog() is catalog
    assert time.process_time() - started < 0.04
