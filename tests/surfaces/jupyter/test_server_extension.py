"""The server extension in a real Jupyter server: who may speak to it, what it takes, and where it goes."""

from __future__ import annotations

import re
import time
import urllib.request
from contextlib import suppress
from typing import Any

import pytest
from jupyter_host import TOKEN, serving

pytest.importorskip("jupyter_server")

pytestmark = pytest.mark.xdist_group("jupyter")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home):
    site = home / "site.toml"
    site.write_text('locked = ["threshold", "llm"]\nthreshold = 0.9\n')
    with serving(home, BESTFIX_SITE_CONFIG=str(site), BESTFIX_LOG_PATH=str(home / "events.db")) as server:
        yield server


def test_what_holds_and_what_is_locked(server):
    status, told = server.ask("/bestfix/settings")
    assert status == 200
    assert told["settings"]["threshold"] == told["locked"]["threshold"] == 0.9
    assert "llm.model" in told["locked"]
    assert "k" not in told["locked"]
    assert told["missing"] == []
    assert told["versions"]["jupyter_server"]


def test_a_stranger_gets_nothing(server):
    assert server.ask("/bestfix/settings", headers={})[0] == 403
    assert server.ask("/bestfix/events", {"events": []}, headers={})[0] == 403


def test_a_browser_without_the_xsrf_token_is_refused(server):
    with urllib.request.urlopen(f"{server.url}/?token={TOKEN}", timeout=30) as answer:
        cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
    assert "username" in cookies
    status, _ = server.ask("/bestfix/settings", headers={"Cookie": cookies})
    assert status == 200
    status, told = server.ask("/bestfix/events", {"events": []}, headers={"Cookie": cookies})
    assert (status, "_xsrf" in str(told)) == (403, True)


@pytest.mark.parametrize(
    ("document", "status", "message"),
    [
        (b"{", 400, "Expecting property name"),
        ([], 400, "events: must be a list"),
        ({"events": [1]}, 400, r"events\[0\]: must be an object"),
        (
            {"events": [{"failure": "a", "action": "eaten"}]},
            400,
            r"events\[0\].action: must be one of shown, accepted,",
        ),
        ({"events": [{"failure": "a", "action": "shown", "candidate": "1"}]}, 400, r"candidate: must be a number"),
        ({"events": [{"failure": "a", "action": "shown"}] * 1001}, 400, "no more than 1000"),
        (b" " * 300_000, 413, "no more than 262,144 bytes, got 300,000"),
    ],
)
def test_what_is_wrong_is_said(server, document, status, message):
    answer = server.ask("/bestfix/events", document)
    assert answer[0] == status
    assert re.search(message, answer[1]["message"])


def test_events_arrive_in_the_store_without_a_kernel(server, home):
    events = [
        {"failure": "0123", "action": "shown", "candidate": 0, "text": "what is not known"},
        {"failure": "0123", "action": "accepted and run", "candidate": 0},
        {"failure": "unlogged-7", "action": "shown", "candidate": None},
    ]
    assert server.ask("/bestfix/events", {"events": events}) == (204, None)
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import OperationalError

    engine = create_engine(f"sqlite:///{home / 'events.db'}")
    rows: list[Any] = []
    end = time.monotonic() + 30
    while len(rows) < 2 and time.monotonic() < end:
        with suppress(OperationalError), engine.connect() as connection:
            rows = connection.execute(text("SELECT action FROM actions ORDER BY 1")).all()
        time.sleep(0.05)
    engine.dispose()
    assert [row[0] for row in rows] == ["accepted and run", "shown"]


def test_settings_that_cannot_be_read_are_told(tmp_path):
    site = tmp_path / "bad.toml"
    site.write_text("k = 0")
    with serving(tmp_path, BESTFIX_SITE_CONFIG=str(site)) as server:
        status, told = server.ask("/bestfix/settings")
    assert (status, told["message"]) == (500, "k must be at least 1, got 0")
