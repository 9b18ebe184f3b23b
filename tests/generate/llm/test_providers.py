"""Both protocols say the same."""

from __future__ import annotations

import pytest
import scripted_endpoint as scripted

from bestfix.core import Deadline
from bestfix.generate.llm import errors
from bestfix.generate.llm.client import Client


@pytest.fixture(params=["openai", "anthropic"])
def both(request, endpoint, ask, monkeypatch):
    """Ask in one of the protocols."""
    monkeypatch.setenv("A_KEY", "k-1")
    client = Client.of(endpoint.settings(provider=request.param, api_key_env="A_KEY"))
    return lambda **changes: ask(of=client, **changes)


@pytest.mark.parametrize("script", [scripted.says("an answer in pieces"), scripted.whole("an answer in pieces")])
def test_an_answer_comes_with_its_counts(endpoint, both, script):
    endpoint.script = script
    found = both()
    assert (found.texts, found.complete, found.model) == (("an answer in pieces",), (True,), "m-1")
    assert (found.prompt_tokens, found.completion_tokens) == (5, 7)


def test_several_answers_are_had_one_way_or_the_other(endpoint, both):
    endpoint.script = scripted.says("a", "a", "a")
    assert both(n=3, temperature=0.8).texts == ("a", "a", "a")
    assert {body.get("temperature", 0.8) for body in endpoint.bodies} == {0.8}


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (scripted.declines(), errors.DeclinedError),
        (scripted.says(""), errors.EmptyAnswerError),
        (scripted.status(401), errors.KeyRefusedError),
        (scripted.status(529), errors.ServerFailedError),
        (scripted.status(429, headers={"retry-after": "30"}), errors.RateLimitedError),
        (scripted.body(b'data: {"type": "error", "error": {"type": "x"}}\n\n'), errors.MalformedAnswerError),
        (scripted.body(b'data: {"type": "content_block_delta", "choices": [3]}\n\n'), errors.MalformedAnswerError),
        (scripted.closes(), errors.ConnectionFailedError),
    ],
)
def test_what_goes_wrong_is_the_same_error(endpoint, both, script, kind):
    endpoint.script = script
    assert type(both()) is kind


def test_an_answer_that_is_cut_short_by_its_length_says_so(endpoint, both):
    async def short(exchange):
        await exchange.head()
        await exchange.text("half")
        await exchange.end("length")

    endpoint.script = short
    assert both().complete == (False,)


def test_models_are_listed_by_both(endpoint, monkeypatch):
    monkeypatch.setenv("A_KEY", "k-1")
    for provider in ("openai", "anthropic"):
        client = Client.of(endpoint.settings(provider=provider, api_key_env="A_KEY"))
        assert client.models(Deadline.after(5)) == ["m-1", "m-2"]
