"""A scripted endpoint, and a client that leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from model_server import ModelServer, missing, model_server
from scripted_endpoint import ScriptedEndpoint, scripted_endpoint

from bestfix.core import Deadline
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.errors import LLMError
from bestfix.generate.llm.messages import Completion, Request

LATE = 0.5
"""Seconds after its deadline at which an outcome is too late on a busy machine; the bench is stricter."""

Ask = Callable[..., Completion | LLMError]


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A server that answers as the test says; the clients' thread ends with the test."""
    with scripted_endpoint() as served:
        yield served
        connections().close()


@pytest.fixture
def client(endpoint: ScriptedEndpoint) -> Client:
    """A client of the scripted endpoint whose library is imported."""
    return ready(Client.of(endpoint.settings()))


@pytest.fixture
def ask(client: Client) -> Ask:
    """Ask the scripted endpoint for the completion or the error, which must come in time."""

    def outcome(seconds: float = 10.0, *, of: Client = client, **changes: object) -> Completion | LLMError:
        request = Request(**{"strategy": "direct", "model": "m-1", "system": "Fix it.", "user": "1/0", **changes})
        ready(of)
        started = time.monotonic()
        future = of.submit(request, Deadline.after(seconds))
        error = future.exception(timeout=seconds + 2)
        assert time.monotonic() - started < seconds + LATE
        assert error is None or isinstance(error, LLMError)
        return error or future.result()

    return outcome


def ready(client: Client) -> Client:
    """A client after its library was imported and its key found, so that tests measure neither."""
    client.warm().exception(30)
    return client


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """A real inference server; tests that use it are marked `xdist_group("model-server")`, to share one."""
    if reason := missing():
        pytest.skip(reason)
    with model_server(tmp_path_factory.mktemp("model-server")) as served:
        yield served
