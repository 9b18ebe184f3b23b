import json
import sqlite3
from dataclasses import replace

import pytest

from bestfix.core import Outcome
from bestfix.generate.python.syntax.model import load_model as load_syntax_model
from bestfix.generate.python.syntax.model import using
from bestfix.train.build import Sample, build, human_parts, package_parts, query_parts
from bestfix.train.label import SETTINGS, labelled
from bestfix.train.record import Broken, Labelled, read_shards
from bestfix.validate.sandbox import capabilities

STATIC = replace(SETTINGS, verify="static")
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


@pytest.fixture
def people(tmp_path):
    codes = [("print(a", "print(a)"), ("if a\n    b()", "if a:\n    b()"), ("x = [1, 2", "x = [1, 2]"), ("a b", "a, b")]
    lines = [
        json.dumps({"id": str(n), "code": code, "fixed": [fixed], "meta": {"family": "ab"[n % 2]}})
        for n, (code, fixed) in enumerate(codes * 2)
    ]
    path = tmp_path / "people.jsonl"
    path.write_text("\n".join(lines))
    return path


def _corpus(out, pairs, people, monkeypatch, *, seed, jobs):
    """Build a small corpus of each kind, and return the bytes of its files."""
    monkeypatch.setenv("PYTHONHASHSEED", seed)
    parts = [
        *package_parts("toolz", out, Sample(limit=2, each=2)),
        *query_parts(pairs, out, Sample(each=2)),
        *human_parts(people, out, crossfit=True),
    ]
    build(parts, jobs=jobs, progress=lambda *_: None)
    return {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*.*")) if path.is_file()}


def test_the_same_data_give_the_same_models_however_they_are_built(pairs, people, tmp_path, monkeypatch):
    pytest.importorskip("toolz")
    pytest.importorskip("lightgbm")
    from bestfix.train.fit import fit_trees
    from bestfix.train.fit_data import load_table

    one = _corpus(tmp_path / "one", pairs, people, monkeypatch, seed="1", jobs=1)
    other = _corpus(tmp_path / "other", pairs, people, monkeypatch, seed="2", jobs=2)
    assert one == other
    heads = [fit_trees(load_table([tmp_path / name]), "accept").text for name in ("one", "other")]
    assert heads[0] == heads[1]


def test_a_judge_that_stands_in_decides_in_its_place_alone(people):
    records = [record for part in human_parts(people, people.parent) for record in part.records]
    with using(replace(load_syntax_model(), judge={"none of these": 50.0})):
        hidden = labelled(records[:1])
    shown = labelled(records[:1])
    assert hidden[0].candidates[0].candidate.prior < 0.01 < shown[0].candidates[0].candidate.prior
