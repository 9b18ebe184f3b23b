"""The client against every way in which an endpoint may answer: all end in time, in text or in a typed error."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
import warnings

import pytest
import scripted_endpoint as scripted

from bestfix import Settings
from bestfix.config import LLM
from bestfix.core import Deadline
from bestfix.generate.llm import errors
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.messages import Request

LATE = 0.5
"""Seconds after its deadline at which an outcome is too late on a machine that does other things."""
REQUEST = Request("direct", "m-1", "Fix it.", "1/0")


def until(condition, seconds=10.0):
    """Whether a condition comes true within some seconds."""
    deadline = Deadline.after(seconds)
    while not condition() and not deadline.passed:
        time.sleep(0.005)
    return condition()


def test_an_answer_says_everything_that_the_endpoint_tells(endpoint, ask):
    endpoint.script = scripted.says("the answer, in pieces")
    found = ask()
    assert found.texts == ("the answer, in pieces",)
    assert (found.complete, found.model, found.request_id) == ((True,), "m-1", "req-1")
    assert (found.prompt_tokens, found.completion_tokens) == (5, 7)
    assert 0 < found.seconds < 10
    assert endpoint.bodies[0]["messages"] == [
        {"role": "system", "content": "Fix it."},
        {"role": "user", "content": "1/0"},
    ]


@pytest.mark.parametrize(
    ("script", "text", "complete"),
    [
        (scripted.whole("one document"), "one document", True),
        (scripted.says("lines\u2028that\x85are\x0bnone"), "lines\u2028that\x85are\x0bnone", True),
        (scripted.cuts_off("a part"), "a part", False),
        (scripted.stalls("a part"), "a part", False),
        (scripted.slow(0.2, scripted.says("late, yet in time")), "late, yet in time", True),
        (scripted.body(b'data: {"choices":[{"delta":{"content":"no end"}}]}\n\n'), "no end", False),
        (scripted.body(b'data: {"choices":[{"delta":{"content":"end"}}]}\n\ndata: [DONE]\n\n'), "end", True),
        (
            scripted.body(b'data: {"choices":[{"delta":{"content":[{"type":"text","text":"parts"}]}}]}\n'),
            "parts",
            False,
        ),
    ],
)
def test_text_is_kept_whole_or_cut_off(endpoint, ask, script, text, complete):
    endpoint.script = script
    found = ask(1.0 if text == "a part" else 10.0)
    assert (found.texts, found.complete) == ((text,), (complete,))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (scripted.says(""), errors.EmptyAnswerError),
        (scripted.body(b""), errors.EmptyAnswerError),
        (scripted.declines(), errors.DeclinedError),
        (scripted.body(b"<html>busy</html>", "text/html"), errors.MalformedAnswerError),
        (scripted.body(b"data: {broken\n\n"), errors.MalformedAnswerError),
        (scripted.body(b"data: [1]\n\n"), errors.MalformedAnswerError),
        (scripted.body(b'{"choices": 3}', "application/json"), errors.MalformedAnswerError),
        (scripted.body(b'data: {"error": {"message": "overloaded"}}\n\n'), errors.MalformedAnswerError),
        (scripted.body(b"\x00\xff\xfe", "application/octet-stream"), errors.MalformedAnswerError),
        (scripted.status(400), errors.RefusedError),
        (scripted.status(401), errors.KeyRefusedError),
        (scripted.status(404), errors.RefusedError),
        (scripted.status(307, headers={"location": "http://127.0.0.1:1/v1"}), errors.RefusedError),
        (scripted.status(429, headers={"retry-after": "30"}), errors.RateLimitedError),
        (scripted.status(500), errors.ServerFailedError),
        (scripted.never(), errors.LateError),
        (scripted.half_a_head(), errors.LateError),
        (scripted.head_only(), errors.LateError),
        (scripted.drips(0.02, comments=True), errors.LateError),
        (scripted.drips(0.02, ""), errors.LateError),
        (scripted.closes(), errors.ConnectionFailedError),
        (scripted.cuts_off(), errors.ConnectionFailedError),
        (scripted.huge(line=True), errors.TooLongError),
    ],
)
def test_no_text_is_a_typed_error(endpoint, ask, script, kind):
    endpoint.script = script
    found = ask(0.4 if kind is errors.LateError else 10.0)
    assert type(found) is kind
    assert found.failure("llm.direct").error == f"{kind.__name__}: {found}"


def test_an_answer_that_goes_on_for_ever_is_cut_off(endpoint, ask):
    endpoint.script = scripted.huge()
    found = ask(max_tokens=100)
    assert found.complete == (False,)
    assert len(found.texts[0]) < 100_000


@pytest.mark.parametrize(
    "first",
    [scripted.closes(), scripted.status(500), scripted.status(429, headers={"retry-after-ms": "100"})],
)
def test_what_fails_for_the_moment_is_asked_again(endpoint, ask, first):
    endpoint.script = [first, scripted.says("the second time")]
    assert ask().texts == ("the second time",)
    assert len(endpoint.requests) == 2


def test_a_rate_limit_beyond_the_deadline_is_not_waited_for_and_not_tried(endpoint, ask):
    endpoint.script = [scripted.status(429, headers={"retry-after": "30"}), scripted.says("too early")]
    started = time.monotonic()
    assert isinstance(ask(20.0), errors.RateLimitedError)
    assert "allows no request for 2" in str(ask(20.0))
    assert time.monotonic() - started < 5
    assert len(endpoint.requests) == 1


def test_parameters_that_an_endpoint_does_not_take_are_left_out_from_then_on(endpoint, ask):
    async def choosy(exchange):
        for name in ("temperature", "max_tokens"):
            if name in exchange.body:
                error = {"message": f"Unsupported parameter: '{name}'", "param": name, "code": "unsupported_parameter"}
                return await scripted.status(400, error)(exchange)
        return await scripted.says("ok")(exchange)

    endpoint.script = choosy
    assert ask().texts == ("ok",)
    assert len(endpoint.requests) == 3
    assert ask().texts == ("ok",)
    assert len(endpoint.requests) == 4
    last = endpoint.bodies[-1]
    assert last["max_completion_tokens"] == 1024
    assert last["logprobs"] is True


def test_hints_are_given_up_when_a_request_is_refused_without_a_reason(endpoint, ask):
    async def choosy(exchange):
        behave = scripted.status(400) if "prediction" in exchange.body else scripted.says("ok")
        await behave(exchange)

    endpoint.script = choosy
    assert ask(prediction="1/1").texts == ("ok",)
    assert endpoint.bodies[0]["prediction"] == {"type": "content", "content": "1/1"}
    assert "logprobs" not in endpoint.bodies[0]
    assert ask(prediction="1/1").texts == ("ok",)
    assert len(endpoint.requests) == 3


def test_a_refused_request_teaches_nothing(endpoint, ask):
    endpoint.script = [scripted.status(400), scripted.status(400), scripted.says("ok")]
    assert isinstance(ask(), errors.RefusedError)
    assert ask().texts == ("ok",)
    assert "logprobs" in endpoint.bodies[-1]


def test_several_answers_come_with_one_request(endpoint, ask):
    endpoint.script = scripted.says("a", "b", "c", "d")
    assert ask(n=3).texts == ("a", "b", "c")
    assert [body.get("n") for body in endpoint.bodies] == [3]


def test_an_endpoint_that_gives_one_answer_is_asked_several_times(endpoint, ask):
    endpoint.script = scripted.ignores_n("a")
    found = ask(n=3)
    assert found.texts == ("a", "a", "a")
    assert found.completion_tokens == 21
    assert len(endpoint.requests) == 3
    assert ask(n=2).texts == ("a", "a")
    assert [body.get("n") for body in endpoint.bodies] == [3, None, None, None, None]


def test_some_of_several_answers_are_better_than_none(endpoint, ask):
    endpoint.script = [scripted.ignores_n("a"), scripted.never()]
    assert ask(2.0, n=3).texts == ("a",)


def test_log_probabilities_are_means_over_the_tokens(endpoint, ask):
    scores = b'{"content":[{"logprob":-1.0},{"logprob":-3.0}]}'
    endpoint.script = scripted.body(b'data: {"choices":[{"delta":{"content":"x"},"logprobs":' + scores + b"}]}\n\n")
    assert ask().logprobs == (-2.0,)


@pytest.mark.parametrize("script", [scripted.never(), scripted.drips(0.01), scripted.head_only()])
def test_cancelling_closes_the_request_at_the_endpoint(endpoint, client, script):
    endpoint.script = script
    future = client.submit(REQUEST, Deadline.after(30))
    assert until(lambda: endpoint.busy == 1)
    future.cancel()
    assert until(lambda: endpoint.dropped == 1 and endpoint.open == 0)


def test_the_deadline_closes_the_request_at_the_endpoint(endpoint, ask):
    endpoint.script = scripted.never()
    assert isinstance(ask(0.2), errors.LateError)
    assert until(lambda: endpoint.dropped == 1 and endpoint.open == 0)


def test_a_connection_serves_many_requests(endpoint, ask):
    for _ in range(5):
        ask()
    assert endpoint.connections == 1


def test_an_endpoint_that_keeps_failing_is_left_alone(endpoint, ask):
    endpoint.script = scripted.closes()
    for _ in range(3):
        ask()
    asked = len(endpoint.requests)
    found = ask()
    assert isinstance(found, errors.CircuitOpenError)
    assert "left alone for" in str(found)
    assert "ConnectionFailedError" in str(found)
    assert len(endpoint.requests) == asked


def test_an_endpoint_that_is_silent_for_long_is_left_alone_and_one_that_speaks_is_not(endpoint, ask):
    endpoint.script = scripted.never()
    for _ in range(3):
        assert isinstance(ask(1.1), errors.LateError)
    assert isinstance(ask(), errors.CircuitOpenError)


def test_an_endpoint_that_is_cut_off_by_the_deadline_works(endpoint, ask, client):
    endpoint.script = [scripted.closes(), scripted.closes(), scripted.stalls("a part")]
    ask()
    assert client.link.breaker.failures == 2
    ask(1.1)
    assert until(lambda: client.link.breaker.failures == 0)


def test_an_endpoint_that_is_not_there(endpoint, ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        found = ask(of=Client.of(Settings(llm=LLM("m-1", base_url=url))))
    assert isinstance(found, errors.ConnectionFailedError)
    assert "refused" in str(found)


def test_a_name_server_that_never_answers_holds_nothing_up(ask, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(5) or [])
    nowhere = Client.of(Settings(llm=LLM("m-1", base_url="http://model.example/v1")))
    assert isinstance(ask(0.3, of=nowhere), errors.LateError)
    released.set()


def test_no_proxy_is_asked_for_this_machine(endpoint, ask, monkeypatch):
    connections().close()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(of=Client.of(endpoint.settings())).texts == ("ok",)


def test_an_air_gap_sends_nothing(endpoint, ask):
    settings = endpoint.settings()
    closed = Client.of(Settings(network=False, llm=settings.llm))
    assert isinstance(ask(of=closed), errors.NetworkForbiddenError)
    with pytest.raises(errors.NetworkForbiddenError):
        closed.models(Deadline.after(1))
    assert endpoint.connections == 0


def test_models_are_listed(endpoint, client):
    endpoint.models = ("b", "a")
    assert client.models(Deadline.after(5)) == ["a", "b"]


def test_a_hundred_requests_at_once_keep_their_deadline_and_leave_nothing(endpoint, client):
    stalls = (scripted.never(), scripted.head_only(), scripted.drips(0.1, comments=True), scripted.half_a_head())
    endpoint.script = [stalls[number % len(stalls)] for number in range(100)]
    late = []
    futures = []
    for _ in range(100):
        deadline = Deadline.after(1.0)
        futures.append(client.submit(REQUEST, deadline))
        futures[-1].add_done_callback(lambda _, at=deadline.at: late.append(time.monotonic() - at))
    assert {type(future.exception(timeout=10)) for future in futures} == {errors.LateError}
    assert max(late) < LATE
    assert until(lambda: _tasks() == 0 and endpoint.open == 0)
    connections().close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("bestfix-llm")]


def _tasks():
    """How many tasks are left on the clients' event loop."""

    async def others():
        return len(asyncio.all_tasks()) - 1

    return connections().background.submit(others()).result(5)


def test_closing_cancels_what_runs(endpoint, client):
    endpoint.script = scripted.never()
    future = client.submit(REQUEST, Deadline.after(30))
    assert until(lambda: endpoint.busy == 1)
    connections().close()
    assert future.cancelled()
    assert until(lambda: endpoint.open == 0)


def test_a_child_of_a_fork_has_nothing_of_its_parents(endpoint, client, ask):
    ask()
    shared = connections()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(_inherited(shared, client))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask().texts == ("ok",)
    assert connections() is shared
    assert endpoint.connections == 1


def _inherited(shared, client):
    """0 when nothing of the parent's can be used."""
    try:
        client.submit(REQUEST, Deadline.after(1))
    except RuntimeError:
        shared.close()
        return int(connections() is shared or connections().kept(Client, client.link.endpoint, lambda: None) is client)
    return 1
