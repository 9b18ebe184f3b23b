"""Probabilities from estimates."""

from bestfix.core import Candidate, Edit, Scored, Source, Verdict
from bestfix.rank.calibration import calibrated

SOURCE = Source("<cell>", "x = oops\n")


def scored(prior, text="1", proposer="python.names.near_name", unresolved=()):
    candidate = Candidate.edit(SOURCE, Edit(4, 8, text), reason="because", prior=prior)
    return Scored(Candidate(candidate.patch, "because", proposer, prior), Verdict(unresolved=unresolved), text)


def test_the_order_of_like_fixes_is_that_of_their_estimates():
    probabilities = calibrated([scored(0.9), scored(0.5), scored(0.1)])
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < p < 1 for p in probabilities)


def test_rivals_undefined_names_and_length_cost_confidence():
    (alone,) = calibrated([scored(0.9)])
    assert calibrated([scored(0.9), scored(0.8)])[0] < alone
    assert calibrated([scored(0.9, unresolved=("y",))])[0] < alone
    assert calibrated([scored(0.9, text="1" * 80)])[0] < alone


def test_estimates_of_unknown_origin_stand():
    (p,) = calibrated([scored(0.7, proposer="plugin.lint.near_rule")])
    assert abs(p - 0.7) < 1e-9


def test_extreme_estimates_are_bounded():
    assert all(0 < p < 1 for p in calibrated([scored(0.0), scored(1.0)]))
