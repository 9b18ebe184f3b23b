"""Use every door that is installed once; the extras that it needs are named by the first argument."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

BROKEN = "prices = [3, 4]\nprint(sum(pirces))\n"
BESTFIX = [sys.executable, "-m", "bestfix"]


def main() -> None:
    """Try the doors, a line each; the first that fails ends it."""
    home = Path("home").resolve()
    os.environ |= {"HOME": str(home), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": ""}
    for name in [name for name in os.environ if name.startswith("BESTFIX_")]:
        del os.environ[name]
    for door in DOORS[sys.argv[1] if len(sys.argv) > 1 else ""]:
        door()
        print(f"    {(door.__doc__ or '').rstrip('.')}: works", flush=True)


def python() -> None:
    """From Python."""
    import bestfix

    decision = bestfix.fix("for n in range(3)\n    print(n")
    assert decision.code == "for n in range(3):\n    print(n)", decision


def script() -> None:
    """Scripts: `bestfix run`, `bestfix undo`."""
    Path("total.py").write_text(BROKEN, encoding="utf-8")
    assert "7" in _said("run", "--yes", "total.py")
    _said("undo")
    assert Path("total.py").read_text("utf-8") == BROKEN


def wire() -> None:
    """Requests in JSON: `bestfix fix`."""
    answer = json.loads(_said("fix", stdin=json.dumps({"code": "print((1, 2)"})))
    assert answer["code"] == "print((1, 2))", answer


def others() -> None:
    """The commands that tell: `bestfix doctor`, `log`, `model`, `repairs`."""
    for command in (["doctor"], ["log", "status"], ["model", "list"], ["repairs"]):
        assert _said(*command)


def queries() -> None:
    """SQL on DuckDB and SQLite."""
    import sqlite3

    import duckdb

    import bestfix

    for connection in (duckdb.connect(), sqlite3.connect(":memory:")):
        connection.execute("CREATE TABLE sales (name VARCHAR(9), amount INTEGER)")
        decision = bestfix.fix_sql("SELECT naem FROM sales", connection=connection)
        assert decision.code == "SELECT name FROM sales", decision


def notebook() -> None:
    """Notebooks: `bestfix run`, in a kernel of this environment."""
    cell = {"cell_type": "code", "source": BROKEN, "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}
    document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    Path("book.ipynb").write_text(json.dumps(document), encoding="utf-8")
    _said("run", "--yes", "book.ipynb")
    assert "sum(prices)" in Path("book.ipynb").read_text("utf-8")


def ipython() -> None:
    """%load_ext bestfix."""
    typed = "%load_ext bestfix\nprices = [3, 4]\nprint(sum(pirces))\n%fix why\n"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "--simple-prompt"],
        input=typed, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "`pirces` is not defined; `prices` is" in done.stdout, done.stdout + done.stderr


def service() -> None:
    """The service: `bestfix serve`, with two worker processes."""
    port = 18765
    server = subprocess.Popen([*BESTFIX, "serve", "--port", str(port), "--workers", "2"], stdout=subprocess.DEVNULL)
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/fix",
            json.dumps({"code": "print((1, 2)"}).encode(),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(_answered(request))
        assert answer["code"] == "print((1, 2))", answer
        assert b"<html" in _answered(f"http://127.0.0.1:{port}/").lower()
    finally:
        server.terminate()
        server.wait(timeout=30)


def language_server() -> None:
    """The language server: `bestfix lsp`."""
    body = json.dumps({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"processId": None, "rootUri": None, "capabilities": {}},
    })  # fmt: skip
    with subprocess.Popen([*BESTFIX, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        server.stdin.flush()
        headers = b""
        while not headers.endswith(b"\r\n\r\n"):
            headers += server.stdout.read(1)
        length = int(headers.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        assert b"codeAction" in server.stdout.read(length)
        server.kill()


def _said(*arguments: str, stdin: str = "") -> str:
    """Return what a command of bestfix prints; fail when it does."""
    done = subprocess.run([*BESTFIX, *arguments], input=stdin, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"bestfix {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def _answered(request: str | urllib.request.Request) -> bytes:
    """Return an answer of the service, which may still be starting."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except ConnectionError:
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
        time.sleep(0.2)
    raise TimeoutError("the service does not answer")


Door = Callable[[], None]
PLAIN: tuple[Door, ...] = (python, script, wire, others)
DOORS: dict[str, tuple[Door, ...]] = {
    "": PLAIN,
    "jupyter,sql,server,lsp,events": (*PLAIN, queries, notebook, ipython, service, language_server),
}

if __name__ == "__main__":
    main()
