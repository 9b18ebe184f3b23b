"""A real notebook kernel with a language model: the card comes, and gives way to a better one, between cells."""

import time

import pytest
from scripted_endpoint import says, scripted_endpoint, slow

pytest.importorskip("ipykernel")

from jupyter_client.manager import start_new_kernel

FAILING = "rows = ['1', 'x3']\nsum(int(r) for r in rows)"
ANSWER = (
    "The second is no number.\n<<<<<<< SEARCH\nsum(int(r) for r in rows)\n=======\n"
    "sum(int(r.lstrip('x')) for r in rows)\n>>>>>>> REPLACE\n"
)


@pytest.fixture
def endpoint():
    with scripted_endpoint() as served:
        served.script = slow(0.5, says(*[ANSWER] * 8))
        yield served


@pytest.fixture
def client(endpoint, monkeypatch):
    """A kernel with bestfix and a model, seen as a front end sees it."""
    monkeypatch.setenv("BESTFIX_LLM_MODEL", "m-1")
    monkeypatch.setenv("BESTFIX_LLM_BASE_URL", endpoint.url)
    monkeypatch.setenv("BESTFIX_LLM_DEADLINE", "30")
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute("%load_ext bestfix")
        client.get_shell_msg(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def cards(client, sent, seconds=40.0):
    """Yield for each card of a cell, until the last, its kind and text; and when the cell was over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = client.get_iopub_msg(timeout=seconds)
        if message["parent_header"].get("msg_id") != sent:
            continue
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            yield "idle", ""
        elif message["msg_type"] in {"display_data", "update_display_data"}:
            text = content["data"]["text/plain"]
            yield message["msg_type"], text
            if "being asked" not in text:
                return


def test_the_cell_is_over_before_the_model_answers_and_the_card_comes_to_it(client, endpoint):
    sent = client.execute(FAILING)
    seen = list(cards(client, sent))
    assert "idle" in [kind for kind, _ in seen]
    kind, text = seen[-1]
    assert "int(r.lstrip('x'))" in text
    assert kind == ("update_display_data" if len(seen) > 2 else "display_data")
    client.execute("%fix run")
    results = []
    while not results:
        message = client.get_iopub_msg(timeout=40)
        results += [message["content"]["data"]["text/plain"]] if message["msg_type"] == "execute_result" else []
    assert results == ["4"]
