import sqlite3

import pytest

from bestfix.config import Settings
from bestfix.core import Outcome
from bestfix.train.build import Sample, build, human_parts, query_parts
from bestfix.train.label import labelled
from bestfix.train.record import Broken, Labelled, read_shards
from bestfix.validate.sandbox import capabilities

STATIC = Settings(k=10, deadline=5.0, threshold=0.0, verify="static")
pytestmark = pytest.mark.skipif(not capabilities().full, reason="candidates cannot be run in confined children here")


def broken(code, intended, setup="", **more):
    return Broken("one", "group", "tests", code, (intended,), setup, **more)


def test_a_candidate_that_does_what_was_meant_is_told_from_one_that_only_runs():
    record = broken("valeu * 2", "value * 2", "value = 3\nvalues = [1]\n")
    [failure] = labelled([record], STATIC)
    assert (failure.kind, failure.report.error.type) == ("runtime", "NameError")
    right = {s.text: (label.ran, label.equals) for s, label in zip(failure.candidates, failure.labels, strict=True)}
    assert right["value * 2"] == (Outcome.RAN_CLEAN, True)
    assert right["values * 2"] == (Outcome.RAN_CLEAN, False)


def test_another_program_with_the_same_result_is_right():
    [failure] = labelled([broken("maxx([1, 2])", "2 + 0")], STATIC)
    told = {s.text: (label.equals, label.how) for s, label in zip(failure.candidates, failure.labels, strict=True)}
    assert told["max([1, 2])"] == (True, "result")


def test_what_does_not_fail_gives_nothing():
    assert labelled([broken("1 + 1", "1 + 2"), broken("x = 1", "x = 1")], STATIC) == []


def test_what_was_meant_must_run():
    assert labelled([broken("undefind", "undefined")], STATIC) == []


def test_a_cell_that_does_harm_does_none(tmp_path):
    target = tmp_path / "kept"
    target.write_text("here")
    labelled([broken(f"import os\nos.remove({str(target)!r})\nprnt()", "print()")], STATIC)
    assert target.read_text() == "here"


def test_code_that_does_not_parse_is_labelled_by_running_too():
    [failure] = labelled([broken("print(sum([1, 2])", "print(sum([1, 2]))")], STATIC)
    assert failure.kind == "syntax"
    assert failure.labels[0].equals
    assert failure.labels[0].ran is Outcome.RAN_CLEAN


def test_people_s_errors_are_compared_as_text(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "a", "code": "print \\"x\\"", "fixed": ["print(\\"x\\")"]}\n')
    build(human_parts(path, tmp_path / "out"), jobs=1, progress=lambda *_: None)
    [failure] = read_shards(Labelled, tmp_path / "out")
    assert failure.labels[0].equals
    assert failure.labels[0].ran is Outcome.UNVERIFIED
    assert failure.group == "people/a"


@pytest.fixture
def pairs(tmp_path):
    database = sqlite3.connect(tmp_path / "shop.sqlite")
    database.executescript(
        "CREATE TABLE person (name TEXT, age INT); INSERT INTO person VALUES ('Ann', 3), ('Bob', 4);"
    )
    database.close()
    path = tmp_path / "pairs.jsonl"
    query = "SELECT name FROM person WHERE age > 3 ORDER BY name"
    path.write_text(f'{{"id": "q", "db": "shop", "engines": ["sqlite"], "query": "{query}"}}\n')
    return path


def test_queries_are_labelled_by_their_rows_and_a_stopped_run_goes_on(pairs, tmp_path):
    parts = query_parts(pairs, tmp_path / "out", Sample(each=6))
    told = []
    build(parts, jobs=1, progress=lambda *args: told.append(args))
    found = list(read_shards(Labelled, tmp_path / "out"))
    assert found
    assert any(label.equals and label.ran is Outcome.RAN_CLEAN for f in found for label in f.labels)
    build(parts, jobs=1, progress=lambda *args: told.append(args))
    assert told == [(0, 1, 0), (1, 1, len(found)), (1, 1, 0)]
