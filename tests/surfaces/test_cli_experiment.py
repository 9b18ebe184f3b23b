"""`bestfix experiment`: simulated users, what was found of them, and what is said of what cannot be done."""

import json
import sqlite3

import pytest
from typer.testing import CliRunner

from bestfix.surfaces.cli import app

DEFINED = '[experiments.ranker.arms]\nfirst = {selector = "first"}\ntrees = {selector = "trees"}\n'


@pytest.fixture
def run():
    def invoke(*arguments, code=0):
        result = CliRunner().invoke(app, ["experiment", *map(str, arguments)])
        assert result.exit_code == code, result.output
        return result.output

    return invoke


@pytest.fixture
def simulated(run, tmp_path):
    """Simulated users of one experiment, whose treatment is five points better; the options that name them."""
    definition = tmp_path / "own.toml"
    definition.write_text(DEFINED)
    folder = tmp_path / "events"
    run("simulate", folder, "--experiments", definition, "--users", 1200, "--days", 6, "--lift", 0.06, "--errors", 2)
    return ["--experiments", folder / "experiments.toml", "--events", folder]


def test_simulated_users_are_analysed(run, simulated, tmp_path):
    page, told = tmp_path / "page.html", tmp_path / "told.json"
    text = run("analyze", "ranker", *simulated, "--html", page, "--json", told)
    assert text.splitlines()[0].startswith("ranker after 6 days; users: first ")
    assert "Roll out trees: +" in text
    assert json.loads(told.read_text())["verdicts"][0]["advice"] == "roll out"
    html = page.read_text()
    assert html.count('class="plot"') == 3
    assert "vegaEmbed" in html
    assert "https://" not in html.split("<script")[0]


def test_the_past_can_be_looked_at_again(run, simulated):
    assert "ranker after 2 days" in run("analyze", "ranker", *simulated, "--until", "2026-01-06")


def test_every_experiment_has_its_standing(run, simulated):
    text = run("status", *simulated)
    assert "100 % of 100 % of the users in layer ranker" in text
    assert "Roll out trees: +" in text


def test_without_experiments_there_is_nothing_to_tell(run):
    assert run("status") == "there are no experiments\n"


def test_a_store_without_exposures_is_waited_for(run, tmp_path):
    definition = tmp_path / "experiments.toml"
    definition.write_text("holdout = 0.1\n" + DEFINED)
    text = run("status", "--experiments", definition)
    assert text.count("no failure has been decided under it yet") == 2


def test_a_broken_assignment_is_all_that_is_said(run, tmp_path):
    run("simulate", tmp_path, "--users", 3000, "--days", 4, "--fault", "lost", "--seed", 3)
    text = run("analyze", "votes", "--experiments", tmp_path / "experiments.toml", "--events", tmp_path)
    assert "Conclude nothing" in text
    assert "fixes kept" not in text


def test_the_story_ends_as_it_is_told(run, tmp_path):
    text = run("story", "--out", tmp_path)
    assert "Do not roll out majority" in text
    assert "Roll out trees" in text
    assert (tmp_path / "votes.html").stat().st_size > 100_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyze", "x"], "no experiment is called 'x'"),
        (["status", "--experiments", "none.toml"], "there is no file none.toml"),
        (["status", "--experiments", "EMPTY", "--events", "none.db"], "there are no events at none.db"),
        (["simulate", "OUT", "--experiments", "BAD"], "experiments: must be a table"),
        (["simulate", "OUT", "--experiments", "none.toml"], "there is no file none.toml"),
        (["simulate", "OUT", "--lift", "0.9"], "lift"),
        (["simulate", "OUT", "--fault", "x"], "is not one of"),
    ],
)
def test_what_cannot_be_done_is_said(run, tmp_path, arguments, message):
    (tmp_path / "bad.toml").write_text("experiments = 3")
    (tmp_path / "empty.toml").write_text("")
    places = {"OUT": tmp_path / "out", "BAD": tmp_path / "bad.toml", "EMPTY": tmp_path / "empty.toml"}
    text = run(*(places.get(argument, argument) for argument in arguments), code=2)
    assert message in " ".join(text.split())


def test_an_sqlite_file_is_read_where_it_lies(run, tmp_path):
    from bestfix.experiment.definition import load_experiments
    from bestfix.experiment.population import Population
    from bestfix.experiment.simulate import to_store
    from bestfix.feedback.place import Place
    from bestfix.feedback.store import Store

    definition, file = tmp_path / "experiments.toml", tmp_path / "team.db"
    definition.write_text(DEFINED)
    store = Store.open(Place(tmp_path, file))
    to_store(Population(users=300, days=3), load_experiments(definition).running, store)
    store.close()
    assert "ranker after 3 days; users: first" in run(
        "analyze", "ranker", "--experiments", definition, "--events", file
    )
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT COUNT(*) FROM exposures").fetchone()[0] > 300
    connection.close()
