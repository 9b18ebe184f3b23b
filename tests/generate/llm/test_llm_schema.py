"""What is told of a database and of a session: what is near the failure, never everything."""

from __future__ import annotations

import pandas as pd
import pytest

from bestfix.capture import LiveContext, report_exception
from bestfix.capture.catalog import SqlContext, StoredCatalog
from bestfix.capture.redact import Veil
from bestfix.capture.sql_error import report_sql
from bestfix.core import Column, ForeignKey, Source, Table
from bestfix.generate.llm.briefing import brief
from bestfix.generate.llm.schema import Nearby, described
from bestfix.generate.llm.strategies import Options, load_strategies
from bestfix.lang.sql import Query

FILLER = tuple(Table(f"filler_{n}", (Column(f"thing_{n}"), Column("id"))) for n in range(500))
TO_CUSTOMERS = ForeignKey(("customer_id",), "customers", ("id",))
SHOP = (
    Table("customers", (Column("id", "INTEGER"), Column("full_name", "TEXT")), primary_key=("id",)),
    Table("orders", (Column("id"), Column("customer_id")), foreign_keys=(TO_CUSTOMERS,)),
    Table("items", (Column("order_id"), Column("sku")), foreign_keys=(ForeignKey(("order_id",), "orders", ("id",)),)),
    Table("wide", tuple(Column(f"measure_{n}", "REAL") for n in range(200)), primary_key=("measure_99",)),
)  # fmt: skip
CATALOG = StoredCatalog("postgres", (*FILLER, *SHOP))


def near(query: str, message: str = "syntax error") -> Nearby:
    return Nearby(Query(query), CATALOG, report_sql(Source("q", query), message, "postgres").error)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SELECT fullname FROM customers", ["customers", "orders"]),
        ("SELECT * FROM ordes", ["orders"]),
        ("SELECT skuu FROM nothing", ["items"]),
        ("SELECT o.id FROM orders o JOIN items i ON true", ["orders", "items", "customers"]),
    ],
)
def test_tables_near_a_query_come_first(query: str, first: list[str]) -> None:
    found = [table.name for table in near(query).tables()]
    assert found[: len(first)] == first
    assert len(found) <= 60


def test_of_a_wide_table_the_columns_near_the_query() -> None:
    nearby = near("SELECT measure_150, mesure_17 FROM wide")
    names = {column.name for column in nearby.columns(SHOP[3])}
    assert {"measure_150", "measure_17", "measure_99"} <= names
    assert len(names) == 30


def test_a_small_database_is_told_as_a_whole() -> None:
    small = StoredCatalog("sqlite", SHOP)
    report = report_sql(Source("q", "SELECT 1 FROM nowhere"), "no such table: nowhere", "sqlite")
    request = load_strategies(["direct"])[0]["direct"].request(brief(report, SqlContext(database=small)), Options("m"))
    assert all(f"table {table.name} (" in request.user for table in SHOP)
    assert "<dialect-" in request.user


def test_table_as_it_is_told() -> None:
    veil = Veil(lambda _: True)
    assert described(SHOP[1], SHOP[1].columns, veil) == (
        "table orders (id, customer_id, foreign key (customer_id) references customers (id))"
    )
    assert described(SHOP[0], SHOP[0].columns[:1], veil) == "table customers (id INTEGER, …, primary key (id))"


class Account:
    def __init__(self) -> None:
        self.owner = "Alice"

    def payments(self, since, *, limit=10):
        return since, limit

    @property
    def balance(self):
        raise AssertionError("a property must not run")


def told(code: str, **namespace: object) -> list[str]:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the code raises
        exec(compile(code, "<cell>", "exec"), namespace)
    report = report_exception(caught.value, Source("<cell>", code))
    context = LiveContext.of(namespace, caught.value)
    return list(brief(report, context).sections["session"].items)


def test_objects_that_the_code_names() -> None:
    frame = pd.DataFrame({"a b": [1], "when": pd.to_datetime(["2031-07-19"])})
    lines = told("df['x'], row, table, names, f\n", df=frame, row={"a": 1, "b": "x"}, table={"x": 1}, names=[1], f=told)
    assert lines[0].startswith("df: pandas.DataFrame of shape (1, 2); columns: 'a b' int64, 'when' datetime64[")
    assert "row: dict of 2; keys: 'a', 'b'" in lines
    assert "table: dict of 1" in lines
    assert "names: list of 1, the first a int" in lines
    assert "f: function (code, **namespace)" in lines


def test_attributes_like_the_missing_one() -> None:
    lines = told("account.paymets(3)", account=Account())
    assert lines[0].startswith("the object of the error: ")
    assert lines[0].endswith("Account; it has: payments")


def test_signatures_of_what_the_failing_line_calls() -> None:
    lines = told("account.payments(until=3)", account=Account())
    assert "account.payments: method (since, *, limit=...)" in lines


def test_names_like_the_missing_one() -> None:
    others = {f"other_{number}": number for number in range(200)}
    (line,) = told("print(custmers)", customers=[1], **others)
    assert line.startswith("also defined: customers (list), other_199 (int)")
    assert line.count(",") < 61
