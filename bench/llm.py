"""What the client of language models costs, and how well it keeps time: `python bench/llm.py [--calls 1000]`.

The scripted endpoint of the tests runs in a process of its own. Calls that stall in every way are made eight at a time;
reported are the milliseconds after the deadline at which their outcome was there, and what they left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import stat
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

import scripted_endpoint as scripted  # noqa: E402 - it lies beside the tests

from bestfix import Settings  # noqa: E402 - after the path
from bestfix.config import LLM  # noqa: E402 - after the path
from bestfix.core import Deadline  # noqa: E402 - after the path
from bestfix.generate.llm.client import Client  # noqa: E402 - after the path
from bestfix.generate.llm.connections import connections  # noqa: E402 - after the path
from bestfix.generate.llm.messages import Request  # noqa: E402 - after the path

AT_ONCE = 8
SECONDS = 0.25
"""The deadline of a call that stalls."""
STALLS = {
    "never": scripted.never(),
    "half a head": scripted.half_a_head(),
    "head only": scripted.head_only(),
    "comments": scripted.drips(0.02, comments=True),
    "drip": scripted.drips(0.02),
    "stall": scripted.stalls("a part"),
    "slow": scripted.slow(1.0, scripted.says("late")),
    "429": scripted.status(429),
    "500": scripted.status(500),
    "huge": scripted.slow(0.2, scripted.huge()),
}
SCRIPTS = {**STALLS, "once": scripted.says("print('hello')")}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    with endpoint() as url:
        client = Client.of(Settings(llm=LLM(model="once", base_url=url)))
        client.warm().result()
        show("deadline, over it by [ms]", overruns(client, options.calls))
        show("one answer, client [ms]", [through_client(client, 1) for _ in range(200)])
        show("one answer, bare HTTP [ms]", bare(url, 1))
        show(f"{AT_ONCE} answers, client [ms]", [through_client(client, AT_ONCE) for _ in range(50)])
        show(f"{AT_ONCE} answers, bare HTTP [ms]", bare(url, AT_ONCE))
        connections().close()
        left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
        print(f"sockets left: {sockets()}, threads left: {left or 'none'}")


def overruns(client: Client, calls: int) -> list[float]:
    """Return by how much calls that stall in every way outlast their deadline."""
    names = [list(STALLS)[number % len(STALLS)] for number in range(calls)]
    found: list[float] = []
    for start in range(0, calls, AT_ONCE):
        client.link.breaker.succeeded()
        deadline = Deadline.after(SECONDS)
        for future in [client.submit(request(name), deadline) for name in names[start : start + AT_ONCE]]:
            future.exception()
            found.append(max(0.0, 1000 * (time.monotonic() - deadline.at)))
    tasks = client.link.shared.background.submit(tasks_left()).result()
    print(f"after {calls} calls: {tasks} tasks left")
    return found


async def tasks_left() -> int:
    """Return how many tasks the event loop has."""
    await asyncio.sleep(0.05)
    return len(asyncio.all_tasks()) - 1


def sockets() -> int:
    """Return how many sockets the process has open."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += stat.S_ISSOCK(os.fstat(int(descriptor.name)).st_mode)
    return found


def through_client(client: Client, count: int) -> float:
    """Return the milliseconds that so many answers take."""
    started = time.perf_counter()
    for future in [client.submit(request("once"), Deadline.after(10)) for _ in range(count)]:
        future.result()
    return 1000 * (time.perf_counter() - started)


def bare(url: str, count: int) -> list[float]:
    """Return the milliseconds that so many answers take when nothing is done with them."""
    import httpx2

    body = json.dumps({"model": "once", "stream": True}).encode()

    async def measure() -> list[float]:
        async with httpx2.AsyncClient(timeout=None) as http:
            spent = []
            for _ in range(200 // count):
                started = time.perf_counter()
                await asyncio.gather(*(http.post(f"{url}/chat/completions", content=body) for _ in range(count)))
                spent.append(1000 * (time.perf_counter() - started))
            return spent

    return asyncio.run(measure())


def request(name: str) -> Request:
    """Return a request that the endpoint answers in a certain way."""
    return Request("bench", name, "You fix code.", "1/0" * 1000)


def show(name: str, numbers: list[float]) -> None:
    """Print what was measured."""
    ordered = sorted(numbers)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    print(
        f"{name:32} median {statistics.median(ordered):6.2f}  p99 {p99:6.2f}  max {ordered[-1]:6.2f}  n {len(ordered)}"
    )


def serve() -> None:
    """Serve until standard input ends; the model's name says how a request is answered."""

    async def by_name(exchange: scripted.Exchange) -> None:
        await SCRIPTS[exchange.body["model"]](exchange)

    with scripted.scripted_endpoint() as served:
        served.script = by_name
        print(served.url, flush=True)
        sys.stdin.read()


@contextmanager
def endpoint() -> Iterator[str]:
    """Run the endpoint in a process of its own; give its address."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()  # type: ignore[union-attr] - it is a pipe


if __name__ == "__main__":
    main()
