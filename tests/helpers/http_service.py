"""What the tests of the service share besides fixtures."""

from __future__ import annotations

import socket
import time
import urllib.request


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def connect(client, kind: str, target: str, **headers) -> str:
    """Connect to a database; return the connection's id."""
    answer = client.post("/v1/connections", json={"name": kind, "kind": kind, "target": target}, **headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def postgres_url(server: str, database: str = "shop") -> str:
    """Return the URL of a database of the tests' server."""
    parts = dict(part.split("=") for part in server.split())
    return f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{database}"


def run(client, connection: str, code: str, **more) -> dict:
    """Run a statement; return how it went."""
    answer = client.post("/v1/run", json={"connection": connection, "code": code, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def until(holds, seconds: float = 20.0) -> bool:
    """Wait until something holds; say whether it did in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def working(port: int) -> float:
    """Return how many statements a service is running."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith('bestfix_working{gate="statements"}'))
