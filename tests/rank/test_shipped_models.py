"""The models that come with the package."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestfix.core import Candidate, Edit, ErrorInfo, Language, Outcome, Patch, Report, Scored, Source, Verdict
from bestfix.rank.calibration import COMPILED, calibrated
from bestfix.rank.features import FEATURES
from bestfix.rank.model import Odds, load_model
from bestfix.rank.selectors import load_selector
from bestfix.rank.selectors.learned import MODELS

NUMBER = st.one_of(st.just(math.nan), st.sampled_from([0.0, 1.0, 2.0]), st.floats(-8, 8))
ROWS = st.lists(st.lists(NUMBER, min_size=len(FEATURES), max_size=len(FEATURES)), min_size=1, max_size=8)
ALONE = """
import sys
from bestfix.core import Candidate, Edit, ErrorInfo, Language, Patch, Report, Scored, Source, Span, Verdict
from bestfix.rank.selectors import load_selector
report = Report(Language.PYTHON, Source("c", "x = oops\\n"), ErrorInfo("NameError", "", (), Span(4, 8), 1))
found = [Scored(Candidate(Patch("c", (Edit(4, 8, t),)), "because"), Verdict(), f"x = {t}\\n") for t in ("a", "bb")]
load_selector("trees")(report, found)
print(*sorted({"lightgbm", "numpy", "pandas", "sklearn"} & set(sys.modules)))
"""


@pytest.mark.parametrize("name", ["trees", "logistic"])
def test_they_load_and_their_card_names_their_files(name):
    model = load_model(MODELS / name)
    card = (Path(__file__).parents[2] / "docs" / "model-card.md").read_text("utf-8")
    for head in (model.manifest.accept, model.manifest.success):
        assert head.sha256[:16] in card
    assert all(f"    {line}\n" in card for line in model.manifest.command.splitlines())


def test_scoring_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_scores_are_those_of_lightgbm(rows):
    lightgbm, np = pytest.importorskip("lightgbm"), pytest.importorskip("numpy")
    model = load_model(MODELS / "trees")
    for head in (model.accept, model.success):
        theirs = lightgbm.Booster(model_str=(MODELS / "trees" / head.odds.file).read_text("utf-8"))
        expected = theirs.predict(np.array(rows), raw_score=True, num_threads=1)
        assert head.score(rows) == pytest.approx(expected.tolist(), abs=1e-9)


@pytest.mark.parametrize("name", ["trees", "logistic"])
@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_columns_that_a_model_does_not_read_change_nothing(name, rows):
    model = load_model(MODELS / name)
    seen = [[value if n in model.read else math.nan for n, value in enumerate(row)] for row in rows]
    for head in (model.accept, model.success):
        assert head(rows, "python", "name") == pytest.approx(head(seen, "python", "name"), nan_ok=True)


@given(st.floats(-8, 8), st.floats(-8, 8))
def test_where_no_failure_was_people_s_own_the_probability_is_the_estimate_s(score, estimate):
    odds = Odds({"python": 1.3}, {"type": 0.7}, "", "", {"type": 1.0})
    assert odds.probability(score, estimate, "python", "type") == pytest.approx(1 / (1 + math.exp(-estimate)))


@given(st.floats(-8, 8), st.floats(-8, 8))
def test_where_many_were_the_probability_is_what_was_fitted(score, estimate):
    odds = Odds({"python": 1.3}, {"type": 0.7}, "", "", {"type": 0.0})
    expected = 1 / (1 + math.exp(-1.3 * score - 0.7))
    assert odds.probability(score, estimate, "python", "type") == pytest.approx(expected)


def of_syntax(outcome=Outcome.UNVERIFIED, **evidence):
    report = Report(Language.PYTHON, Source("c", "f(1\n"), ErrorInfo("SyntaxError", "'(' was never closed"))
    candidate = Candidate(Patch("c", (Edit(3, 3, ")"),)), "because", "python.search.syntax_error", 0.9, evidence)
    return report, [Scored(candidate, Verdict(outcome=outcome), "f(1)\n")]


@pytest.mark.parametrize("name", ["trees", "logistic"])
def test_what_trying_says_of_syntax_is_added_as_it_is_to_the_estimate(name):
    selector = load_selector(f"{name}:shipped")
    p = {o: selector(*of_syntax(o))[0].accept for o in (Outcome.UNVERIFIED, Outcome.RAN_CLEAN, Outcome.NEW_ERROR)}
    odds = {outcome: math.log(each / (1 - each)) for outcome, each in p.items()}
    assert odds[Outcome.RAN_CLEAN] - odds[Outcome.UNVERIFIED] == pytest.approx(COMPILED[Outcome.RAN_CLEAN])
    assert odds[Outcome.NEW_ERROR] == pytest.approx(odds[Outcome.UNVERIFIED])


def test_what_goes_on_from_a_fix_of_syntax_keeps_its_estimate():
    report, candidates = of_syntax(Outcome.RAN_CLEAN, steps=2.0)
    assert [s.accept for s in load_selector("trees:shipped")(report, candidates)] == calibrated(candidates)
