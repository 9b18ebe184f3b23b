"""What running a candidate apart costs: `python bench/sandbox.py [--json OUT]`.

Each session is a process of its own. The cost is the time of a task that does nothing, from the call to its answer;
beside it that of a bare fork and wait. Run it on a machine that does nothing else, or under `chrt -f 20`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import run_apart

ROOT = Path(__file__).parents[1]
ROUNDS = 30

Numbers = dict[str, float]


def arrays(megabytes: int) -> Callable[[], object]:
    """Return what makes a session with pandas and one large array."""

    def make() -> object:
        import numpy as np
        import pandas as pd

        return pd, np.ones(megabytes << 17)

    return make


def small_pages(megabytes: int) -> Callable[[], object]:
    """Return what makes a session of objects a page in size, every page touched."""

    def make() -> object:
        import pandas as pd

        return pd, [bytearray(b"x" * 4000) for _ in range(megabytes << 8)]

    return make


SESSIONS = {
    "bare Python": lambda: None,
    "100 MB in arrays": arrays(100),
    "1 GB in arrays": arrays(1000),
    "1 GB in small pages": small_pages(1000),
}


def main() -> None:
    """Measure every session, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "eval-out" / "bench-sandbox.json")
    parser.add_argument("--session", help="measure this one, here")
    options = parser.parse_args()
    if options.session:
        print(json.dumps(measured(SESSIONS[options.session])))
        return
    table = {name: apart(name) for name in SESSIONS}
    table["after 1,000 children"] = left()
    for name, numbers in table.items():
        print(f"{name:22}", "  ".join(f"{key} {value:,.1f}" for key, value in numbers.items()))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def apart(name: str) -> Numbers:
    """Measure a session in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--session", name], check=True, capture_output=True, text=True)
    numbers: Numbers = json.loads(done.stdout.splitlines()[-1])
    return numbers


def measured(make: Callable[[], object]) -> Numbers:
    """Return the milliseconds of each thing that is promised."""
    session = make()
    one = [timed(lambda: run_apart([lambda: b""], Deadline.after(10))) for _ in range(ROUNDS)]
    eight = [timed(lambda: run_apart([busy] * 8, Deadline.after(10))) for _ in range(5)]
    fork = [timed(fork_and_wait) for _ in range(ROUNDS)]
    os.sched_setscheduler(
        0, os.SCHED_OTHER, os.sched_param(0)
    )  # above all others, eight loops would stop their supervisor
    late = [timed(lambda: run_apart([forever] * 8, Deadline.after(0.5))) - 500 for _ in range(5)]
    del session
    return {
        "one candidate": statistics.median(one),
        "at worst": max(one),
        "bare fork": statistics.median(fork),
        "eight of 10 ms": statistics.median(eight),
        "past a deadline of 500": statistics.median(late),
        "at worst past it": max(late),
    }


def left() -> Numbers:
    """Return what a thousand children leave: descriptors, zombies, threads."""
    before = held()
    for _ in range(20):
        run_apart([lambda: b"", lambda: os._exit(1), failing, os.abort, forking] * 10, Deadline.after(60))
    time.sleep(0.5)
    return {name: number - before[name] for name, number in held().items()}


def held() -> Numbers:
    """Return the numbers of descriptors, dead children and threads of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "zombies": len(children),
        "threads": threading.active_count(),
    }


def failing() -> bytes:
    """Raise."""
    raise ValueError


def forking() -> bytes:
    """Leave a process behind."""
    if os.fork() == 0:
        time.sleep(60)
    return b""


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def fork_and_wait() -> None:
    """Fork a child that ends at once, and wait for it."""
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def busy() -> bytes:
    """Compute for 10 ms."""
    until = time.process_time() + 0.01
    while time.process_time() < until:
        pass
    return b""


def forever() -> bytes:
    """Never end."""
    while True:
        pass


if __name__ == "__main__":
    main()
