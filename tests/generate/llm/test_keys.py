"""Where a key comes from, where it goes, and where it never shows."""

from __future__ import annotations

import logging
import sys
import traceback
import types

import pytest
import scripted_endpoint as scripted

from bestfix import Settings
from bestfix.config import LLM
from bestfix.generate.llm import errors
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.endpoint import Endpoint
from bestfix.generate.llm.keys import find_key

KEY = "sk-very-secret-0123456789"
PROMPT = "the user's own words"


def endpoint_of(**llm):
    return Endpoint.of(Settings(llm=LLM(model="m", **llm)))


@pytest.fixture
def keyring(monkeypatch):
    """A keyring with the entries that the test puts in."""
    entries = {}
    module = types.SimpleNamespace(get_password=lambda service, user: entries.get((service, user)))
    monkeypatch.setitem(sys.modules, "keyring", module)
    return entries


@pytest.mark.parametrize(
    ("llm", "variable"),
    [
        ({}, "OPENAI_API_KEY"),
        ({"provider": "anthropic"}, "ANTHROPIC_API_KEY"),
        ({"base_url": "https://mine.openai.azure.com/openai/v1/"}, "AZURE_OPENAI_API_KEY"),
        ({"base_url": "https://dbc-1.cloud.databricks.com/serving-endpoints"}, "DATABRICKS_TOKEN"),
        ({"base_url": "https://adb-1.2.azuredatabricks.net/serving-endpoints"}, "DATABRICKS_TOKEN"),
        ({"base_url": "https://openrouter.ai/api/v1"}, "OPENROUTER_API_KEY"),
        ({"base_url": "http://localhost:11434/v1"}, ""),
        ({"base_url": "https://api.openai.com.example/v1"}, ""),
        ({"base_url": "https://evil-openrouter.ai/api/v1"}, ""),
        ({"base_url": "https://llm.example/v1", "api_key_env": "MINE"}, "MINE"),
    ],
)
def test_a_key_goes_to_the_host_that_it_belongs_to(llm, variable):
    assert endpoint_of(**llm).key_variable == variable


def test_the_environment_comes_before_the_keyring(keyring, monkeypatch):
    keyring["bestfix", "api.openai.com"] = "from the keyring"
    monkeypatch.setenv("OPENAI_API_KEY", "from the environment")
    assert find_key(endpoint_of()).value == "from the environment"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert find_key(endpoint_of()).value == "from the keyring"


def test_a_missing_key_says_what_to_do(keyring, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(
        errors.MissingKeyError, match=r"set OPENAI_API_KEY, or run `keyring set bestfix api\.openai\.com`"
    ):
        find_key(endpoint_of())
    assert find_key(endpoint_of(base_url="http://localhost:1/v1")).value == ""


def test_a_broken_keyring_is_none(monkeypatch):
    def broken(service, user):
        raise RuntimeError("no D-Bus")

    monkeypatch.setitem(sys.modules, "keyring", types.SimpleNamespace(get_password=broken))
    assert find_key(endpoint_of(base_url="https://llm.example/v1")).value == ""


def test_a_model_on_this_machine_opens_no_keyring(keyring):
    keyring["bestfix", "localhost:1"] = "k"
    keyring["bestfix", "llm.example"] = "k"
    assert find_key(endpoint_of(base_url="http://localhost:1/v1")).value == ""
    assert find_key(endpoint_of(base_url="https://llm.example/v1")).origin == "the keyring"


def test_settings_hold_no_key():
    with pytest.raises(ValueError, match="no user name or password") as caught:
        LLM(base_url=f"https://user:{KEY}@host/v1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize(
    "script",
    [
        scripted.says("ok"),
        scripted.status(401, {"message": f"wrong key {KEY} for {PROMPT}", "code": KEY.replace("-", " ")}),
        scripted.status(500, {"message": PROMPT}),
        scripted.body(PROMPT.encode(), "text/plain"),
        scripted.closes(),
        scripted.never(),
    ],
)
def test_neither_key_nor_prompt_shows_anywhere(endpoint, ask, monkeypatch, caplog, script, provider):
    monkeypatch.setenv("THE_KEY", KEY)
    endpoint.script = script
    caplog.set_level(logging.DEBUG)
    client = Client.of(endpoint.settings(api_key_env="THE_KEY", provider=provider))
    found = ask(2.0, of=client, user=PROMPT, system=PROMPT)
    assert any(KEY in value for value in endpoint.requests[0].headers.values())
    shown = [*(record.getMessage() for record in caplog.records), repr(client), repr(found), str(found)]
    if isinstance(found, errors.LLMError):
        told = traceback.TracebackException.from_exception(found, capture_locals=True)
        text = "".join(told.format())
        assert KEY not in text
        shown += [repr(found.failure("llm")), "".join(traceback.format_exception(found))]
        assert KEY not in found.detail
    assert not [text for text in shown if KEY in text or PROMPT in text]
    assert any("[req-" in record.getMessage() for record in caplog.records) == bool(getattr(found, "request_id", ""))


def test_an_organization_goes_to_no_other_host(endpoint, ask, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    ask(of=Client.of(endpoint.settings()))
    sent = " ".join(endpoint.requests[0].headers.values())
    assert not [secret for secret in ("org-1", "project-1", KEY) if secret in sent]


def test_a_missing_library_says_what_to_install(endpoint, ask, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    found = ask(of=Client.of(endpoint.settings(api_key_env="HOME")))
    assert isinstance(found, errors.MissingLibraryError)
    assert "pip install 'bestfix[llm]'" in str(found)
