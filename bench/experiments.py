"""What the analysis of experiments is worth: `python bench/experiments.py [PART…] [--runs N] [--minutes M]`.

    aa      experiments without an effect: how often one look, daily naive looks, and daily looks by the confidence
            sequence call for something
    power   a true gain of two points: how often it is found with the users that were planned for
    broken  a broken assignment: how often the check of the sample ratio trips
    events  ten million events as Parquet: the time and the memory that their analysis takes

Runs are kept in `--out` and not repeated: the same command goes on where it was stopped, for `--minutes` at most.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bestfix.experiment.assign import Arm, Experiment
from bestfix.experiment.population import Behaviour, Fault, Population
from bestfix.experiment.trial import Trial, tried

ROOT = Path(__file__).parents[1]
GAIN = 0.02
ALIKE = Population(users=2000, days=14)
BETTER = replace(ALIKE, arms={"treatment": Behaviour().lifted(GAIN)})
PARTS = ("aa", "power", "broken", "events")
BIG = Population(users=100_000, days=21, before=7, arms={"treatment": Behaviour().lifted(GAIN)})


def main() -> None:
    """Run what is asked for, print it and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=PARTS, metavar="PART")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=ROOT / "eval-out" / "experiments")
    options = parser.parse_args()
    if options.folder is not None:
        costs(options.folder)
        return
    options.out.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60 * options.minutes
    print(f"load before: {os.getloadavg()[0]:.1f}")
    tasks = {"aa": alike, "power": power, "broken": broken, "events": events}
    for part in options.parts:
        for line in tasks[part](options.runs, until, options.out):
            print(f"{part:7} {line}", flush=True)


def alike(runs: int, until: float, out: Path) -> Iterator[str]:
    """Tell how often something is found where there is nothing."""
    trials = made(out / "aa.jsonl", ALIKE, runs, until)
    known = [t for t in trials if t.sound]
    yield f"{len(trials)} experiments without an effect, {ALIKE.users} users, {ALIKE.days} daily looks"
    yield f"one look at the end, p < 0.05:                 {share([t.p < 0.05 for t in known])}"
    yield f"naive daily looks, any p < 0.05:               {share([t.lowest_p < 0.05 for t in known])}"
    yield f"daily looks by the sequence, ever without 0:   {share([t.ever_excluded for t in known])}"
    yield f"the check of the sample ratio trips:           {share([not t.sound for t in trials])}"


def power(runs: int, until: float, out: Path) -> Iterator[str]:
    """Tell how often a true gain is found with as many users as an experiment of twice the size had planned."""
    runs = max(1, runs // 4)
    pilot = made(out / "pilot.jsonl", replace(BETTER, users=8000), 20, until)
    if not pilot:
        return
    entered = sum(t.users for t in pilot) / len(pilot) / 8000
    effect = sum(t.effect for t in pilot) / len(pilot)
    yield f"pilot: the true gain of {100 * GAIN:g} points is seen as {100 * effect:.2f} on average"
    for name, needed in (("one look", [t.needed_once for t in pilot]), ("daily looks", [t.needed for t in pilot])):
        planned = round(sum(needed) / len(needed))
        users = round(planned / entered)
        trials = made(out / f"power-{name.replace(' ', '-')}.jsonl", replace(BETTER, users=users), runs, until)
        once, last, ever = ([f(t) for t in trials] for f in (lambda t: t.p < 0.05, _at_last, _ever))
        found = share(once) if name == "one look" else f"{share(last)} at the planned day, {share(ever)} by then"
        yield f"{name}: {planned} users planned, {len(trials)} experiments: found in {found}"


def broken(runs: int, until: float, out: Path) -> Iterator[str]:
    """Tell how often a broken assignment is noticed."""
    for fault in (Fault.LOST, Fault.CROSSED):
        trials = made(out / f"broken-{fault}.jsonl", replace(BETTER, fault=fault), max(1, runs // 10), until)
        yield f"{fault}: noticed in {share([not t.sound for t in trials])} of {len(trials)} experiments"


def events(runs: int, until: float, out: Path) -> Iterator[str]:
    """Tell what the analysis of ten million events costs, in a process of its own."""
    del runs, until, out
    from bestfix.experiment.simulate import to_parquet

    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        written = to_parquet(BIG, [experiment()], Path(folder))
        yield f"{written:,} events of {BIG.users:,} users written in {time.perf_counter() - started:.0f} s"
        command = [sys.executable, __file__, "--folder", folder]
        yield subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def costs(folder: Path) -> None:
    """Analyse the events of a folder, and print what that took."""
    started = time.perf_counter()
    from bestfix.experiment.analyze import analyzed
    from bestfix.experiment.query import InParquet, user_days
    from bestfix.experiment.verdict import verdicts

    found = analyzed(experiment(), user_days(InParquet(folder), experiment()))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"analysed in {time.perf_counter() - started:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of CPU), "
        f"{used.ru_maxrss / 2**20:.2f} GiB at most: {verdicts(found)[0].sentence}"
    )


def experiment() -> Experiment:
    """Return the experiment of the ten million events."""
    return Experiment("trial", (Arm("control"), Arm("treatment")), "trial", "trial")


def made(file: Path, population: Population, runs: int, until: float) -> list[Trial]:
    """Return trials by two processes; those on file are not repeated, and none begins after `until`."""
    known = {}
    if file.exists():
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        known = {line.pop("seed"): Trial(**line) for line in lines}
    missing = [seed for seed in range(runs) if seed not in known]
    with ProcessPoolExecutor(2) as pool, file.open("a") as kept:
        for start in range(0, len(missing), 20):
            if time.monotonic() > until:
                break
            seeds = missing[start : start + 20]
            for seed, trial in zip(seeds, pool.map(partial(tried, population, effect=GAIN), seeds), strict=True):
                known[seed] = trial
                kept.write(json.dumps({"seed": seed, **asdict(trial)}) + "\n")
            kept.flush()
    return [trial for seed, trial in sorted(known.items()) if seed < runs]


def _at_last(trial: Trial) -> bool:
    return trial.excluded and trial.effect > 0


def _ever(trial: Trial) -> bool:
    return trial.ever_excluded


def share(hits: Sequence[bool]) -> str:
    """Return a share with its standard error."""
    if not hits:
        return "nothing yet"
    p = sum(hits) / len(hits)
    return f"{100 * p:.2f} % ± {100 * math.sqrt(p * (1 - p) / len(hits)):.2f}"


if __name__ == "__main__":
    main()
