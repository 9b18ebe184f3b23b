"""A real Dask cluster on loopback: a scheduler and workers, each a process that a test may kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START = 90.0
"""Seconds that the scheduler may take to come up, on a busy machine."""


@dataclass
class Cluster:
    """A scheduler's address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Run a cluster whose workers have one thread each and no nanny, and import from a folder; end all of it."""
    file = folder / "scheduler.json"
    scheduler = _dask(folder, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    started = [scheduler]
    try:
        address = _address(scheduler, file)
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
        own = [_dask(folder, "worker", address, *alone) for _ in range(workers)]
        started += own
        yield Cluster(address, own)
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def _dask(folder: Path, role: str, *arguments: str) -> subprocess.Popen[bytes]:
    command: Sequence[str] = [sys.executable, "-m", "dask", role, "--host", "127.0.0.1", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def _address(scheduler: subprocess.Popen[bytes], file: Path) -> str:
    until = time.monotonic() + START
    while time.monotonic() < until and scheduler.poll() is None:
        if file.exists():
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.05)
    raise RuntimeError("the scheduler did not come up")
