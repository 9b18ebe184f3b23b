"""Selectors by name, and what happens when one cannot be loaded."""

from dataclasses import replace

import pytest

from bestfix import Settings
from bestfix.config import SettingsError
from bestfix.core import (
    Candidate,
    Edit,
    EmptyContext,
    ErrorInfo,
    Language,
    Outcome,
    Patch,
    Report,
    Scored,
    Source,
    Span,
    Verdict,
)
from bestfix.engine import QuickFix
from bestfix.rank.calibration import calibrated
from bestfix.rank.policy import decide, ranked, ranked_by, utility
from bestfix.rank.selectors import SELECTORS, ModelError, is_selector, load_selector

CODE = "x = oops\n"
REPORT = Report(Language.PYTHON, Source("<cell>", CODE), ErrorInfo("NameError", "", ("Exception",), Span(4, 8), 1))


def scored(text, *, prior=0.5, votes=("a",), **verdict):
    candidate = Candidate(Patch("<cell>", (Edit(4, 8, text),)), "because", "plugin.a", prior, votes=votes)
    return Scored(candidate, Verdict(**verdict), candidate.patch.apply(CODE))


def order(name, *candidates):
    return [s.candidate.patch.edits[0].text for s in ranked(load_selector(name), REPORT, candidates)]


def test_each_plain_selector_orders_by_what_its_name_says():
    assert order("first", scored("a", prior=0.2), scored("b", prior=0.9)) == ["b", "a"]
    assert order("smallest-edit", scored("a" * 30), scored("bb")) == ["bb", "a" * 30]
    assert order("majority", scored("a"), scored("b", votes=("a", "b"))) == ["b", "a"]


def test_a_tie_of_votes_is_drawn_the_same_way_each_time_and_weighs_less_than_a_vote():
    many = [scored(text * 3, prior=0.9 - n / 100) for n, text in enumerate("abcdefgh")]
    drawn = order("majority-by-chance", *many)
    assert sorted(drawn) == sorted(order("majority", *many)) != drawn == order("majority-by-chance", *many[::-1])
    assert order("majority-by-chance", *many, scored("zz", prior=0.1, votes=("a", "b")))[0] == "zz"


def test_execution_agreement_prefers_what_ran_and_what_many_came_to():
    ran = {"outcome": Outcome.RAN_CLEAN}
    found = order(
        "execution",
        scored("new error", outcome=Outcome.NEW_ERROR),
        scored("alone", result="int", **ran),
        scored("hides", hides=True, **ran),
        scored("both", result="list", **ran),
        scored("agree", result="list", **ran),
    )
    assert found == ["both", "agree", "alone", "hides", "new error"]


@pytest.mark.parametrize("name", ["trees", "logistic"])
def test_what_a_language_model_wrote_keeps_its_estimate_where_nothing_like_it_was_fitted_to(name):
    report = replace(REPORT, error=ErrorInfo("SyntaxError", "'(' was never closed", ("Exception",), Span(4, 8), 1))
    own = scored("own()", prior=0.6)
    written = replace(own, candidate=replace(own.candidate, model="a model", proposer="llm.direct"))
    first, second = load_selector(name)(report, [own, written])
    assert second.accept == pytest.approx(calibrated([own, written])[1])
    assert first.accept != pytest.approx(second.accept)


def test_what_is_ruled_out_is_not_ranked():
    assert order("first", scored("a", outcome=Outcome.SAME_ERROR)) == []


def test_a_model_that_is_missing_or_altered_is_named_and_the_first_selector_takes_its_place(tmp_path):
    with pytest.raises(ModelError, match="manifest"):
        load_selector(f"trees:{tmp_path}")
    best_first, (failure,) = ranked_by(f"trees:{tmp_path}", REPORT, [scored("a", prior=0.9)])
    assert best_first[0].p_accept == pytest.approx(0.9)
    assert failure.where.startswith("selector trees")
    decision = QuickFix(Settings(selector=f"trees:{tmp_path}", verify="static")).fix(REPORT, EmptyContext())
    assert any(f.where.startswith("selector trees") for f in decision.failures)


def test_a_language_model_needs_a_folder():
    with pytest.raises(ModelError, match="name the folder"):
        load_selector("language-model")


def test_only_known_names_are_selectors():
    assert all(is_selector(name) for name in SELECTORS)
    assert is_selector("trees:folder")
    with pytest.raises(SettingsError, match="no selector"):
        QuickFix(Settings(selector="best"))


def test_a_fix_is_shown_when_that_is_worth_more_than_nothing():
    best = ranked(load_selector("first"), REPORT, [scored("a", prior=0.7)])
    assert decide(best, 0.6)[0] is best[0]
    assert decide(best, 0.8)[0] is None
    assert utility(0.8, 0.8) == pytest.approx(0)
    assert utility(0.99, 1.0) < 0 == utility(1.0, 1.0)
