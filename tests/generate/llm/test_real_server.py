"""The client against a real inference server with continuous batching, whose tiny random model writes garbage."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bestfix import fix
from bestfix.core import Deadline
from bestfix.generate.llm import errors
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.messages import Request

pytestmark = pytest.mark.xdist_group("model-server")

ENDLESS = 3900
"""Tokens that take the server far longer than any test."""


@pytest.fixture
def ask(server):
    """Submit a request to the server."""
    client = Client.of(server.settings())
    client.warm().result(30)

    def submit(seconds=60.0, **changes):
        question = Request(**{"strategy": "s", "model": server.model, "system": "Fix.", "user": "1/0", **changes})
        return client.submit(question, Deadline.after(seconds))

    yield submit
    connections().close()


def test_an_answer_is_streamed_counted_and_always_the_same(ask):
    first, second = (ask(max_tokens=12).result() for _ in range(2))
    assert first.texts == second.texts
    assert first.complete == (False,)
    assert first.completion_tokens == 12
    assert first.prompt_tokens > 5
    assert first.model


def test_a_server_that_ignores_n_is_asked_for_each_answer(ask):
    found = ask(n=3, max_tokens=6, temperature=0.8).result()
    assert len(found.texts) == 3
    assert found.completion_tokens == 18


def test_answers_to_many_requests_come_side_by_side(ask):
    found = [future.result() for future in [ask(max_tokens=4) for _ in range(12)]]
    assert {completion.texts for completion in found} == {found[0].texts}


def test_the_deadline_keeps_what_has_arrived_and_stops_the_server(ask, server):
    started = time.monotonic()
    found = ask(seconds=6.0, max_tokens=ENDLESS).result()
    assert time.monotonic() - started < 6.5
    assert found.complete == (False,)
    assert len(found.texts[0]) > 1
    assert falls_idle(server)


def test_cancelling_frees_the_server(ask, server):
    futures = [ask(max_tokens=ENDLESS) for _ in range(4)]
    time.sleep(1.0)
    assert not any(future.done() for future in futures)
    for future in futures:
        future.cancel()
    assert falls_idle(server)
    assert ask(max_tokens=3).result().completion_tokens == 3


def test_what_the_server_refuses_is_a_typed_error(ask, server):
    refused = ask(model="no-such-model").exception()
    assert isinstance(refused, errors.RefusedError)
    assert "pinned" in refused.detail
    elsewhere = Client.of(server.settings(base_url=server.url.replace("/v1", "/v9")))
    future = elsewhere.submit(Request("s", server.model, "s", "u"), Deadline.after(10))
    assert "status 404" in str(future.exception())


@pytest.mark.parametrize(("code", "fixed"), [("total = sum(pricse)", "total = sum(prices)"), ("frobnicate(1)", None)])
def test_garbage_fixes_nothing_and_hinders_nothing(server, ask, code, fixed):
    settings = replace(server.settings(deadline=8.0, answer_tokens=16), verify="static")
    namespace = {"prices": [3, 4]}
    with pytest.raises(NameError) as caught:
        exec(compile(code, "<cell>", "exec"), namespace)
    decision = fix(code, error=caught.value, namespace=namespace, settings=settings)
    assert decision.code == fixed
    assert not any(scored.candidate.model for scored in decision.ranked)
    assert decision.seconds < 9
    assert decision.asked
    assert falls_idle(server)


def falls_idle(server):
    """Whether the server stops computing within some seconds."""
    for _ in range(40):
        before = server.cpu
        time.sleep(0.25)
        if server.cpu - before < 0.05:
            return True
    return False
