"""Whole runs: what is fixed, what is lost, what is reported."""

import json

import pytest

from bestfix.config import Settings
from bestfix.evaluate import report
from bestfix.evaluate.cases import load_cases
from bestfix.evaluate.run import run_cases

TOML = """
[[case]]
id = "near"
setup = "total = 1"
code = "print(totl)"
fixed = "print(total)"
error = "NameError"

[[case]]
id = "tested"
setup = "def double(x): return 2 * x"
code = "y = doubl(4)"
check = "tests"
test = "assert y == 8"

[[case]]
id = "not-here"
code = "x = 1"
check = "runs"
error = "ValueError"

[[case]]
id = "setup-fails"
setup = "raise KeyError"
code = "x"
check = "runs"

[[case]]
id = "dies"
setup = "import os; os._exit(1)"
code = "x"
check = "runs"

[[case]]
id = "silence"
code = "raise ValueError('mine')"
check = "nothing"
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("cases") / "own.toml"
    path.write_text(TOML)
    found = run_cases(load_cases([path]), ["first", "majority"])
    return {r.id.removeprefix("own/"): r for r in found}


def test_a_near_name_is_fixed_at_once(results):
    near = results["near"]
    assert near.rankings["first"].rank["exact-ast"] == 1
    assert near.candidates("first")[0] == "print(total)"
    assert near.reproduced
    assert 0 < near.seconds < 5


def test_a_test_runs_after_the_candidate(results):
    assert results["tested"].rankings["majority"].rank["tests"] == 1


def test_a_case_that_does_not_fail_here_is_told(results):
    assert not results["not-here"].reproduced
    assert results["not-here"].note == "the code runs here"


def test_a_case_that_cannot_be_run_costs_only_itself(results):
    assert results["setup-fails"].seconds is None
    assert "KeyError" in results["setup-fails"].note
    assert "no answer" in results["dies"].note
    assert len(results) == 6


def test_silence_can_be_the_answer(results):
    assert results["silence"].rankings["first"].rank["nothing"] == 1


def test_predictions_are_one_line_a_case(results):
    lines = [json.loads(line) for line in report.predictions(results.values(), "first")]
    near = lines[0]
    assert set(near) == {"id", "candidates", "shown", "confidence", "seconds", "source"}
    assert (near["id"], near["candidates"][0]) == ("own/near", "print(total)")
    assert near["shown"] is (near["confidence"] >= Settings().threshold)
    assert len(near["source"]) == len(near["candidates"])
    assert lines[4] == {
        "id": "own/dies", "candidates": [], "shown": False, "confidence": 0.0, "seconds": None, "source": [],
    }  # fmt: skip


def test_tables_and_json_hold_every_source(results, capsys):
    report.print_tables(list(results.values()), ["first", "majority"], families=True)
    printed = capsys.readouterr().out
    assert "selector majority" in printed
    assert "NameError" in printed
    assert "no decision for 1 (own/setup-fails)" in printed
    data = report.as_json(list(results.values()), ["first"], Settings())
    assert json.loads(json.dumps(data))["selectors"]["first"]["rows"][0]["n"] == 6
