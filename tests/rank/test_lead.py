"""Who is ahead: a repair before what a model wrote untried, and who can be overtaken no more."""

import pytest

from bestfix.core import Applicability, Candidate, Edit, Outcome, Scored, Source, Verdict
from bestfix.rank.calibration import calibrated
from bestfix.rank.lead import guarded, settled

SOURCE = Source("<cell>", "x = oops\n")


def candidate(p, *, outcome=Outcome.UNVERIFIED, model="", votes=("a",), hides=False, safe=True, prior=0.5):
    safety = Applicability.SAFE if safe else Applicability.UNSAFE
    edit = Candidate.edit(SOURCE, Edit(4, 8, "1"), reason="r", prior=prior, applicability=safety)
    proposed = Candidate(edit.patch, "r", votes[0], prior, {}, votes, model)
    return Scored(proposed, Verdict(outcome=outcome, hides=hides), "x = 1\n", p)


def test_what_a_model_wrote_untried_stands_behind_a_confident_repair():
    own, written = candidate(0.85), candidate(0.95, model="m")
    assert guarded([written, own], 0.8) == (own, candidate(0.85, model="m"))


@pytest.mark.parametrize("outcome", [Outcome.RAN_CLEAN, Outcome.BINDS])
def test_what_ran_or_binds_may_lead(outcome):
    own, written = candidate(0.85), candidate(0.95, model="m", outcome=outcome)
    assert guarded([written, own], 0.8) == (written, own)


def test_an_unsure_repair_holds_nobody_back():
    own, written = candidate(0.5), candidate(0.7, model="m")
    assert guarded([written, own], 0.8) == (written, own)


@pytest.mark.parametrize(
    ("best", "awaited", "expected"),
    [
        (candidate(0.2), 0, True),
        (candidate(0.84, outcome=Outcome.RAN_CLEAN), 3, False),
        (candidate(0.86, outcome=Outcome.RAN_CLEAN), 3, True),
        (candidate(0.89, outcome=Outcome.RAN_CLEAN, model="m"), 3, False),
        (candidate(0.91, outcome=Outcome.RAN_CLEAN, model="m"), 3, True),
        (candidate(0.92, outcome=Outcome.RAN_CLEAN, safe=False), 3, False),
        (candidate(0.92, outcome=Outcome.RAN_CLEAN, hides=True), 3, False),
        (candidate(0.92, outcome=Outcome.MOVED), 3, False),
        (candidate(0.89), 3, False),
        (candidate(0.91), 3, True),
        (candidate(0.96, model="m"), 3, False),
        (candidate(0.82, outcome=Outcome.RAN_CLEAN, model="m", votes=("a", "b", "c", "d")), 2, True),
        (candidate(0.82, outcome=Outcome.RAN_CLEAN, model="m", votes=("a", "b", "c")), 2, False),
        (candidate(0.7, outcome=Outcome.RAN_CLEAN, model="m", votes=("a", "b", "c", "d")), 2, False),
    ],
)  # fmt: skip
def test_when_nothing_awaited_can_overtake_the_best(best, awaited, expected):
    assert settled([best, candidate(0.1)], 0.8, awaited) is expected


def test_with_no_candidate_everything_is_awaited():
    assert not settled([], 0.8, 2)
    assert settled([], 0.8, 0)


def test_trying_moves_the_estimate_of_what_a_model_wrote():
    worst_first = [Outcome.NEW_ERROR, Outcome.UNVERIFIED, Outcome.MOVED, Outcome.BINDS, Outcome.RAN_CLEAN]
    estimates = calibrated([candidate(None, model="m", outcome=outcome) for outcome in worst_first])
    assert estimates == sorted(estimates)
    assert estimates[1] == pytest.approx(0.5)
    (hiding,) = calibrated([candidate(None, model="m", outcome=Outcome.RAN_CLEAN, hides=True)])
    assert hiding < 0.05


def test_a_repair_that_a_model_agrees_with_is_likelier_and_one_beside_it_is_not_less_so():
    alone = calibrated([candidate(None, votes=("python.x.y",))])
    seconded = calibrated([candidate(None, votes=("python.x.y", "llm.direct"))])
    assert seconded > alone
    assert calibrated([candidate(None, votes=("python.x.y",)), candidate(None, model="m")])[:1] == alone
