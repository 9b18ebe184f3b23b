"""What is computed of a candidate."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.core import Candidate, Edit, ErrorInfo, Language, Outcome, Patch, Report, Scored, Source, Span, Verdict
from bestfix.rank.facts import Change
from bestfix.rank.families import FAMILIES, family
from bestfix.rank.features import FEATURES, GROUPS, before_trying, feature_table

CODE = "total = 1\nprint(totl)  # shown\n"


def report(code=CODE, kind="NameError", message="name 'totl' is not defined"):
    span = Span(16, 20)
    return Report(Language.PYTHON, Source("<cell>", code), ErrorInfo(kind, message, ("Exception",), span, 2))


def scored(*edits, code=CODE, verdict=None, **given_):
    candidate = Candidate(Patch("<cell>", edits), "because", "python.names.near_name", **given_)
    return Scored(candidate, verdict or Verdict(), candidate.patch.apply(code))


def values(*candidates, of=None):
    table = feature_table(of or report(), candidates)
    return [dict(zip([f.name for f in FEATURES], row, strict=True)) for row in table]


def test_names_are_unique_and_every_group_is_described():
    assert len({f.name for f in FEATURES}) == len(FEATURES)
    assert {f.group for f in FEATURES} == set(GROUPS)
    assert all(f.meaning for f in FEATURES)
    assert sorted(FEATURES, key=lambda f: not f.shared) == list(FEATURES)


def test_a_renamed_name_is_seen_as_one():
    near, far = values(scored(Edit(16, 20, "total"), prior=0.9), scored(Edit(16, 20, "print"), prior=0.2))
    assert near["name_similarity"] > far["name_similarity"]
    assert near["drops_what_is_said"] == 1
    assert near["occurrences"] == 1
    assert (near["place"], far["place"]) == (0, 1)
    assert near["gap"] > 0 > far["gap"]


def test_a_name_that_was_set_and_never_read_is_seen():
    code = "def f(a, b):\n    total = a\n    for each in b:\n        print(each, totl)\n"
    at = code.index("totl")
    edits = [Edit(at, at + 4, name) for name in ("total", "each", "a")]
    unused, loop, argument = values(*(scored(edit, code=code) for edit in edits), of=report(code))
    assert (unused["unread"], loop["unread"], argument["unread"]) == (1, 0, 0)
    assert (unused["rarer"], unused["name_away"], loop["name_away"]) == (0, 2, 0)
    assert argument["rarer"] > 0


def test_a_candidate_is_seen_beside_how_its_rivals_ran():
    ran, met, refused = values(
        scored(Edit(16, 20, "total"), verdict=Verdict(outcome=Outcome.RAN_CLEAN)),
        scored(Edit(16, 20, "print"), verdict=Verdict(outcome=Outcome.NEW_ERROR)),
        scored(Edit(16, 20, "exit()"), verdict=Verdict(outcome=Outcome.UNVERIFIED)),
    )
    assert (ran["behind"], met["behind"], ran["passed_over"], refused["passed_over"]) == (0, 3, 0, 1)
    assert math.isnan(refused["behind"])


def test_what_is_not_known_is_missing_and_not_zero():
    (row,) = values(scored(Edit(16, 20, "1")))
    assert math.isnan(row["grade"])
    assert math.isnan(row["logprob"])
    assert math.isnan(row["name_similarity"])


def test_verdicts_and_lost_comments_are_seen():
    verdict = Verdict(outcome=Outcome.RAN_CLEAN, result="DataFrame (0, 3)", hides=True)
    (row,) = values(scored(Edit(10, 30, "pass"), verdict=verdict))
    assert row["outcome.ran_clean"] == row["hides"] == row["result_empty"] == row["comments_lost"] == 1
    assert row["grade"] == 4


def test_the_distance_to_the_error_is_measured_in_lines():
    here, above = values(scored(Edit(16, 20, "total")), scored(Edit(0, 0, "totl = 0\n")))
    assert (here["lines_away"], above["lines_away"]) == (0, -1)
    assert here["characters_away"] == 0 < above["characters_away"]


def test_each_error_has_one_family():
    assert family(report()) == "name"
    assert family(report(kind="KeyboardInterrupt")) == "runtime.other"
    (row,) = values(scored(Edit(16, 20, "total")))
    assert sum(row[f"family.{name}"] for name in FAMILIES) == 1


def test_no_candidates_have_no_features():
    assert feature_table(report(), []) == []


edits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("ab \n", max_size=5)), min_size=1, max_size=4)


@given(st.text("ab(\n", min_size=46, max_size=60), edits)
def test_the_touched_lines_are_whole_lines_of_both_versions(text, drawn):
    made, at = [], 0
    for start, length, new in sorted(drawn):
        if start >= at:
            made.append(Edit(start, start + length, new))
            at = start + length + 1
    after = Patch("<cell>", tuple(made)).apply(text)
    change = Change.of(text, made)
    assert len(after) - len(text) == len(change.after) - len(change.before)
    assert set(change.before.splitlines()) <= set(text.splitlines())
    assert change.after.strip() == "" or change.after.splitlines()[0] in after


@given(st.lists(st.sampled_from([o for o in Outcome if o is not Outcome.BROKEN]), min_size=1, max_size=4))
def test_a_row_before_trying_is_that_of_what_was_not_tried(outcomes):
    of = report("f(1\n", "SyntaxError", "'(' was never closed")
    made = [
        Scored(Candidate(Patch("<cell>", (Edit(3, 3, ")" * n),)), "because", "python.search.syntax_error", 0.9 / n),
               Verdict(outcome=outcome, resumed=True, result="int"), f"f(1{')' * n}\n")
        for n, outcome in enumerate(outcomes, 1)
    ]  # fmt: skip
    untried = feature_table(of, [replace(s, verdict=Verdict()) for s in made])
    for row, plain in zip(feature_table(of, made), untried, strict=True):
        before, _ = before_trying(row)
        assert before == pytest.approx(plain, nan_ok=True)
