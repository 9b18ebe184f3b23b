"""What recording costs whoever is fixed, and how much the store takes: `python bench/events.py [--seconds N]`.

An event is a call of the recorder: each failure is followed by three actions, as when a fix is shown, taken and run.
Nothing may be lost: the rows are counted at the end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path

from bestfix import fix
from bestfix.config import Log, Settings
from bestfix.core import Action, Decision
from bestfix.evaluate.cluster import temporary_cluster
from bestfix.feedback.place import Place
from bestfix.feedback.reading import Contents, contents, opened
from bestfix.recording import Recorder

PROCESSES = 8
RATE = 320
"""Events a second that each process offers: 2,560 of all."""
FATE = (Action.SHOWN, Action.ACCEPTED_AND_RUN, Action.RAN_CLEAN)
CELL = "total = sum(pirces)\nprint(total)\nfor n in range(3):\n    print(total, n)"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the processes write")
    options = parser.parse_args()
    os.environ["BESTFIX_LOG_ENABLED"] = "on"
    with tempfile.TemporaryDirectory() as folder, temporary_cluster() as server:
        os.environ["XDG_DATA_HOME"] = folder
        decision = decided()
        show_cost(decision)
        parts = dict(part.split("=") for part in server.split())
        url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/postgres"
        for log in (Log(path=str(Path(folder) / "many.db")), Log(url=url)):
            show_throughput(log, decision, options.seconds)


def decided() -> Decision:
    """Return the decision about a cell with a misspelt name."""
    try:
        exec(compile(CELL, "<cell>", "exec"), {"prices": [3, 4], "pieces": 2})
    except NameError as error:
        return fix(CELL, error=error)
    raise AssertionError


def show_cost(decision: Decision) -> None:
    """Print the microseconds that a caller waits for a failure, and with its three actions, paced as people fail."""
    recorder = Recorder.of(Settings(), surface="bench")
    alone, together = [], []
    for _ in range(1000):
        started = time.perf_counter()
        failure = recorder.failure(decision)
        alone.append(1e6 * (time.perf_counter() - started))
        for action in FATE:
            recorder.action(failure, action, 0)
        together.append(1e6 * (time.perf_counter() - started))
        time.sleep(0.002)
    recorder.close()
    for what, spent in (("one fix", alone), ("one fix and its three actions", together)):
        cuts = statistics.quantiles(spent, n=100)
        print(f"{what}: {cuts[49]:.0f} µs median, {cuts[98]:.0f} µs 99th percentile")


def report(recorder: Recorder, decision: Decision) -> None:
    """Record a failure and what became of it."""
    failure = recorder.failure(decision)
    for action in FATE:
        recorder.action(failure, action, 0)


def show_throughput(log: Log, decision: Decision, seconds: float) -> None:
    """Print how many events a second went from several processes into one store, and whether all are there."""
    with opened(Place.of(log)):
        pass
    context = multiprocessing.get_context("fork")
    with context.Pool(PROCESSES) as pool:
        started = time.perf_counter()
        offered = sum(pool.starmap(written, [(log, decision, seconds)] * PROCESSES))
        spent = time.perf_counter() - started
    found = held(log)
    kept, lost = found.failures + found.actions, sum(found.lost.values())
    name = "PostgreSQL" if log.url else "SQLite"
    print(
        f"{name}, {PROCESSES} processes: {kept / spent:,.0f} events/s; {offered:,} offered, {kept:,} there, {lost} lost"
    )


def written(log: Log, decision: Decision, seconds: float) -> int:
    """Offer events at a steady rate, wait until they are written; return how many."""
    recorder = Recorder.of(Settings(log=log), surface="bench")
    started, count = time.perf_counter(), 0
    while (now := time.perf_counter() - started) < seconds:
        if count < now * RATE:
            report(recorder, decision)
            count += 1 + len(FATE)
        else:
            time.sleep(0.005)
    assert recorder.writer is not None
    recorder.writer.flush(600)
    return count


def held(log: Log) -> Contents:
    """Return what a store holds."""
    with opened(Place.of(log)) as store:
        return contents(store)


if __name__ == "__main__":
    main()
