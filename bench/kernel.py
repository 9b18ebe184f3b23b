"""Failing cells in a notebook kernel that uses threads, one after the other: `python bench/kernel.py [--cells 200]`.

Prints how long each takes to be answered, and fails when one hangs or a child is left over.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import start_new_kernel

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "surfaces"))
from test_kernel_trials import CELLS, SETUP

PATIENCE = 30.0
"""Seconds after which a cell hangs."""


def main() -> None:
    """Run the cells and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=200)
    options = parser.parse_args()
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        seconds(client, SETUP)
        cells = list(CELLS)
        taken = sorted(seconds(client, cells[number % len(cells)]) for number in range(options.cells))
        seconds(client, "import os; assert not open(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read().strip()")
    except Empty:
        sys.exit(f"a cell hangs: nothing came for {PATIENCE:g} s")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(
        f"{len(taken)} failing cells: median {statistics.median(taken) * 1000:.0f} ms, "
        f"p95 {taken[int(len(taken) * 0.95)] * 1000:.0f} ms, longest {taken[-1] * 1000:.0f} ms"
    )


def seconds(client: Any, code: str) -> float:
    """Return how long a cell takes to be answered."""
    started = time.perf_counter()
    sent = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        if message["parent_header"].get("msg_id") == sent and content.get("execution_state") == "idle":
            client.get_shell_msg(timeout=PATIENCE)
            return time.perf_counter() - started


if __name__ == "__main__":
    main()
