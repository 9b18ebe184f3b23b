"""What an error tells of a database that nothing else is known of."""

import pytest

from bestfix import fix_sql
from bestfix.capture.catalog.told import catalog_of_error
from bestfix.core import ErrorInfo


def test_proposed_columns_are_those_of_the_tables_that_are_read():
    error = ErrorInfo("UnknownColumn", "", details={"bindings": '"name", "o.price", c."Net Total"'})
    catalog = catalog_of_error('SELECT x FROM customers c JOIN "Orders" o USING (id)', error, "duckdb")
    assert [table.name for table in catalog.tables()] == ["Orders", "customers"]
    assert [column.name for column in catalog.tables()[0].columns] == ["name", "price", "Net Total"]
    assert not catalog_of_error("SELECT x FROM t", ErrorInfo("UnknownColumn", ""), "duckdb").tables()


DUCKDB = 'Referenced column "nmae" not found in FROM clause!\nCandidate bindings: "name", "id"'
SPARK = (
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `nmae` cannot be "
    "resolved. Did you mean one of the following? [`name`, `id`]."
)


@pytest.mark.parametrize(("dialect", "message"), [("duckdb", DUCKDB), ("spark", SPARK)])
def test_a_message_is_enough(dialect, message):
    assert fix_sql("SELECT nmae FROM customers", error=message, dialect=dialect).code == "SELECT name FROM customers"
