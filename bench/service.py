"""How many failures the service answers a second: `python bench/service.py CASES…`; it starts processes of its own.

For each number of worker processes, clients ask about the given cases (of any language, mixed by a fixed seed), each as
soon as its last answer is there: first few clients, for the rate and its latencies, then many more than are let in, for
what overload does. Memory is that of the worker processes, before and after. It ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.core import Language
from bestfix.evaluate.cases import Case, load_cases

HOST = "127.0.0.1"


@dataclass
class Load:
    """What a time of asking gave: statuses, and the milliseconds of what was answered 200."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The fixes a second."""
        return self.statuses[200] / self.seconds

    def line(self) -> str:
        """Return the numbers in words."""
        spread = statistics.quantiles(self.times, n=100) if len(self.times) > 1 else [0.0] * 99
        refused = self.statuses[429] / max(sum(self.statuses.values()), 1)
        others = {status: count for status, count in self.statuses.items() if status not in {200, 429}}
        return (
            f"{self.rate:7.1f} fixes/s   p50 {spread[49]:6.0f} ms   p99 {spread[98]:6.0f} ms   "
            f"refused {refused:6.1%}   others {others or 'none'}"
        )


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path, help="case files or folders")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts")
    parser.add_argument("--clients", type=int, default=4, help="clients a worker of the sustained load")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--requests", type=int, default=2000, help="requests after which memory is looked at again")
    given = parser.parse_args()
    bodies = [json.dumps(document).encode() for case in load_cases(given.cases) if (document := request_of(case))]
    random.Random(7).shuffle(bodies)
    print(f"{len(bodies)} cases, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    rates: list[tuple[float, float]] = []
    for workers in given.workers:
        with tempfile.TemporaryDirectory() as folder:
            rates.append(measure(bodies, workers, given, folder))
        if len(rates) > 1:
            sustained, over = (now / first for first, now in zip(rates[0], rates[-1], strict=True))
            print(
                f"{workers} workers against {given.workers[0]}: {sustained:.2f} times sustained, {over:.2f} overloaded"
            )


def request_of(case: Case) -> dict[str, object] | None:
    """Return the request about a case; `None` for one whose error was not recorded."""
    error = {name: str(case.record["error"].get(name) or "") for name in ("type", "message", "traceback")}
    document: dict[str, object] = {"language": str(case.language), "code": case.code}
    if case.language is Language.SQL:
        return (
            {**document, "dialect": case.record["dialect"], "error": {"message": error["message"]}}
            if error["message"]
            else None
        )
    return {**document, "error": error} if error["type"] else None


def measure(bodies: Sequence[bytes], workers: int, given: argparse.Namespace, folder: str) -> tuple[float, float]:
    """Print what so many workers do; return their fixes a second, sustained and overloaded."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "bestfix",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--data",
        folder,
    ]
    environment = {**os.environ, "BESTFIX_LOG_ENABLED": "off"}
    process = subprocess.Popen([*command, "--rate", "100000000"], env=environment, cwd=folder)
    try:
        return asyncio.run(_measure(bodies, port, process.pid, workers, given))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


async def _measure(
    bodies: Sequence[bytes], port: int, pid: int, workers: int, given: argparse.Namespace
) -> tuple[float, float]:
    await _started(port)
    supply = itertools.cycle(bodies)
    await _load(supply, port, given.clients * workers, seconds=min(given.seconds, 5.0))
    sustained = await _load(supply, port, given.clients * workers, seconds=given.seconds)
    print(f"{workers} workers, sustained   {sustained.line()}")
    over = await _load(supply, port, 100 * workers, seconds=given.seconds)
    print(f"{workers} workers, overloaded  {over.line()}")
    before = memory(pid)
    asked = await _load(supply, port, given.clients * workers, requests=given.requests)
    count = sum(asked.statuses.values())
    print(f"{workers} workers, memory      {before:.0f} MB, {memory(pid):.0f} MB after {count:,} requests")
    return sustained.rate, over.rate


async def _started(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise SystemExit("the service did not start within two minutes")


async def _load(
    supply: Iterator[bytes], port: int, clients: int, *, seconds: float = math.inf, requests: int = 10**9
) -> Load:
    """Ask by so many clients for a time, or so many requests."""
    load, started = Load(seconds), time.monotonic()
    left = itertools.count(requests, -1)

    async def client() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.monotonic() < started + seconds and next(left) > 0:
            body, asked = next(supply), time.perf_counter()
            head = f"POST /v1/fix HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
            writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            status = await _status(reader)
            load.statuses[status] += 1
            if status == 200:
                load.times.append((time.perf_counter() - asked) * 1000)
            elif status == 429:
                await asyncio.sleep(1.0)  # what Retry-After asks for
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    load.seconds = time.monotonic() - started
    return load


async def _status(reader: asyncio.StreamReader) -> int:
    """Read an answer; return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


def memory(pid: int) -> float:
    """Return the resident megabytes of the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    pages = [int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1]) for each in [str(pid), *children]]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
