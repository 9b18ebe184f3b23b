"""What an `experiments.toml` may say, and what is said when it says something else."""

import pytest

from bestfix import Settings
from bestfix.experiment.assign import Experiments
from bestfix.experiment.definition import ExperimentsError, experiments_file, load_experiments

GOOD = """
holdout = 0.05

[experiments.votes]
layer = "ranking"
slot = [0.0, 0.5]
ramp = 0.2
effect = 0.01
[experiments.votes.arms.first]
[experiments.votes.arms.majority]
weight = 2
selector = "majority"
llm.strategies = ["direct", "sampled"]

[experiments.trees]
layer = "ranking"
slot = [0.5, 1.0]
[experiments.trees.arms]
first = {}
trees = { selector = "trees", threshold = 0.7 }
"""


@pytest.fixture
def load(tmp_path):
    def write(text):
        path = tmp_path / "experiments.toml"
        path.write_text(text)
        return load_experiments(path)

    return write


def test_a_file_is_read(load):
    experiments = load(GOOD)
    votes, trees = experiments.running
    assert (votes.layer, votes.slot, votes.ramp, votes.effect) == ("ranking", (0.0, 0.5), 0.2, 0.01)
    assert [(arm.name, arm.weight) for arm in votes.arms] == [("first", 1), ("majority", 2)]
    assert votes.arms[1].applied(Settings()).llm.strategies == ("direct", "sampled")
    assert trees.arms[1].applied(Settings()).threshold == 0.7
    assert [arm.name for arm in experiments.named("holdout").arms] == ["held-out", "included"]
    assert experiments.running[0].salt == "votes"


def test_no_file_is_no_experiment(tmp_path):
    assert load_experiments(tmp_path / "none.toml") == Experiments()


def test_the_file_lies_beside_the_settings_or_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.delenv("BESTFIX_EXPERIMENTS", raising=False)
    assert experiments_file().name == "experiments.toml"
    monkeypatch.setenv("BESTFIX_EXPERIMENTS", str(tmp_path / "x.toml"))
    assert experiments_file() == tmp_path / "x.toml"


def test_a_version_changes_with_what_is_dealt_and_not_with_the_ramp(load):
    version = load(GOOD).named("votes").version
    assert version == load(GOOD.replace("ramp = 0.2", "ramp = 0.9")).named("votes").version
    for old, new in (("weight = 2", "weight = 3"), ('"majority"', '"execution"'), ("ramp = 0.2", 'salt = "again"')):
        assert version != load(GOOD.replace(old, new)).named("votes").version


ARMS = "[experiments.x.arms]\na = {}\nb = {}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("holdout = ", "experiments.toml: "),
        ("holdout = 2", "holdout: must be a number from 0 to 0.5, got 2"),
        ("holdout = true", "holdout: must be a number"),
        ("hold = 1", "has no key 'hold'"),
        ("experiments = 3", "experiments: must be a table"),
        ("[experiments]\nx = 3", r"experiments.x: must be a table"),
        ("[experiments.x.arms]\na = {}", "experiments.x.arms: needs at least two arms"),
        ("[experiments.x]\nlayr = 'a'\n" + ARMS, "experiments.x: has no key 'layr'"),
        ("[experiments.x]\nramp = 1.5\n" + ARMS, "experiments.x.ramp: must be a number from 0 to 1, got 1.5"),
        ("[experiments.x]\nramp = nan\n" + ARMS, "experiments.x.ramp: must be a number"),
        ("[experiments.x]\npower = 1\n" + ARMS, "experiments.x.power: must be a number from 0.5"),
        ("[experiments.x]\nlayer = ''\n" + ARMS, "experiments.x.layer: must be a text"),
        ("[experiments.x]\nslot = 1\n" + ARMS, "experiments.x.slot: must be two numbers"),
        ("[experiments.x]\nslot = [0.5, 0.5]\n" + ARMS, "experiments.x.slot: must be a part of"),
        ("[experiments.x.arms]\na = {}\nb = 3", "experiments.x.arms.b: must be a table of settings"),
        ("[experiments.x.arms]\na = {}\nb = {selctor = 'x'}", "experiments.x.arms.b: no setting is called 'selctor'"),
        ("[experiments.x.arms]\na = {}\nb = {k = 'many'}", "experiments.x.arms.b: setting k: 'many'"),
        ("[experiments.x.arms]\na = {}\nb = {threshold = 2}", "experiments.x.arms.b: threshold must lie between"),
        ("[experiments.x.arms]\na = {}\nb = {weight = 0}", "experiments.x.arms.b.weight: must be a number from 0.001"),
        ("[experiments.x.arms]\na = {}\nb = {llm = 3}", "experiments.x.arms.b: llm must be a table"),
        ("[experiments.x.arms]\na = {}\nb = {llm.kk = 3}", "experiments.x.arms.b: no setting is called 'llm.kk'"),
        (
            "[experiments.x.arms]\na = {}\nb = {network = true}",
            "experiments.x.arms.b.network: is the user's own choice",
        ),
        (
            "[experiments.x.arms]\na = {}\nb = {llm.privacy = 'with-values'}",
            "arms.b.llm.privacy: is the user's own choice",
        ),
        ("[experiments.x.arms]\na = {}\nb = {log.code = true}", "arms.b.log.code: is the user's own choice"),
        ("[experiments.holdout.arms]\na = {}\nb = {}", "experiments.holdout: the name is taken"),
        (ARMS + ARMS.replace(".x.", ".y."), None),
        (
            (ARMS + ARMS.replace(".x.", ".y.")).replace("b = {}", "b = {k = 3}"),
            "experiments.x and experiments.y both set k, but stand in different layers",
        ),
        (
            "[experiments.x]\nlayer = 'l'\n" + ARMS + "[experiments.y]\nlayer = 'l'\n" + ARMS.replace(".x.", ".y."),
            r"experiments.y.slot: \[0.0, 1.0\] overlaps with experiments.x's \[0.0, 1.0\] in layer 'l'",
        ),
    ],
)
def test_a_bad_file_says_which_key_is_wrong(load, text, message):
    if message is None:
        assert len(load(text).running) == 2
        return
    with pytest.raises(ExperimentsError, match=message):
        load(text)
