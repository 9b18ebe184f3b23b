"""Queries on copies of a database: what each verdict says, and that the database stays as it was."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bestfix import Settings, fix_sql
from bestfix.capture.catalog.database import Database
from bestfix.core import Candidate, Deadline, ErrorInfo, Language, Outcome, Patch, Report, Scored, Source, Verdict
from bestfix.validate import querying
from bestfix.validate.querying import WIDTH, Queries
from bestfix.validate.sandbox import capabilities

pytestmark = pytest.mark.skipif(bool(capabilities().missing), reason="this machine can confine nothing")
ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c"


def tried(connection: Any, *texts: str, met: str = "no such column: x") -> list[Verdict]:
    """Return the verdicts of queries that bind, in the place of one that failed."""
    source = Source("<query>", "SELECT x")
    report = Report(Language.SQL, source, ErrorInfo("Conversion", met))
    queries = Queries.of(report, Database.of(connection))
    assert queries is not None
    binds = Verdict(parses=True, outcome=Outcome.BINDS)
    patches = [Patch.between(source.text, text, source=source.name) for text in texts]
    scored = [Scored(Candidate(p, "r", "sql.test", 0.5), binds, t) for p, t in zip(patches, texts, strict=True)]
    return queries.verdicts(scored, Deadline.after(5))


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querying, "SECONDS", 5.0)


@pytest.fixture(params=["duck", "sqlite"])
def here(request: pytest.FixtureRequest) -> Any:
    """A connection to the shop in this process."""
    return request.getfixturevalue(request.param)


def test_a_query_that_runs_tells_its_shape(here):
    (some, none, many) = tried(
        here,
        "SELECT name, country FROM customers",
        "SELECT name FROM customers WHERE name = 'nobody'",
        "SELECT a.status FROM orders a, " + ", ".join(f"orders o{i}" for i in range(6)),
    )
    assert (some.outcome, some.result) == (Outcome.RAN_CLEAN, "2 columns, 2 rows")
    assert (none.outcome, none.result) == (Outcome.RAN_CLEAN, "1 column, no rows")
    assert many.result == "1 column, 1000+ rows"


def test_an_error_of_the_values_is_a_new_error(duck):
    query = "SELECT CAST(country AS INTEGER) FROM customers"
    (verdict,) = tried(duck, query)
    assert verdict.outcome is Outcome.NEW_ERROR
    assert verdict.error is not None
    assert "Could not convert string 'France'" in verdict.error.message
    (again,) = tried(duck, query, met=verdict.error.message)
    assert (again.outcome, again.acceptable) == (Outcome.SAME_ERROR, False)


def test_an_error_of_sqlite_is_a_new_error(sqlite):
    (verdict,) = tried(sqlite, "SELECT abs(-9223372036854775807 - price / price) FROM orders")
    assert verdict.outcome is Outcome.NEW_ERROR
    assert verdict.error is not None
    assert "overflow" in verdict.error.message


def test_what_does_not_end_only_binds(here, monkeypatch):
    monkeypatch.setattr(querying, "SECONDS", 0.15)
    (verdict,) = tried(here, ENDLESS)
    assert verdict.outcome is Outcome.BINDS
    assert verdict.untried


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM orders",
        "WITH d AS (SELECT 1) DELETE FROM orders",
        "INSERT INTO regions VALUES ('X', 'Y', 1)",
        "PRAGMA user_version = 3",
        "SELECT 1; DELETE FROM orders",
        "SELECT name FROM customers WHERE customer_id = ?",
        "SELECT name FROM customers WHERE name = {{ name }}",
    ],
)
def test_what_writes_or_is_not_whole_is_not_run(here, text, contents):
    before = contents(here)
    (verdict,) = tried(here, text)
    assert verdict.outcome is Outcome.BINDS
    assert verdict.untried
    assert contents(here) == before


def test_only_the_likeliest_are_run(sqlite):
    verdicts = tried(sqlite, *[f"SELECT {i} FROM customers" for i in range(WIDTH + 2)])
    assert [v.outcome for v in verdicts] == [Outcome.RAN_CLEAN] * WIDTH + [Outcome.BINDS] * 2
    assert verdicts[-1].untried


def test_a_server_is_never_run_on(postgres):
    report = Report(Language.SQL, Source("<query>", "SELECT x"), ErrorInfo("UnknownColumn", "x"))
    assert Queries.of(report, Database.of(postgres)) is None
    decision = fix_sql("SELECT nmae FROM customers", connection=postgres)
    assert decision.ranked[0].verdict.outcome is Outcome.BINDS


def test_an_open_transaction_goes_on(here, contents):
    here.execute("BEGIN")
    here.execute("DELETE FROM regions WHERE region_code = 'EU'")
    fix_sql("SELECT nmae FROM customers", connection=here)
    assert len(contents(here)[2]) == 1
    here.execute("ROLLBACK")
    assert len(contents(here)[2]) == 2


def test_an_unfinished_result_goes_on(sqlite):
    cursor = sqlite.execute("SELECT order_id FROM orders ORDER BY order_id")
    first = cursor.fetchone()
    (verdict,) = tried(sqlite, "SELECT name FROM customers")
    assert verdict.outcome is Outcome.RAN_CLEAN
    assert [first, *cursor.fetchall()] == [(10,), (11,), (12,)]


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_file_of_sqlite_is_neither_locked_nor_written(tmp_path, mode):
    path = tmp_path / "shop of mine?.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
    connection.commit()
    before = _digests(tmp_path)
    (verdict,) = tried(connection, "SELECT a FROM t")
    assert verdict.outcome is (Outcome.RAN_CLEAN if mode == "delete" else Outcome.BINDS)
    assert _digests(tmp_path) == before
    connection.execute("INSERT INTO t VALUES (2)")
    (verdict,) = tried(connection, "SELECT a FROM t")
    assert (verdict.outcome, connection.in_transaction) == (Outcome.BINDS, True)
    connection.commit()
    connection.close()
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT a FROM t ORDER BY a").fetchall() == [(1,), (2,)]
    other.close()


def test_another_connection_writes_while_queries_run(tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    with sqlite3.connect(path, timeout=0) as other:
        other.execute("BEGIN EXCLUSIVE")
        (verdict,) = tried(connection, "SELECT a FROM t")
        assert verdict.outcome is Outcome.RAN_CLEAN
        other.execute("INSERT INTO t VALUES (1)")
    assert connection.execute("SELECT a FROM t").fetchall() == [(1,)]
    connection.close()
    other.close()


def test_a_file_of_duckdb_stays_as_it_is(tmp_path):
    path = tmp_path / "shop.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(5)")
    connection.execute("CREATE SEQUENCE s")
    connection.execute("CHECKPOINT")
    before = _digests(tmp_path)
    verdicts = tried(connection, "SELECT a FROM t", "SELECT nextval('s')")
    assert verdicts[0].result == "1 column, 5 rows"
    assert _digests(tmp_path) == before
    assert connection.execute("SELECT nextval('s')").fetchone() == (1,)
    connection.close()


def test_static_runs_nothing(here):
    decision = fix_sql("SELECT nmae FROM customers", connection=here, settings=Settings(verify="static"))
    assert decision.ranked[0].verdict.outcome is Outcome.BINDS
    decision = fix_sql("SELECT nmae FROM customers", connection=here, settings=Settings(deadline=5.0))
    assert decision.ranked[0].verdict.outcome is Outcome.RAN_CLEAN
    assert decision.ranked[0].verdict.result == "1 column, 2 rows"


def _digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}
