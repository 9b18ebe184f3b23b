"""A real inference server with a tiny random model; `scripts/setup-model-server.sh` installs it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix import Settings
from bestfix.config import LLM

FOLDER = Path(__file__).parents[2] / ".tools" / "model-server"
STARTING = 300.0
"""Seconds that the server may take to start on a busy machine."""


def missing() -> str:
    """Why there is no server to start; empty when there is one."""
    if (FOLDER / ".ready").is_file():
        return ""
    return "no inference server is installed: run scripts/setup-model-server.sh, which needs a network or wheels, once"


@dataclass(frozen=True)
class ModelServer:
    """The running server."""

    port: int
    process: subprocess.Popen[bytes]
    model: str = str(FOLDER / "model")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def cpu(self) -> float:
        """Seconds of CPU time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def settings(self, **changes: Any) -> Settings:
        """Settings that ask this server."""
        return Settings(llm=LLM(**{"model": self.model, "base_url": self.url, **changes}))


@contextmanager
def model_server(folder: Path) -> Iterator[ModelServer]:
    """Serve the tiny model on a free port, with its log in a folder, until the block ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    (folder / "hub").mkdir(exist_ok=True)
    log = folder / "server.log"
    environment = {**os.environ, "HF_HOME": str(folder), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [FOLDER / "bin" / "transformers", "serve", FOLDER / "model", "--continuous-batching"]
    address = ["--host", "127.0.0.1", "--port", str(port), "--cb-num-blocks", "256"]
    with log.open("wb") as out:
        process = subprocess.Popen([*command, *address], env=environment, stdout=out, stderr=out)
    try:
        _wait(port, process, log)
        yield ModelServer(port, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the inference server did not start:\n{log.read_text(errors='replace')[-2000:]}")
