"""Who gets which settings: uniform, sticky, independent across salts, growing with the ramp."""

import math
import subprocess
import sys
from dataclasses import replace
from statistics import NormalDist

from hypothesis import given, settings
from hypothesis import strategies as st

from bestfix import Settings
from bestfix.config import LLM
from bestfix.experiment.assign import HELD_OUT, Arm, Experiment, Experiments, drawn

few = settings(max_examples=15, deadline=None)
USERS = [f"user-{i}" for i in range(4000)]
OWN = Settings(selector="first")
TREES = Arm("trees", changes={"selector": "trees"}, llm={"k": 4})
SALTS = st.text(min_size=1, max_size=12)


def experiment(name="ranker", **changes):
    return Experiment(name, (Arm("today"), TREES), layer=name, salt=name, **changes)


def within_chance(hits, n, p):
    """Whether a count of hits is one that chance gives all but once in a million."""
    return abs(hits - n * p) <= -NormalDist().inv_cdf(5e-7) * math.sqrt(n * p * (1 - p)) + 1


@few
@given(SALTS)
def test_users_are_spread_uniformly(salt):
    numbers = [drawn("arm", salt, user) for user in USERS]
    assert all(0 <= x < 1 for x in numbers)
    for tenth in range(10):
        assert within_chance(sum(tenth / 10 <= x < (tenth + 1) / 10 for x in numbers), len(USERS), 0.1)


@few
@given(SALTS, SALTS)
def test_two_salts_deal_independently(one, other):
    if one == other:
        return
    both = sum(drawn("arm", one, u) < 0.5 and drawn("arm", other, u) < 0.5 for u in USERS)
    assert within_chance(both, len(USERS), 0.25)


@few
@given(SALTS)
def test_the_place_in_a_layer_says_nothing_of_the_arm(salt):
    both = sum(drawn("layer", salt, u) < 0.5 and drawn("arm", salt, u) < 0.5 for u in USERS)
    assert within_chance(both, len(USERS), 0.25)


@given(st.floats(0, 1), st.floats(0, 1), st.text(min_size=1))
def test_whoever_is_in_stays_in_the_same_arm_as_the_ramp_grows(one, other, user):
    low, high = sorted((one, other))
    before, after = experiment(ramp=low).arm_of(user), experiment(ramp=high).arm_of(user)
    assert before is None or before == after


def test_a_ramp_takes_its_share_and_weights_are_kept():
    arms = (Arm("a", 1), Arm("b", 3))
    dealt = [Experiment("e", arms, "e", "e", (0.5, 1.0), ramp=0.4).arm_of(user) for user in USERS]
    inside = [arm for arm in dealt if arm is not None]
    assert within_chance(len(inside), len(USERS), 0.2)
    assert within_chance(sum(arm.name == "b" for arm in inside), len(inside), 0.75)


def test_the_numbers_are_those_that_are_documented():
    assert drawn("arm", "ranker", "ada") == 0.9068140764964725


def test_two_experiments_of_a_layer_have_no_user_in_common():
    one = Experiment("one", (Arm("a"), Arm("b")), "ranking", "one", (0.0, 0.5))
    other = Experiment("other", (Arm("a"), Arm("b")), "ranking", "other", (0.5, 1.0))
    assert all((one.arm_of(user) is None) != (other.arm_of(user) is None) for user in USERS)


def test_an_arm_changes_the_settings_that_it_names_and_no_other():
    own = Settings(threshold=0.6, llm=LLM(model="m", k=8, deadline=3.0))
    assert TREES.applied(own) == replace(own, selector="trees", llm=replace(own.llm, k=4))
    assert Arm("today").applied(own) is own


def test_exposures_name_the_arm_under_which_a_failure_was_decided():
    experiments = Experiments((experiment(version=7),))
    for user in USERS[:50]:
        own, (exposure,) = experiments.settings_for(user, OWN)
        assert own.selector == ("trees" if exposure.arm == "trees" else "first")
        assert (exposure.experiment, exposure.layer, exposure.version) == ("ranker", "ranker", 7)


def test_nothing_is_exposed_where_the_arms_have_no_difference():
    ask = Experiments((Experiment("ask", (Arm("8"), Arm("4", llm={"k": 4})), "ask", "ask"),))
    assert ask.settings_for("ada", Settings()) == (Settings(), ())
    connected = Settings(llm=LLM(model="m"))
    assert ask.settings_for("ada", connected)[1]


def test_who_is_held_out_keeps_the_own_settings_and_is_known_as_held_out():
    holdout = Experiment("holdout", (Arm("included", 0.9), Arm(HELD_OUT, 0.1)), "", "holdout")
    experiments = Experiments((experiment(),), holdout)
    held = [e for u in USERS for s, e in [experiments.settings_for(u, OWN)] if e[0].arm == HELD_OUT]
    assert within_chance(len(held), len(USERS), 0.1)
    assert all(len(exposures) == 1 for exposures in held)
    assert len(experiments.settings_for("user-0", OWN)[1]) in {1, 2}


def test_nobody_in_particular_is_in_no_experiment():
    assert Experiments((experiment(),)).settings_for("", Settings()) == (Settings(), ())


def test_assigning_loads_the_standard_library_alone():
    code = (
        "import sys; from bestfix.experiment.definition import load_experiments; load_experiments();"
        "print(sorted({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'__main__'}))"
    )
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(eval(loaded)) <= {"bestfix", "platformdirs", "sitecustomize", "_virtualenv"}
