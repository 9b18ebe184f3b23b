"""From a simulated population to a verdict: sound assignments, true effects, guardrails, and what is said of them."""

from dataclasses import replace

import numpy as np
import pytest

from bestfix.experiment.analyze import analyzed
from bestfix.experiment.assign import Arm, Experiment
from bestfix.experiment.metrics import METRICS, PRIMARY, compared
from bestfix.experiment.population import Behaviour, Fault, Population, drawn_users
from bestfix.experiment.report import as_json, as_text
from bestfix.experiment.shortcut import summed
from bestfix.experiment.sums import daily
from bestfix.experiment.trial import tried
from bestfix.experiment.verdict import Advice, verdicts

BASE = Behaviour()
TWO = Experiment("ranker", (Arm("first"), Arm("trees")), "ranker", "ranker")


def analysis(trees=BASE, experiment=TWO, seed=1, **population):
    population = Population(**{"users": 2500, "days": 10, "arms": {"trees": trees}} | population)
    return analyzed(experiment, summed(drawn_users(population, [experiment], seed), [experiment]))


def test_a_gain_is_found_and_rolled_out():
    found = analysis(BASE.lifted(0.05))
    (verdict,) = verdicts(found)
    assert verdict.advice is Advice.ROLL_OUT
    assert verdict.sentence.startswith("Roll out trees: +")
    look = found.pairs[0].looks[-1]
    assert look.low < look.found.low < 0.05 < look.found.high < look.high


def test_a_loss_is_not_rolled_out():
    (verdict,) = verdicts(analysis(BASE.lifted(-0.05)))
    assert verdict.advice is Advice.STOP
    assert verdict.sentence.endswith("which is a loss.")


def test_what_is_level_is_not_rolled_out_once_the_planned_gain_is_ruled_out():
    (verdict,) = verdicts(analysis(experiment=replace(TWO, effect=0.04)))
    assert verdict.advice is Advice.STOP
    assert verdict.sentence.endswith("a gain of 4 points is ruled out.")


def test_what_is_open_keeps_running_for_as_long_as_it_says():
    found = analysis(users=600, days=4)
    (verdict,) = verdicts(found)
    assert verdict.advice is Advice.CONTINUE
    more = found.pairs[0].needed - found.pairs[0].looks[-1].users
    assert f"about {more:,} more users at once, or " in verdict.sentence


def test_a_slow_treatment_is_not_rolled_out_however_good():
    (verdict,) = verdicts(analysis(replace(BASE.lifted(0.05), seconds=0.5)))
    assert verdict.advice is Advice.STOP
    assert "time to the decision, more than is allowed" in verdict.sentence


def test_too_few_users_say_nothing():
    found = analysis(users=120)
    (verdict,) = verdicts(found)
    assert "too few users" in verdict.sentence
    assert found.pairs[0].looks == ()


def test_nobody_is_waited_for():
    found = analysis(experiment=replace(TWO, ramp=0.0), users=200)
    (verdict,) = verdicts(found)
    assert verdict.advice is Advice.CONTINUE
    assert "no failure" in verdict.sentence


@pytest.mark.parametrize(("fault", "said"), [(Fault.LOST, "users where"), (Fault.CROSSED, "seen in several arms")])
def test_of_a_broken_assignment_nothing_is_concluded(fault, said):
    found = analysis(BASE.lifted(0.05), fault=fault)
    (verdict,) = verdicts(found)
    assert verdict.advice is Advice.REPAIR
    assert said in verdict.sentence
    assert found.pairs == ()
    assert "fixes kept" not in as_text(found)


def test_three_arms_share_the_chance_of_error_and_unequal_weights_are_expected():
    three = Experiment("three", (Arm("first", 2), Arm("trees", 1), Arm("votes", 1)), "three", "three")
    found = analysis(BASE.lifted(0.06), three, users=4000)
    assert found.assignment.sound
    assert found.assignment.expected["first"] == pytest.approx(2 * found.assignment.expected["votes"])
    trees, votes = verdicts(found)
    assert trees.advice is Advice.ROLL_OUT
    assert votes.advice is not Advice.ROLL_OUT
    assert "97.5 % at one look" in as_text(found)


def test_what_users_did_before_narrows_the_interval():
    population = Population(users=2500, likeness=0.3, before=28)
    rows = summed(drawn_users(population, [TWO], 3), [TWO])
    control, treated = (arm.at(-1) for arm in daily(rows))
    plain = replace(PRIMARY, covariates=())
    with_past, without = compared(PRIMARY, control, treated), compared(plain, control, treated)
    assert with_past.error < 0.95 * without.error


def test_the_standard_error_is_that_of_drawing_users_anew():
    rows = summed(drawn_users(Population(users=1500), [TWO], 4), [TWO])
    control, treated = (arm.at(-1) for arm in daily(rows))
    users, at = np.unique(rows.user, return_inverse=True)
    sums = np.zeros((len(users), 2))
    np.add.at(sums, at, rows.values[:, [3, 0]])
    arm = np.zeros(len(users), dtype=int)
    arm[at] = rows.arm
    rng = np.random.default_rng(0)
    gains = []
    for _ in range(400):
        drawn = [rng.choice(np.flatnonzero(arm == which), (arm == which).sum()) for which in (0, 1)]
        one, other = (sums[d].sum(axis=0) for d in drawn)
        gains.append(other[0] / other[1] - one[0] / one[1])
    found = compared(replace(PRIMARY, covariates=()), control, treated)
    assert found.error == pytest.approx(np.std(gains), rel=0.15)


def test_a_novelty_wears_off():
    bright = replace(BASE, novelty=0.4)
    looks = analysis(bright, users=6000, days=14, before=3).pairs[0].looks
    assert looks[0].found.effect > looks[-1].found.effect + 0.02


def test_a_metric_that_nobody_can_have_is_not_known():
    found = analysis(replace(BASE, shown=0.0), users=800, own=replace(BASE, shown=0.0))
    assert found.pairs[0].needed is None
    unknown = {line.metric.name for line in found.pairs[0].lines if line.found is None}
    assert unknown >= {"taken per fix shown", "ran clean per fix taken"}
    assert "not known" in as_text(found)


def test_everything_is_told_as_json():
    import json

    found = analysis(users=800)
    told = json.loads(json.dumps(as_json(found)))
    assert [line["metric"]["name"] for line in told["pairs"][0]["lines"]] == [m.name for m in METRICS]
    assert told["verdicts"][0]["treatment"] == "trees"


def test_few_experiments_without_an_effect_call_for_anything():
    trials = [tried(Population(users=700, days=5, before=5), seed) for seed in range(30)]
    assert all(trial.sound for trial in trials)
    assert sum(trial.p < 0.05 for trial in trials) <= 5
    assert sum(trial.ever_excluded for trial in trials) <= 2
    assert sum(trial.lowest_p < 0.05 for trial in trials) > sum(trial.p < 0.05 for trial in trials)


def test_a_true_gain_is_found_about_as_often_as_planned():
    population = Population(users=2600, days=8, arms={"treatment": BASE.lifted(0.03)})
    trials = [tried(population, seed, effect=0.03) for seed in range(16)]
    assert np.mean([trial.effect for trial in trials]) == pytest.approx(0.03, abs=0.004)
    planned = np.mean([trial.needed for trial in trials])
    assert planned < np.mean([trial.users for trial in trials]) < 2 * planned
    assert np.mean([trial.ever_excluded for trial in trials]) > 0.8
