"""A Jupyter server of the tests' own: a process with its own folders, and requests to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

from notebook_page import own_environment

__all__ = ["TOKEN", "Server", "serving"]

TOKEN = "a-token-of-the-test"
OTHERS = ("jupyter_lsp", "jupyter_server_terminals", "jupyter_server_ydoc", "jupyter_server_nbmodel")
"""Extensions that no test needs."""


class Server:
    """A Jupyter server with the extension, and requests to it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, data: object = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Return status and JSON of an answer; without headers of one's own the token is sent."""
        headers = {"Authorization": f"token {TOKEN}"} if headers is None else headers
        body = data if isinstance(data, bytes) else json.dumps(data).encode() if data is not None else None
        request = urllib.request.Request(f"{self.url}{path}", body, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text.startswith(b"{") else text.decode()


@contextmanager
def serving(
    home: Path,
    *options: str,
    app: str = "jupyter_server",
    python: str = sys.executable,
    extensions: Mapping[str, bool] | None = None,
    **variables: str,
) -> Iterator[Server]:
    """Yield a server that has its folders in `home`, its notebooks among them.

    Args:
        home: its folder.
        options: further options of the command line.
        app: the module that is run: `jupyter_server`, `jupyterlab` or `notebook`.
        python: the interpreter that runs it.
        extensions: further extensions of the server that are on or off.
        variables: what else its environment and that of its kernels holds.
    """
    port = _free_port()
    loaded = {"bestfix": True, **dict.fromkeys(OTHERS, False), **(extensions or {})}
    command = [
        python, "-m", app, f"--port={port}", "--ip=127.0.0.1", "--no-browser", "--allow-root",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={home}", "--ServerApp.port_retries=0",
        f"--ServerApp.jpserver_extensions={loaded}", *options,
    ]  # fmt: skip
    own = {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    environ = own_environment(home, **{**own, **variables})
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=home, stdout=log, stderr=log)
    server = Server(f"http://127.0.0.1:{port}")
    try:
        _awaited(server, process, home / "server.log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # one that runs cells itself may take longer; its kernels end with it
            process.kill()
            process.wait()


def _awaited(server: Server, process: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> None:
    """Wait until a server answers.

    Raises:
        RuntimeError: when it does not; the message is its log.
    """
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            server.ask("/api")
        except (urllib.error.URLError, RemoteDisconnected, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
