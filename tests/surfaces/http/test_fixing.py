"""`POST /v1/fix` and `POST /v1/events`."""

from __future__ import annotations

import json
import sqlite3
import threading

import anyio
import pytest

from bestfix.config import LLM, Log, Settings
from bestfix.core import Decision
from bestfix.surfaces import wire
from bestfix.surfaces.http import Limits
from bestfix.surfaces.http.gate import Gate
from bestfix.surfaces.http.problems import Problem

QUERY = {"language": "sql", "code": "SELECT nmae FROM customers", "connection": "sample"}


def test_a_fix_is_the_wires_answer(client):
    decision = wire.decision_from(client.post("/v1/fix", json={"code": "print(sum([1, 2, 3])"}).json())
    assert decision.code == "print(sum([1, 2, 3]))"
    assert decision.shown.verdict.parses


def test_a_query_is_bound_on_its_connection(client):
    error = {"message": 'Binder Error: Referenced column "nmae" not found in FROM clause!'}
    for failure in (QUERY, {**QUERY, "error": error}):
        found = client.post("/v1/fix", json=failure).json()
        assert found["code"] == "SELECT name FROM customers"
        assert found["ranked"][0]["verdict"]["outcome"] == "binds"


def test_a_query_is_fixed_by_the_catalog_that_is_sent(client):
    failure = {
        "language": "sql", "code": "SELECT nmae FROM people", "error": {"message": "no such column: nmae"},
        "dialect": "sqlite", "catalog": {"tables": [{"name": "people", "columns": ["name", "age"]}]},
    }  # fmt: skip
    assert client.post("/v1/fix", json=failure).json()["code"] == "SELECT name FROM people"


def test_answers_come_as_events(client):
    answer = client.post("/v1/fix", json=QUERY, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [event for event in answer.text.replace("\r", "").split("\n\n") if event]
    assert [event.partition("\n")[0] for event in events] == ["event: decision"]
    decision = json.loads(events[-1].partition("data: ")[2])
    assert (decision["code"], decision["pending"]) == ("SELECT name FROM customers", False)


def test_the_local_answer_comes_before_the_models(serve, tmp_path):
    nobody = LLM(model="m", base_url="http://127.0.0.1:9/v1", deadline=2.0, always=True)
    client = serve(Settings(log=Log(enabled=False), deadline=30.0, llm=nobody))
    text = client.post("/v1/fix", json=QUERY, headers={"Accept": "text/event-stream"}).text
    found = [json.loads(part.partition("\n")[0].strip()) for part in text.split("data: ")[1:]]
    assert (found[0]["pending"], found[-1]["pending"]) == (True, False)
    assert found[0]["code"] == found[-1]["code"] == "SELECT name FROM customers"


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ({"code": "x = 1"}, "the code compiles"),
        ({"code": 1}, "code: must be a text"),
        ({}, "code: is missing"),
        ({"code": "x", "nope": 1}, "nope: there is no such field"),
        ({"code": "x", "version": 9}, "version"),
        ({"language": "sql", "code": "SELECT 1", "connection": "sample"}, "the query binds"),
        ({"language": "sql", "code": "SELECT 1"}, "error.message: is missing"),
        ({"code": "(" * 100_000}, "30,000 characters"),
    ],
)
def test_what_tells_no_failure_is_said(client, failure, said):
    answer = client.post("/v1/fix", json=failure)
    assert said in answer.text
    assert answer.status_code in {413, 422}


def test_too_much_at_a_time_is_refused_and_told_when_to_come_back(serve, monkeypatch):
    client = serve(limits=Limits(fixing=1, waiting=1))
    held, released = threading.Event(), threading.Event()

    def slow(*_):
        held.set()
        released.wait(30)
        yield Decision(None, "slow")

    monkeypatch.setattr("bestfix.surfaces.http.fixing._found", slow)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.post("/v1/fix", json={"code": "print("})))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    held.wait(30)
    while len(answers) < 4 and any(thread.is_alive() for thread in threads):
        threads[0].join(0.05)
    released.set()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429, 429, 429]
    assert all(answer.headers["retry-after"] == "1" for answer in answers if answer.status_code == 429)


def test_a_gate_lets_in_what_it_can_and_refuses_the_rest():
    async def main() -> list[str]:
        gate, ended = Gate("work", running=2, waiting=1), []
        release = threading.Event()

        async def ask() -> None:
            try:
                await gate.run(lambda: release.wait(10))
                ended.append("done")
            except Problem as problem:
                ended.append(problem.code)

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
                await anyio.sleep(0.05)
            release.set()
        return ended

    assert sorted(anyio.run(main)) == ["busy", "busy", "done", "done", "done"]


def test_what_became_of_a_fix_is_recorded(serve, tmp_path):
    path = tmp_path / "events.db"
    client = serve(Settings(log=Log(path=str(path)), deadline=30.0))
    failure = client.post("/v1/fix", json=QUERY).json()["failure"]
    for action in ("shown", "accepted and run", "ran clean"):
        told = {"failure": failure, "action": action, "candidate": 0}
        assert client.post("/v1/events", json=told).status_code == 204
    client.app.state.service.recorded("local").recorder.close()
    with sqlite3.connect(path) as events:
        found = events.execute(
            "SELECT f.surface, a.action FROM failures f JOIN actions a ON a.failure_id = f.id"
        ).fetchall()
    events.close()
    assert sorted(found) == [("http", "accepted and run"), ("http", "ran clean"), ("http", "shown")]


def test_nothing_is_recorded_when_logging_is_off(client):
    assert client.post("/v1/fix", json=QUERY).json()["failure"] == ""


def test_decisions_are_counted(client):
    client.post("/v1/fix", json=QUERY)
    assert 'bestfix_fixes_total{language="sql",shown="yes"} 1.0' in client.get("/metrics").text


def test_stages_are_traced_below_the_request(serve, monkeypatch):
    from contextlib import contextmanager

    seen, open_ = [], []

    @contextmanager
    def watch(name):
        seen.append((*open_, name))
        open_.append(name)
        yield
        open_.pop()

    monkeypatch.setattr("bestfix.surfaces.http.app.tracer_of_environment", lambda: watch)
    serve().post("/v1/fix", json=QUERY)
    assert {("fix",), ("fix", "capture"), ("fix", "generate"), ("fix", "validate"), ("fix", "rank")} <= set(seen)


def test_opentelemetry_is_not_imported_by_the_engine():
    import subprocess
    import sys

    code = (
        "import sys, bestfix; bestfix.fix('print(1'); print([m for m in sys.modules if m.startswith('opentelemetry')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
