"""Probabilities from estimates."""

from dataclasses import replace

from bestfix.core import Applicability, Candidate, Edit, Outcome, Scored, Source, Verdict
from bestfix.rank.calibration import calibrated

SOURCE = Source("<cell>", "x = oops\n")


def scored(prior, proposer="python.names.near_name", unresolved=(), applicability=Applicability.SAFE):
    candidate = Candidate.edit(SOURCE, Edit(4, 8, "1"), reason="because", prior=prior, applicability=applicability)
    return Scored(replace(candidate, proposer=proposer), Verdict(unresolved=unresolved), "x = 1\n")


def test_the_order_of_like_fixes_is_that_of_their_estimates():
    probabilities = calibrated([scored(0.9), scored(0.5), scored(0.1)])
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < p < 1 for p in probabilities)


def test_rivals_and_undefined_names_cost_confidence():
    (alone,) = calibrated([scored(0.9)])
    assert calibrated([scored(0.9), scored(0.8)])[0] < alone
    assert calibrated([scored(0.9, unresolved=("y",))])[0] < alone


def test_an_unsafe_change_of_syntax_is_trusted_less():
    proposer = "python.search.syntax_error"
    (safe,), (unsafe,) = (
        calibrated([scored(0.9, proposer, applicability=a)]) for a in (Applicability.SAFE, Applicability.UNSAFE)
    )
    assert unsafe < safe


def test_estimates_of_unknown_origin_stand():
    (p,) = calibrated([scored(0.7, proposer="plugin.lint.near_rule")])
    assert abs(p - 0.7) < 1e-9


def test_extreme_estimates_are_bounded():
    assert all(0 < p < 1 for p in calibrated([scored(0.0), scored(1.0)]))


def test_what_running_showed_moves_the_probability():
    def p(outcome, hides=False, proposer="python.names.near_name", **known):
        one = scored(0.8, proposer)
        return calibrated([replace(one, verdict=Verdict(outcome=outcome, hides=hides, **known))])[0]

    ordered = [p(o) for o in (Outcome.RAN_CLEAN, Outcome.UNVERIFIED, Outcome.NEW_ERROR, Outcome.MOVED)]
    assert ordered == sorted(ordered, reverse=True)
    assert p(Outcome.MOVED, untried="it asks for input") == p(Outcome.UNVERIFIED)
    assert p(Outcome.RAN_CLEAN, hides=True) < p(Outcome.RAN_CLEAN)
    syntax = "python.search.syntax_error"
    assert p(Outcome.RAN_CLEAN, proposer=syntax) > p(Outcome.MOVED, proposer=syntax)
    assert p(Outcome.RAN_CLEAN, proposer="plugin.lint.near_rule") == p(Outcome.MOVED, proposer="plugin.lint.near_rule")


def test_going_on_from_a_fix_costs_it_nothing():
    one, further = scored(0.8), scored(0.7)
    further = replace(further, candidate=replace(further.candidate, evidence={"steps": 2.0}))
    assert calibrated([one, further])[0] == calibrated([one])[0]
