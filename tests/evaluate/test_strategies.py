"""A model in an evaluation: what each strategy is worth, and answers that are recorded and replayed."""

import json
from dataclasses import replace

import pytest
from plain_strategies import Plain, use
from scripted_endpoint import scripted_endpoint, status
from typer.testing import CliRunner

from bestfix.config import Settings
from bestfix.core import Asked
from bestfix.evaluate.judge import Proposal, Result
from bestfix.evaluate.strategies import oracle, overlaps, strategy_rows
from bestfix.generate.llm.cassette import recorded
from bestfix.surfaces.cli import app

TOML = """
[[case]]
id = "near"
setup = "total = 1"
code = "print(totl)"
fixed = "print(total)"
error = "NameError"

[[case]]
id = "beyond-repairs"
code = "x = 1 / 0"
fixed = "x = 1 / 0.5"
error = "ZeroDivisionError"
"""


def proposal(*votes, answers):
    return Proposal("text", "", votes, 0.5, True, 1, (), False, True, 1, answers=answers)


def result(name, asked, written):
    proposals = tuple(proposal(*votes, answers=answers) for votes, answers, _ in written)
    right = {index: is_right for index, (_, _, is_right) in enumerate(written)}
    return Result(name, "s", "fixed", ("fixed",), "A", "NameError", proposals, asked=asked, written=right)


@pytest.fixture
def results():
    """Three cases: both strategies right, one of them, and one without an answer."""
    direct = Asked("direct", "m", 1, 1, 100, 10, 0.5)
    sampled = Asked("sampled", "m", 3, 2, 100, 30, 1.5)
    failed = Asked("direct", "m", failure="LateError: late")
    return [
        result("a", (direct, sampled), [(("python.x", "llm.direct", "llm.sampled"), 3, True)]),
        result("b", (direct, sampled), [(("llm.direct",), 1, False), (("llm.sampled",), 2, True)]),
        result("c", (failed, sampled), [(("llm.sampled",), 2, False)]),
    ]


def test_each_strategy_has_its_own_success_and_cost(results):
    direct, sampled = strategy_rows(results)
    assert (direct.name, direct.asked, direct.answers, direct.alone) == ("direct", 3, 2, 0)
    assert (direct.answered.hits, direct.usable.hits, direct.right.hits) == (2, 2, 1)
    assert direct.tokens.mean == 110
    assert (sampled.right.hits, sampled.alone, sampled.seconds.p50) == (2, 1, 1.5)


def test_strategies_overlap_where_both_are_right(results):
    (pair,) = overlaps(results)
    assert (pair.one, pair.other, pair.both, pair.either) == ("direct", "sampled", 1, 2)


def test_the_oracle_at_k_is_the_chance_that_k_answers_hold_a_right_one(results):
    found = oracle(results)
    assert list(found) == [1, 2, 3, 4]
    assert found[1] == pytest.approx((3 / 4 + 2 / 4 + 0) / 3)
    assert found[2] == pytest.approx((1 + (1 - 1 / 6) + 0) / 3)
    assert found[4] == pytest.approx(2 / 3)


def test_without_a_model_there_is_nothing_to_tell(results):
    plain = [replace(r, asked=()) for r in results]
    assert (strategy_rows(plain), overlaps(plain), oracle(plain)) == ([], [], {})


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Evaluate the cases on the command line; return what it wrote as JSON."""
    cases = tmp_path / "own.toml"
    cases.write_text(TOML)

    def evaluate(*options):
        recorded.cache_clear()
        out = tmp_path / "out.json"
        done = CliRunner().invoke(app, ["eval", str(cases), "--verify", "static", "--json", str(out), *options])
        assert done.exit_code == 0, done.output
        return json.loads(out.read_text()), done.output

    return evaluate


def test_answers_are_recorded_and_replayed_without_asking(run, tmp_path, monkeypatch):
    async def fixes(exchange):
        code = exchange.body["messages"][-1]["content"]
        await exchange.head()
        await exchange.text(code.replace("totl", "total").replace("/ 0", "/ 0.5"))
        await exchange.end()

    use(monkeypatch, [Plain("direct"), Plain("other")])
    tape = tmp_path / "tape.jsonl"
    with scripted_endpoint() as endpoint:
        endpoint.script = fixes
        monkeypatch.setattr(Settings, "load", classmethod(lambda cls: endpoint.settings(deadline=30.0)))
        asked, shown = run("--llm", "--cassette", str(tape))
        count = len(endpoint.requests)
    assert count == 4
    assert "oracle at k: 1: 100.0%, 2: 100.0%" in shown
    assert [row["right"]["hits"] for row in asked["model"]["strategies"]] == [2, 2]
    assert len(tape.read_text().splitlines()) == 5

    monkeypatch.setattr(Settings, "load", classmethod(lambda cls: Settings()))
    replayed, _ = run("--cassette", str(tape))
    assert replayed["model"]["oracle"] == asked["model"]["oracle"]
    assert replayed["settings"]["network"] is False
    assert [_known(case) for case in replayed["cases"]] == [_known(case) for case in asked["cases"]]


def _known(case):
    """What does not depend on the order in which the answers came."""
    return [(p["text"], sorted(p["votes"]), p["prior"], p["answers"]) for p in case["proposals"]]


def test_what_the_model_failed_at_is_in_the_report(run, tmp_path, monkeypatch):
    use(monkeypatch, [Plain("direct")])
    with scripted_endpoint() as endpoint:
        endpoint.script = status(401)
        monkeypatch.setattr(Settings, "load", classmethod(lambda cls: endpoint.settings(deadline=30.0)))
        found, _ = run("--llm")
    assert found["model"]["strategies"][0]["answered"]["hits"] == 0
    assert any("KeyRefusedError" in failure for failure in found["cases"][0]["failures"])


def test_a_model_that_nobody_has_named_cannot_be_asked(tmp_path, monkeypatch):
    (tmp_path / "own.toml").write_text(TOML)
    monkeypatch.setattr(Settings, "load", classmethod(lambda cls: Settings()))
    done = CliRunner().invoke(app, ["eval", str(tmp_path / "own.toml"), "--llm"])
    assert done.exit_code == 2
    assert "no model is named" in done.output


def test_the_page_shows_the_strategies(results):
    pytest.importorskip("altair")
    from bestfix.evaluate.strategy_page import oracle_plot, strategy_section

    text = strategy_section(results)
    assert "<td>direct</td><td>3</td>" in text
    assert "<td>direct</td><td>sampled</td><td>1</td><td>2</td>" in text
    assert len(oracle_plot(results).to_dict()["data"]["values"]) == 4
