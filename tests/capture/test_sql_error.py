"""Engines' messages: every wording matches its own row, and the real engines' errors are read as what they are."""

import pytest

from bestfix.capture.sql_error import error_info
from bestfix.capture.sql_error.duckdb import DUCKDB
from bestfix.capture.sql_error.others import OTHERS
from bestfix.capture.sql_error.patterns import read
from bestfix.capture.sql_error.postgres import POSTGRES
from bestfix.capture.sql_error.sqlite import SQLITE


@pytest.mark.parametrize(
    ("table", "pattern"),
    [(table, pattern) for table in (DUCKDB, SQLITE, POSTGRES, OTHERS) for pattern in table],
    ids=lambda value: getattr(value, "example", "")[:50],
)
def test_each_wording_is_read_by_its_row(table, pattern):
    assert read(table, pattern.example).kind == pattern.kind


QUERIES = [
    ("SELECT nmae FROM customers", "UnknownColumn", "nmae"),
    ("SELECT c.nmae FROM customers c", "UnknownColumn", "nmae"),
    ("SELECT name FROM custmers", "UnknownTable", "custmers"),
    ("SELECT name FROM customers JOIN orders ON customer_id = 1", "AmbiguousColumn", "customer_id"),
    ("SELECT nosuch(1)", "UnknownFunction", "nosuch"),
    ("SELECT name FROM customers WHERE WHERE name = 'x'", "Syntax", "WHERE"),
]


@pytest.mark.parametrize(("query", "kind", "token"), QUERIES)
def test_real_errors(shop, query, kind, token):
    dialect = {"sqlite3": "sqlite", "psycopg": "postgres"}.get(type(shop).__module__, "duckdb")
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each engine has its own
        shop.execute(query).fetchall()
    found = error_info(query, raised.value, dialect)
    assert found.type == kind
    assert found.is_a("SqlError")
    assert found.span is not None
    assert found.span.of(query) == token


def test_hints_are_kept(duck):
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the engine's own
        duck.execute("SELECT nmae FROM customers")
    assert "name" in error_info("SELECT nmae FROM customers", raised.value, "duckdb").details["bindings"]


def test_the_wording_of_duckdb_1():
    query = "SELECT   average\nFROM t GROUP BY x"
    message = (
        'Binder Error: column "average" must appear in the GROUP BY clause or must be part of an aggregate function.\n'
        'Either add it to the GROUP BY list, or use "ANY_VALUE(average)" if the exact value is not important.\n\n'
        "LINE 1: SELECT   average\n                 ^"
    )
    found = error_info(query, message, "duckdb")
    assert (found.type, found.details["name"], found.span.of(query)) == ("GroupBy", "average", "average")


def test_what_no_row_matches_is_said_so():
    assert error_info("SELECT 1", "the disk is full", "duckdb").type == "DatabaseError"
