"""SQL cases run on their real databases, and judged by what the fix gives there."""

from __future__ import annotations

import json
import sqlite3

import pytest

from bestfix.config import Settings
from bestfix.evaluate.cases import CaseError, load_cases
from bestfix.evaluate.judge import judged
from bestfix.evaluate.run import run_cases

SCRIPT = "CREATE TABLE people (name VARCHAR(20), age INTEGER); INSERT INTO people VALUES ('Ada', 36), ('Bob', 20);"


def written(tmp_path, **record):
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.executescript(SCRIPT)
    connection.close()
    (tmp_path / "a.sql").write_text(SCRIPT)
    record = {
        "id": "one", "source": "ours", "dialect": "sqlite", "db": "a.sqlite", "query": "SELECT nmae FROM people",
        "error": {"message": "no such column: nmae"}, "error_class": "unknown_column",
        "gold": "SELECT name FROM people ORDER BY age", "check": "result-set equals gold", **record,
    }  # fmt: skip
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(record) + "\n")
    return path


@pytest.mark.parametrize(("dialect", "db"), [("sqlite", "a.sqlite"), ("duckdb", "a.sql"), ("postgres", "a.sql")])
def test_the_first_candidate_is_right(tmp_path, dialect, db):
    (case,) = load_cases([written(tmp_path, dialect=dialect, db=db)])
    (result,) = run_cases([case], ["first"])
    assert result.note == ""
    assert result.rankings["first"].rank == {"result-set equals gold": 1, "executes": 1}
    assert result.proposals[0].distance == 1


def test_a_query_that_drops_a_column_does_not_execute_as_asked(tmp_path):
    (case,) = load_cases([written(tmp_path, query="SELECT nmae, age, FROM people", check="executes", gold=None)])
    result = judged(case, selectors=["first"], settings=Settings())
    place = result.rankings["first"].rank["executes"]
    assert result.candidates("first")[place - 1] == "SELECT name, age FROM people"


def test_what_binds_is_said_not_to_fail(tmp_path):
    (case,) = load_cases([written(tmp_path, query="SELECT name FROM people", error={})])
    result = judged(case, selectors=["first"], settings=Settings())
    assert not result.reproduced or not result.proposals


def test_a_missing_database_is_named(tmp_path):
    with pytest.raises(CaseError, match="nowhere"):
        load_cases([written(tmp_path, db="nowhere.sqlite")])
