"""What asking a model costs beyond the model: `python bench/llm.py [--json OUT] [--calls N]`.

Overhead over the slowest answer, deadlines against endpoints that stall in every way, many fixes at once, and what is
left behind. The endpoint is a scripted one in a process of its own, on this machine. Run it on a machine that does
nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

import scripted_endpoint as scripted  # noqa: E402 - it is found by the line above

from bestfix.capture import LiveContext  # noqa: E402 - as above
from bestfix.config import LLM, Settings  # noqa: E402 - as above
from bestfix.core import ErrorInfo, Language, Report, Source  # noqa: E402 - as above
from bestfix.engine import QuickFix  # noqa: E402 - as above

ANSWER = "A number is missing.\n<<<<<<< SEARCH\nprint(totla_of_it)\n=======\nprint(number_1)\n>>>>>>> REPLACE\n"
STALLS = {
    "never": scripted.never(),
    "half a head": scripted.half_a_head(),
    "head only": scripted.head_only(),
    "drip": scripted.drips(0.02),
    "signs of life": scripted.drips(0.02, comments=True),
    "stall": scripted.stalls(ANSWER[:40]),
    "slow": scripted.slow(3600, scripted.says(ANSWER)),
}
Numbers = dict[str, float]


def main() -> None:
    """Measure, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "eval-out" / "bench-llm.json")
    parser.add_argument("--calls", type=int, default=1000, help="fixes against endpoints that stall")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    descriptors, threads = _descriptors(), threading.active_count()
    measured = {
        "overhead over the slowest of 8 answers [ms]": overhead(),
        "past the deadline of 0.5 s, stalling endpoints [ms]": stalled(options.calls, at_once=2),
        "past the deadline of 2.5 s, 100 fixes at once [ms]": stalled(100, at_once=100, deadline=2.5),
    }
    from bestfix.generate.llm.connections import connections

    connections().close()
    measured["left behind"] = {
        "descriptors": _descriptors() - descriptors,
        "threads": threading.active_count() - threads,
    }
    for name, numbers in measured.items():
        print(f"{name:55}", "  ".join(f"{key} {value:,.1f}" for key, value in numbers.items()))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {options.json}")


def overhead(calls: int = 50) -> Numbers:
    """Return the milliseconds of a consultation beyond its slowest answer, and those in which prompts are built."""
    spent, prompts, computed = [], [], []
    with endpoint("answer") as url:
        for number in range(calls + 3):
            engine = QuickFix(Settings(verify="static", llm=LLM("m-1", base_url=url, k=8, deadline=20.0, always=True)))
            report, context = failure(number)
            decisions = engine.stream(report, context)
            next(decisions)
            with timed_briefing() as built:
                started, computing = time.perf_counter(), time.process_time()
                *_, last = decisions
                seconds, computing = time.perf_counter() - started, time.process_time() - computing
            slowest = max(asked.seconds or 0.0 for asked in last.asked)
            assert sum(asked.answers for asked in last.asked) == 8, last.failures
            spent.append(seconds - slowest)
            prompts.append(built[0])
            computed.append(computing)
    told = {"of it prompts p50": prompts, "computing, all threads, p50": computed}
    return {**_summary(spent[3:]), **{name: 1000 * statistics.median(values[3:]) for name, values in told.items()}}


def stalled(calls: int, *, at_once: int, deadline: float = 0.5) -> Numbers:
    """Return the milliseconds by which decisions come after their deadline."""
    late: list[float] = []
    each = -(-calls // len(STALLS))
    for kind in STALLS:
        with endpoint(kind) as url, ThreadPoolExecutor(at_once) as pool:
            llm = LLM("m-1", base_url=url, k=8, deadline=deadline)

            def one(number: int, llm: LLM = llm) -> float:
                started = time.perf_counter()
                decision = QuickFix(Settings(verify="static", llm=llm)).fix(*failure(number))
                assert not any(asked.usable for asked in decision.asked)
                return time.perf_counter() - started - llm.deadline

            one(-1)
            late += pool.map(one, range(each))
    return {**_summary(late), "calls": float(len(late))}


def failure(number: int) -> tuple[Report, LiveContext]:
    """Return a failure that no repair answers and that is asked about once."""
    namespace = {f"number_{n}": n for n in range(100)}
    source = Source("<cell>", f"x = {number}\nprint(totla_of_it)\n")
    error = ErrorInfo("NameError", "name 'totla_of_it' is not defined", ("Exception",), lineno=2)
    return Report(Language.PYTHON, source, error), LiveContext.of(namespace)


@contextlib.contextmanager
def timed_briefing() -> Iterator[list[float]]:
    """Note how long the briefing of the next consultation takes."""
    from bestfix.generate.llm import asking

    original, spent = asking.questions, [0.0]

    def questions(*arguments: object, **options: object) -> object:
        started = time.perf_counter()
        try:
            return original(*arguments, **options)  # type: ignore[arg-type]  # passed on as they are
        finally:
            spent[0] = time.perf_counter() - started

    asking.questions = questions  # type: ignore[assignment]  # for this measurement
    try:
        yield spent
    finally:
        asking.questions = original


@contextlib.contextmanager
def endpoint(kind: str) -> Iterator[str]:
    """Serve in a process of its own; yield the address."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", kind], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert server.stdin is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait()
        server.stdout.close()


def serve(kind: str) -> None:
    """Serve until standard input ends."""
    script = STALLS.get(kind) or scripted.says(*[ANSWER] * 8)
    with scripted.scripted_endpoint() as served:
        served.script = script
        print(served.url, flush=True)
        sys.stdin.read()


def _summary(seconds: Sequence[float]) -> Numbers:
    ordered = sorted(1000 * s for s in seconds)
    return {"p50": statistics.median(ordered), "p95": ordered[int(0.95 * (len(ordered) - 1))], "max": ordered[-1]}


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


if __name__ == "__main__":
    main()
