"""`bestfix sql` on real databases."""

import json
import sqlite3

import pytest

from bestfix.surfaces.databases import ConnectError, opened

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20));
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bob');
"""
BROKEN = "-- who buys\nSELECT nmae FROM customers ORDER BY 1;\n"
FIXED = BROKEN.replace("nmae", "name")


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def database(request, tmp_path):
    """What `-d` is given for a small database on each of the engines."""
    if request.param == "postgres":
        connection = request.getfixturevalue("postgres")
        connection.execute("DROP TABLE orders, customers")
        connection.execute(SCHEMA)
        connection.commit()
        return f"postgresql://postgres:s3cret@127.0.0.1:{connection.info.port}/shop"
    path = tmp_path / "data"
    if request.param == "duckdb":
        import duckdb

        with duckdb.connect(path) as connection:
            connection.execute(SCHEMA)
    else:
        connection = sqlite3.connect(path)
        connection.executescript(SCHEMA)
        connection.close()
    return str(path)


@pytest.fixture
def query(tmp_path):
    """A file with a mistake."""
    path = tmp_path / "query.sql"
    path.write_text(BROKEN)
    return path


def test_a_query_is_fixed_written_and_run(command, database, query):
    done = command("sql", "-d", database, query, "--yes")
    assert done.returncode == 0, done.stderr
    assert "- 2 │ SELECT nmae FROM customers ORDER BY 1;\n+ 2 │ SELECT name FROM" in done.stderr
    assert done.stdout == "name\n────\nAda\nBob\n(2 rows)\n"
    assert query.read_text() == FIXED
    assert command("undo").returncode == 0
    assert query.read_text() == BROKEN


def test_nothing_is_written_unasked(command, database, query):
    for option in ("--diff", "--json"):
        done = command("sql", "-d", database, query, option)
        assert done.returncode == 1
        assert query.read_text() == BROKEN
    document = json.loads(done.stdout)
    assert document["exit_code"] == 1
    assert document["rounds"][0]["decision"]["code"] == FIXED
    assert not document["rounds"][0]["applied"]


def test_every_statement_runs_once(command, database, query):
    query.write_text(
        "INSERT INTO customers VALUES (3, 'Cy');\nSELECT cuont(*) AS n FROM customers;\nSELECT nam FROM customers"
    )
    done = command("sql", "-d", database, query, "-y")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("n\n─\n3\n(1 row)\n")
    assert query.read_text().endswith("SELECT count(*) AS n FROM customers;\nSELECT name FROM customers")


def test_a_transaction_of_the_file_is_begun_again(command, database, query):
    query.write_text(
        "BEGIN;\nINSERT INTO customers VALUES (3, 'Cy');\nSELECT count(*) AS n FROM customer;\nCOMMIT;\n"
        "SELECT max(id) AS last FROM customers"
    )
    done = command("sql", "-d", database, query, "-y")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("3\n(1 row)\n")


def test_a_transaction_that_stays_open_is_rolled_back(command, database, query):
    query.write_text("BEGIN; DELETE FROM customers")
    assert "rolled back" in command("sql", "-d", database, query).stderr
    query.write_text("SELECT count(*) AS n FROM customers")
    assert "\n2\n(1 row)\n" in command("sql", "-d", database, query).stdout


def test_read_only(command, database, query):
    query.write_text("DELETE FROM customers")
    assert command("sql", "--read-only", "-d", database, query).returncode == 1
    query.write_text("SELECT count(*) AS n FROM customers")
    assert "\n2\n(1 row)\n" in command("sql", "--read-only", "-d", database, query).stdout


def test_a_broken_writing_statement_is_not_run_by_proposing(command, database, query):
    query.write_text("DELETE FROM customer")
    assert command("sql", "-d", database, query, "--diff").returncode == 1
    query.write_text("SELECT count(*) AS n FROM customers")
    assert "\n2\n(1 row)\n" in command("sql", "-d", database, query).stdout


def test_standard_input(command, database):
    done = command("sql", "-d", database, "-", stdin=BROKEN)
    assert (done.returncode, done.stdout) == (1, "")
    assert "+ 2 │ SELECT name" in done.stderr
    assert command("sql", "-d", database, "-", "--yes", stdin=BROKEN).stdout.endswith("(2 rows)\n")


def test_long_results_are_cut(command, query):
    query.write_text("SELECT range AS n, repeat('x', 100) AS long FROM range(50)")
    out = command("sql", query).stdout
    assert out.endswith("(more than 20 rows)\n")
    assert len(out.splitlines()) == 23
    assert "x" * 39 + "…" in out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.db", "there is no database file missing.db"),
        ("query.sql", "query.sql is no database of DuckDB or SQLite"),
        ("mysql+nothing://u:s3cret@localhost/x", "cannot connect"),
        ("postgresql://u:s3cret@127.0.0.1:1/x", "cannot connect"),
    ],
)
def test_what_cannot_be_opened(command, query, name, message):
    done = command("sql", "-d", name, query)
    assert done.returncode == 2
    assert message in done.stderr
    assert "s3cret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_missing_driver_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(ConnectError, match=r"pip install 'bestfix\[sql\]'"):
        opened(":memory:")


def test_a_missing_file(command):
    done = command("sql", "nothing.sql")
    assert done.returncode == 2
    assert "cannot read" in done.stderr


def test_sql_inside_a_script_is_fixed_there(command, tmp_path):
    script = tmp_path / "report.py"
    text = (
        "import sqlite3\n\ncon = sqlite3.connect(':memory:')\ncon.execute('CREATE TABLE customers (name TEXT)')\n"
        "query = 'SELECT nmae FROM customers'\nprint(con.execute(query).fetchall())\n"
    )
    script.write_text(text)
    done = command("run", "--yes", script)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert script.read_text() == text.replace("nmae", "name")
