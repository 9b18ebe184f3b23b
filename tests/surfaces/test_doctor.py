"""`bestfix doctor`."""

import json

import pytest
from typer.testing import CliRunner

from bestfix.surfaces import cli_doctor
from bestfix.surfaces.cli import app
from bestfix.validate.sandbox import landlock


def found(**environment):
    done = CliRunner().invoke(app, ["doctor", "--json"], env=environment)
    return done.exit_code, json.loads(done.stdout)


def test_it_says_what_is_in_force_and_has_tried_it():
    code, document = found()
    assert code == 0
    assert document["verification"]["in force"].startswith("sandbox")
    assert document["verification"]["checked"].startswith("a child ran; it could not write a file")
    assert document["extras"]["sql"] == "installed"
    assert "not installed" not in {document["databases"]["duckdb"], document["databases"]["sqlite"]}
    assert document["jupyter"]["ipython"][0].isdigit()


def test_the_same_for_people():
    done = CliRunner().invoke(app, ["doctor"])
    assert "in force     sandbox: fixes run in confined copies" in done.stdout
    assert "landlock     version" in done.stdout


def test_it_says_why_verification_is_static(monkeypatch):
    assert found(BESTFIX_VERIFY="static")[1]["verification"]["in force"] == "static: the setting `verify` says so"
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert "Landlock" in found()[1]["verification"]["in force"]


def test_settings_that_cannot_be_read_are_a_problem():
    code, document = found(BESTFIX_VERIFY="always")
    assert code == 1
    assert "verify" in document["settings"]["problem"]


def test_it_says_what_is_locked_and_by_which_file(tmp_path):
    assert found()[1]["settings"]["locked"] == "nothing"
    site = tmp_path / "site.toml"
    site.write_text('locked = ["network", "k"]\n')
    settings = found(BESTFIX_SITE_CONFIG=str(site))[1]["settings"]
    assert settings["site files"] == str(site)
    assert settings["locked"] == f"network (by {site}); k (by {site})"


@pytest.mark.parametrize(
    ("possible", "said"), [(b"open a socket", "possible to open a socket"), (None, "nothing can be run")]
)
def test_a_sandbox_with_a_hole_is_a_problem(monkeypatch, possible, said):
    monkeypatch.setattr(cli_doctor, "_tried", lambda _: possible)
    code, document = found()
    assert code == 1
    assert said in document["verification"]["problem"]
    assert document["verification"]["in force"] == "static"


def test_it_says_which_experiments_run_or_why_none(tmp_path):
    file = tmp_path / "experiments.toml"
    file.write_text("[experiments.ranker.arms]\nfirst = {}\nsmall = {k = 3}\n")
    assert found(BESTFIX_EXPERIMENTS=str(file))[1]["settings"]["experiments"] == "ranker"
    file.write_text("experiments = 3")
    assert "experiments: must be a table" in found(BESTFIX_EXPERIMENTS=str(file))[1]["settings"]["experiments"]
    assert found()[1]["settings"]["experiments"] == "none"
