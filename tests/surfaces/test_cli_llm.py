"""`bestfix llm`, against a scripted endpoint."""

from __future__ import annotations

import pytest
import scripted_endpoint as scripted
from typer.testing import CliRunner

from bestfix.generate.llm.connections import connections
from bestfix.surfaces.cli import app


@pytest.fixture
def endpoint():
    with scripted.scripted_endpoint() as served:
        yield served
        connections().close()


@pytest.fixture
def llm(monkeypatch, tmp_path):
    """Run `bestfix llm` with settings from variables alone."""
    monkeypatch.setattr("bestfix.config.config_file", lambda: tmp_path / "none.toml")

    def run(*arguments, **variables):
        names = {f"BESTFIX_LLM_{name.upper()}": value for name, value in variables.items()}
        return CliRunner(env=names).invoke(app, ["llm", *arguments])

    return run


def test_without_a_model_it_says_how_to_connect_one(llm):
    done = llm()
    assert done.exit_code == 0
    assert "No model is connected" in done.stdout
    assert llm("try").stdout == done.stdout


def test_the_configuration_is_shown_and_nothing_is_sent(llm, endpoint, monkeypatch):
    monkeypatch.setenv("MINE", "sk-secret")
    done = llm(model="m-1", base_url=endpoint.url, api_key_env="MINE", models="direct=small")
    assert f"model      m-1 at {endpoint.url} (openai)" in done.stdout
    assert "  direct   small" in done.stdout
    assert "the variable MINE" in done.stdout
    assert "schema-only" in done.stdout
    assert "sk-secret" not in done.stdout
    assert endpoint.connections == 0


def test_a_missing_key_is_named(llm, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert "missing: api.anthropic.com needs a key" in llm(model="m", provider="anthropic").stdout
    assert llm("try", model="m", provider="anthropic").exit_code == 1


def test_trying_shows_the_answer(llm, endpoint):
    endpoint.script = scripted.says("print('hello')")
    done = llm("try", model="m-1", base_url=endpoint.url)
    assert done.exit_code == 0
    assert "  print('hello')\nby m-1 in 0." in done.stdout
    assert "5 + 7 tokens, log-probabilities no, request req-1" in done.stdout
    assert "longer than the deadline" not in done.stdout


def test_an_answer_that_is_too_slow_is_said_to_be(llm, endpoint):
    endpoint.script = scripted.slow(0.05, scripted.says("late"))
    assert "longer than the deadline of 0.01 s" in llm("try", model="m", base_url=endpoint.url, deadline="0.01").stdout


def test_what_the_endpoint_says_helps_who_tries(llm, endpoint):
    endpoint.script = scripted.status(404, {"message": "The model 'm-9' does not exist", "code": "model_not_found"})
    done = llm("try", model="m-9", base_url=endpoint.url)
    assert done.exit_code == 1
    assert (
        "RefusedError: status 404 (model_not_found)\nThe endpoint says: The model 'm-9' does not exist" in done.stderr
    )


def test_models_are_listed_by_name(llm, endpoint):
    assert llm("models", model="m", base_url=endpoint.url).stdout == "m-1\nm-2\n"


def test_a_setting_that_does_not_fit_is_an_error_of_use(llm):
    done = llm(model="m", privacy="everything")
    assert done.exit_code == 2
    assert "llm.privacy must be one of" in done.stderr
