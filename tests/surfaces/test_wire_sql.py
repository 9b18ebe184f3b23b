"""`bestfix fix` for queries: the error and the catalog come with the request."""

import json

import pytest

CATALOG = {
    "tables": [
        {"name": "customers", "columns": ["id", {"name": "name", "type": "varchar"}], "view": False},
        {"name": "orders", "columns": ["id", "customer_id"],
         "foreign_keys": [{"columns": ["customer_id"], "table": "customers", "references": ["id"]}]},
    ],
    "functions": ["count"],
}  # fmt: skip
REQUEST = {
    "language": "sql",
    "dialect": "snowflake",
    "name": "report.sql",
    "code": "SELECT nmae FROM customers",
    "error": {"message": "SQL compilation error: error line 1 at position 7\ninvalid identifier 'NMAE'"},
    "catalog": CATALOG,
}


def test_a_query_with_its_catalog(command):
    done = command("fix", stdin=json.dumps(REQUEST))
    assert done.returncode == 0, done.stdout
    answer = json.loads(done.stdout)
    assert (answer["shown"], answer["code"]) == (True, "SELECT name FROM customers")
    assert answer["ranked"][0]["candidate"]["patch"]["edits"] == [{"start": 7, "end": 11, "text": "name"}]


def test_a_catalog_names_its_dialect(command):
    request = {**REQUEST, "catalog": {**CATALOG, "dialect": "snowflake"}}
    del request["dialect"]
    assert json.loads(command("fix", stdin=json.dumps(request)).stdout)["code"] == "SELECT name FROM customers"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"error": None}, "error.message: is missing"),
        ({"error": {"type": "X"}}, "error.message: is missing"),
        ({"catalog": {"tables": [{"columns": []}]}}, "catalog: an entry lacks its 'name'"),
        ({"catalog": {"tables": [7]}}, "catalog: "),
        ({"catalog": [1]}, "catalog: must be an object"),
    ],
)
def test_what_is_no_request(command, change, message):
    done = command("fix", stdin=json.dumps({**REQUEST, **change}))
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"].startswith(message)
