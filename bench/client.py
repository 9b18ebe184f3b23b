"""What the client of language models costs beside bare HTTP, and how well it keeps time: `python bench/client.py`.

The endpoints are those of `bench/llm.py`: scripted, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time

from llm import STALLS, endpoint

from bestfix import Settings
from bestfix.config import LLM
from bestfix.core import Deadline
from bestfix.generate.llm.client import Client
from bestfix.generate.llm.connections import connections
from bestfix.generate.llm.messages import Request

AT_ONCE = 8
SECONDS = 0.25
"""The deadline of a call that stalls."""
REQUEST = Request("bench", "m-1", "You fix code.", "1/0" * 1000)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000, help="calls to endpoints that stall")
    options = parser.parse_args()
    show("past the deadline of 0.25 s", overruns(options.calls))
    with endpoint("answer") as url:
        client = connected(url)
        for count in (1, AT_ONCE):
            show(f"{count} at once, client", [through_client(client, count) for _ in range(100)])
            show(f"{count} at once, bare HTTP", bare(url, count))
    connections().close()


def connected(url: str) -> Client:
    """Return a client whose library is imported."""
    client = Client.of(Settings(llm=LLM("m-1", base_url=url)))
    client.warm().result()
    return client


def overruns(calls: int) -> list[float]:
    """Return the milliseconds by which calls that stall in every way outlast their deadline, eight at a time."""
    found: list[float] = []
    for kind in STALLS:
        with endpoint(kind) as url:
            client = connected(url)
            for _ in range(calls // len(STALLS) // AT_ONCE + 1):
                deadline = Deadline.after(SECONDS)
                for future in [client.submit(REQUEST, deadline) for _ in range(AT_ONCE)]:
                    future.exception()
                    found.append(1000 * (time.monotonic() - deadline.at))
    return found


def through_client(client: Client, count: int) -> float:
    """Return the milliseconds that so many answers take."""
    started = time.perf_counter()
    for future in [client.submit(REQUEST, Deadline.after(10)) for _ in range(count)]:
        future.result()
    return 1000 * (time.perf_counter() - started)


def bare(url: str, count: int) -> list[float]:
    """Return the milliseconds that so many answers take when nothing is done with them."""
    import httpx2

    body = json.dumps({"model": "m-1", "stream": True}).encode()

    async def measure() -> list[float]:
        async with httpx2.AsyncClient(timeout=None) as http:
            spent = []
            for _ in range(100):
                started = time.perf_counter()
                await asyncio.gather(*(http.post(f"{url}/chat/completions", content=body) for _ in range(count)))
                spent.append(1000 * (time.perf_counter() - started))
            return spent

    return asyncio.run(measure())


def show(name: str, numbers: list[float]) -> None:
    """Print what was measured."""
    ordered = sorted(numbers)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    median = statistics.median(ordered)
    print(f"{name:30} [ms]  median {median:6.2f}  p99 {p99:6.2f}  max {ordered[-1]:6.2f}  n {len(ordered)}")


if __name__ == "__main__":
    main()
