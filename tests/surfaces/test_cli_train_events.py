"""Learning from users at the command line: what is better is promoted, and can be taken back; noise is not."""

import pytest
from typer.testing import CliRunner

pytest.importorskip("lightgbm")
pytest.importorskip("pyarrow")
pytest.importorskip("sklearn")
pytest.importorskip("sqlalchemy")
from simulated_events import World

from bestfix.surfaces.cli import app
from bestfix.train.build import build, human_parts


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    lines = [f'{{"id": "{n}", "code": "print(f({n})", "fixed": ["print(f({n}))"]}}' for n in range(3)]
    (folder / "people.jsonl").write_text("\n".join(lines))
    build(human_parts(folder / "people.jsonl", folder / "data"), jobs=1, progress=lambda *_: None)
    return folder / "data"


def bestfix(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_what_is_better_is_promoted_and_taken_back(corpus, tmp_path):
    events = World(users=30, each=26, explore=0.3).export(tmp_path)
    database = tmp_path / "events.db"
    done = bestfix("train", "fit", corpus, "--out", tmp_path / "models", "--events", events, "--no-promote")
    assert done.exit_code == 0, done.output
    assert "written to" in done.output
    assert "comes with bestfix" in bestfix("model", "list").output
    promoted = bestfix("model", "promote", tmp_path / "models" / "trees", "--why", "seen to be better")
    assert "bestfix model rollback trees" in promoted.output
    compared = bestfix("model", "compare", "trees:shipped", "trees", "--events", database)
    assert compared.exit_code == 0, compared.output
    assert "doubly robust" in compared.output
    again = bestfix("train", "fit", corpus, "--out", tmp_path / "again", "--events", events)
    assert "not promoted" in again.output.partition("logistic:")[0]
    assert "promoted as" in again.output.partition("logistic:")[2]
    assert "AUC on held-out events" in bestfix("model", "list").output
    assert "comes with bestfix is in use" in bestfix("model", "rollback", "logistic").output


def test_events_that_are_not_there_or_too_few_are_named(corpus, tmp_path):
    done = bestfix("train", "fit", corpus, "--events", tmp_path / "nothing.db")
    assert (done.exit_code, "no events at" in done.output) == (2, True)
    few = World(users=1, each=3).export(tmp_path)
    done = bestfix("train", "fit", corpus, "--out", tmp_path / "models", "--events", few)
    assert (done.exit_code, "too few" in done.output) == (2, True)
    done = bestfix("model", "compare", tmp_path / "nowhere", "trees", "--events", few)
    assert (done.exit_code, "manifest.json" in done.output) == (2, True)


def test_events_are_not_sent_to_a_cluster(corpus):
    done = CliRunner().invoke(
        app, ["train", "fit", str(corpus), "--events", "store", "--scheduler", "tcp://127.0.0.1:1"]
    )
    said = " ".join(done.output.replace("│", " ").split())
    assert (done.exit_code, "leave out --scheduler" in said) == (2, True)
