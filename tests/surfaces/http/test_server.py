"""The service as a process: connections, slow clients, several workers, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest
from http_service import free_port, until, working

from bestfix.surfaces.http import Limits
from bestfix.surfaces.http.guards import protocol


def ask(port: int, path: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def test_a_body_that_does_not_come_in_time_is_refused(listening):
    port = listening(Limits(patience=0.2))
    head = f"POST /v1/fix HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 100\r\n\r\nhalf"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_head_that_does_not_come_in_time_ends_the_connection(listening, monkeypatch, sent):
    monkeypatch.setattr(protocol, "_SECONDS", 0.2)
    port = listening()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        assert connection.recv(1000) == b""


def test_a_head_without_an_end_is_refused(listening):
    with socket.create_connection(("127.0.0.1", listening()), timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * (2 << 20))
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")


def test_a_client_that_is_quick_enough_is_served_twice_on_one_connection(listening, monkeypatch):
    monkeypatch.setattr(protocol, "_SECONDS", 2.0)
    port = listening()
    request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        for _ in range(2):
            connection.sendall(request)
            got = b""
            while not got.endswith(b"ok\n"):
                more = connection.recv(10_000)
                assert more, "the connection was closed"
                got += more


@pytest.fixture
def started(home):
    """Start `bestfix serve` as a process; it is ended with the test."""
    processes = []

    def start(*options: str) -> tuple[subprocess.Popen, int]:
        port = free_port()
        command = [sys.executable, "-m", "bestfix", "serve", "--port", str(port), "--data", str(home), *options]
        process = subprocess.Popen(command, cwd=home, env=os.environ.copy(), stderr=subprocess.PIPE, text=True)
        processes.append(process)
        assert until(lambda: process.poll() is not None or answers(port), 90), "it did not start"
        return process, port

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_its_end_finishes_what_is_under_way(started):
    process, port = started()
    code = "SELECT count(*) FROM range(10000) a, range(10000) b WHERE (a.range * b.range) % 7 = 3"
    found = []
    body = {"connection": "sample", "code": code}
    thread = threading.Thread(target=lambda: found.append(ask(port, "/v1/run", body)))
    thread.start()
    assert until(lambda: found or working(port) == 1)
    process.send_signal(signal.SIGTERM)
    thread.join(60)
    assert process.wait(60) in {0, -signal.SIGTERM}
    assert found[0]["error"] is None


def test_two_workers_share_what_is_remembered(started):
    _, port = started("--workers", "2")
    made = [ask(port, "/v1/run", {"connection": "sample", "code": f"SELECT {n} AS n"}) for n in range(6)]
    for n, result in enumerate(made):
        assert ask(port, f"/v1/results/{result['id']}")["rows"] == [[n]]
    assert len(ask(port, "/v1/history")["statements"]) == 6
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        counted = [line for line in answer.read().decode().splitlines() if 'route="/v1/run",status="200"' in line]
    assert counted == ['bestfix_requests_total{method="POST",route="/v1/run",status="200"} 6.0']


def test_workers_end_with_the_process_that_started_them(started):
    process, port = started("--workers", "2")
    process.kill()
    process.wait(30)
    assert until(lambda: not answers(port), 60)


def test_a_public_address_needs_to_know_who_asks(tmp_path):
    command = [sys.executable, "-m", "bestfix", "serve", "--host", "0.0.0.0", "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, "--keys" in ended.stderr) == (2, True)


def test_keys_are_made_listed_and_taken_back(tmp_path):
    def keys(*words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "bestfix", "serve", "keys", *words, "--data", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    made = keys("new", "ada").stdout.strip()
    name, _, user = keys("list").stdout.split()[0], None, keys("list").stdout.split()[-1]
    assert (made.split("_")[1], user) == (name, "ada")
    assert [keys("revoke", name).returncode, keys("revoke", name).returncode] == [0, 1]
    assert keys("list").stdout == ""


def test_replicas_share_one_postgresql(home, postgres, postgres_server, tmp_path):
    from http_service import postgres_url
    from starlette.testclient import TestClient

    from bestfix.config import Log, Settings
    from bestfix.surfaces.http import Access, ServeOptions
    from bestfix.surfaces.http.app import create_app

    url = postgres_url(postgres_server)
    options = [
        ServeOptions(folder=str(folder), store=url, secret="s", access=Access(keys=True)) for folder in (home, tmp_path)
    ]
    one, two = (
        TestClient(create_app(o, Settings(log=Log(enabled=False))), base_url="http://127.0.0.1:8750") for o in options
    )
    with one, two:
        key = {"Authorization": f"Bearer {one.app.state.service.store.new_key('ada')}"}
        found = one.post("/v1/run", json={"connection": "sample", "code": "SELECT 1 AS x"}, headers=key).json()
        assert len(two.get("/v1/history", headers=key).json()["statements"]) == 1
        page = two.get(f"/v1/results/{found['id']}", headers=key).json()
        assert (page["rows"], page["again"]) == ([[1]], True)
