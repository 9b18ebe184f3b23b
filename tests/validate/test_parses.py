"""Queries checked without their database: dialects that are known, but not connected to."""

from __future__ import annotations

import pytest

from bestfix import fix_sql
from bestfix.capture.catalog import catalog_from_json
from bestfix.capture.sql_error import error_info
from bestfix.config import Settings
from bestfix.core import Outcome
from bestfix.validate.parses import Parser

TABLES = [
    {
        "name": "people", "primary_key": ["id"],
        "columns": [{"name": "id", "type": "INT"}, {"name": "name", "type": "STRING"}, {"name": "city"}],
    },
    {"name": "orders", "primary_key": ["id"], "columns": ["id", "person_id", "price", "day"]},
]  # fmt: skip
FIXES = [
    (
        "databricks",
        "SELECT nmae FROM people",
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nmae` cannot be resolved.",
        "SELECT name FROM people",
    ),
    (
        "spark",
        "SELECT name FORM people",
        "[PARSE_SYNTAX_ERROR] Syntax error at or near 'people'. SQLSTATE: 42601 (line 1, pos 17)",
        "SELECT name FROM people",
    ),
    (
        "spark",
        "SELECT city, name, count(*) FROM people GROUP BY city",
        '[MISSING_AGGREGATION] The non-aggregating expression "name" is based on columns',
        "SELECT city, name, count(*) FROM people GROUP BY city, name",
    ),
    (
        "snowflake",
        "SELECT p.nmae, o.prise FROM people p JOIN orders o ON o.person = p.id",
        "error line 1 at position 7\ninvalid identifier 'P.NMAE'",
        "SELECT p.name, o.price FROM people p JOIN orders o ON o.person_id = p.id",
    ),
    (
        "snowflake",
        'SELECT name FROM people WHERE city = "Paris"',
        "error line 1 at position 37 invalid identifier '\"Paris\"'",
        "SELECT name FROM people WHERE city = 'Paris'",
    ),
    (
        "bigquery",
        "SELECT name FROM people ORDER BY nam",
        "Unrecognized name: nam; Did you mean name? at [1:34]",
        "SELECT name FROM people ORDER BY name",
    ),
    (
        "bigquery",
        "SELECT name, FROM people WERE city = 'x'",
        'Syntax error: Expected end of input but got identifier "city" at [1:32]',
        "SELECT name, FROM people WHERE city = 'x'",
    ),
    (
        "mysql",
        'SELECT nam FROM people WHERE city = "x"',
        "Unknown column 'nam' in 'field list'",
        'SELECT name FROM people WHERE city = "x"',
    ),
    (
        "mysql",
        "SELECT name FROM people ORDER name",
        "You have an error in your SQL syntax; check the manual to use near 'name' at line 1",
        "SELECT name FROM people ORDER BY name",
    ),
    ("tsql", "SELECT name FROM people LIMIT 5", "Incorrect syntax near 'LIMIT'.", "SELECT TOP 5 name FROM people"),
    (
        "tsql",
        "SELECT name FROM people ORDER BY name LIMIT 5 OFFSET 10",
        "Incorrect syntax near 'LIMIT'.",
        "SELECT name FROM people ORDER BY name OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY",
    ),
    (
        "tsql",
        "SELECT LENGTH(name) FROM people",
        "'LENGTH' is not a recognized built-in function name.",
        "SELECT LEN(name) FROM people",
    ),
    (
        "tsql",
        "SELECT city FROM people WHERE COUNT(*) > 3 GROUP BY city",
        "An aggregate may not appear in the WHERE clause unless it is in a subquery",
        "SELECT city FROM people GROUP BY city HAVING COUNT(*) > 3",
    ),
]
WRONG = [
    ("SELECT name FROM people WHERE", "Syntax", ""),
    ("SELECT (name FROM people", "Syntax", ""),
    ("SELECT name FROM folk", "UnknownTable", "folk"),
    ("SELECT p.nmae FROM people p", "UnknownColumn", "nmae"),
    ("SELECT price FROM people", "UnknownColumn", "price"),
    ("SELECT o.price FROM people p", "UnknownAlias", "o"),
    ("WITH t AS (SELECT id FROM people) SELECT name FROM t", "UnknownColumn", "name"),
    ("SELECT name FROM people; DELETE FROM people", "Syntax", ""),
]
RIGHT = [
    "SELECT name AS n FROM people p WHERE EXISTS (SELECT 1 FROM orders o WHERE o.person_id = p.id) ORDER BY n",
    "WITH t AS (SELECT *, price * 2 AS twice FROM orders) SELECT twice, anything FROM t",
    "SELECT name, row_number() OVER (PARTITION BY city ORDER BY name) AS r FROM people",
    "SELECT name FROM people WHERE id = :id AND city = {{ city }}",
    "SELECT name FROM people UNION ALL SELECT day FROM orders",
    "UPDATE people SET name = 'x' WHERE id = 1",
]
DIALECTS = ("databricks", "spark", "snowflake", "bigquery", "mysql", "tsql")


def parser(dialect, query="SELECT nothing FROM people", error="no such thing"):
    catalog = catalog_from_json({"dialect": dialect, "tables": TABLES})
    return Parser(catalog, query, error_info(query, error, dialect))


@pytest.mark.parametrize(("dialect", "broken", "error", "fixed"), FIXES)
def test_each_dialect(dialect, broken, error, fixed):
    catalog = catalog_from_json({"dialect": dialect, "tables": TABLES})
    decision = fix_sql(broken, error=error, catalog=catalog, settings=Settings(threshold=0.0))
    assert decision.code == fixed
    verdict = decision.shown.verdict
    assert (verdict.outcome, verdict.parses) == (Outcome.UNVERIFIED, True)
    assert verdict.untried == f"no connection: it parses as {dialect}, and its names are those of the catalog"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("query", "kind", "name"), WRONG)
def test_what_is_wrong_is_said_with_its_place(dialect, query, kind, name):
    error = parser(dialect, "SELECT").error(query)
    assert error is not None
    assert (error.type, error.details.get("name", "")) == (kind, name)
    assert not name or error.span.of(query) == name


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("query", RIGHT)
def test_what_may_be_right_passes(dialect, query):
    assert parser(dialect).error(query) is None


def test_names_that_the_engine_knows_are_known():
    query = "SELECT nmae, secret FROM people JOIN hidden ON hidden.id = people.id"
    told = parser("snowflake", query, "invalid identifier 'NMAE'")
    assert told.error(query.replace("nmae", "name")) is None
    assert told.error(query.replace("nmae", "people.mane")).details == {"name": "mane", "table": "people"}


def test_a_dialect_that_the_parser_misreads_is_not_held_against_a_fix():
    query = "SELECT nmae FROM people SAMPLE BLOCK ((1 OF 2) SOMETHING"
    told = parser("snowflake", query, "invalid identifier 'NMAE'")
    assert not told.reads
    assert told.error(query.replace("nmae", "name")) is None


def test_without_a_catalog_only_the_grammar_is_checked():
    query = "SELECT a FORM t"
    told = Parser(
        catalog_from_json({"dialect": "mysql"}), query, error_info(query, "Syntax error at or near 't'", "mysql")
    )
    assert told.error("SELECT a FROM t") is None
    assert told.error("SELECT a FROM t WHERE").type == "Syntax"
