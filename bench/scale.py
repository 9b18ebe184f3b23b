"""Labelling and training on a cluster of this machine: `python bench/scale.py [--workers 1,2] [--cells N]`.

For each number of workers a real Dask cluster (one process with one thread a worker, loopback) labels the same cells,
then fits the same trees; the last line of each table is this machine without a cluster. A worker is ready, its imports
done, before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from bestfix.train.build import Part, Sample, build, package_parts
from bestfix.train.cluster import build_on, connected
from bestfix.train.cluster_fit import fit_on
from bestfix.train.fit import FITTERS, cross_validated, save_model
from bestfix.train.fit_data import TARGETS, Array, Table, load_table
from bestfix.train.fit_figures import area

ROOT = Path(__file__).parents[1]
PACKAGES = ("toolz", "more_itertools", "boltons")
SIZE = 5
"""Cells of one part here, so that a few hundred are enough for every worker."""


@dataclass(frozen=True)
class Line:
    """What one arrangement took.

    Attributes:
        what: the arrangement.
        seconds: from the first order to the last answer.
        done: how many failures were labelled, or candidates fitted to.
        figures: how good the model is.
    """

    what: str
    seconds: float
    done: int
    figures: str = ""


def main() -> None:
    """Measure, print the tables and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="1,2", help="numbers of workers, by commas")
    parser.add_argument("--cells", type=int, default=40, help="cells of each package")
    parser.add_argument("--data", type=Path, help="labelled failures to train on; those labelled here by default")
    parser.add_argument("--json", type=Path, default=ROOT / "eval-out" / "bench-scale.json")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
    labelling, training = list[Line](), list[Line]()
    with tempfile.TemporaryDirectory() as name:
        for workers in (*map(int, options.workers.split(",")), 0):
            what = f"{workers} workers" if workers else "no cluster, one process"
            out = Path(name) / f"data-{workers}"
            work = parts(out, options.cells)
            with cluster(Path(name), workers) as address:
                labelling.append(timed(what, partial(labelled, address, work, out)))
                training.append(timed(what, partial(fitted, address, options.data or out, out / "model")))
    tables = {"labelling": labelling, "training": training}
    for title, lines in tables.items():
        print(f"\n| {title} | seconds | a second | against the first | figures |\n|---|---|---|---|---|")
        for line in lines:
            told = (line.what, f"{line.seconds:.1f}", f"{line.done / line.seconds:.2f}")
            print(f"| {' | '.join((*told, f'{lines[0].seconds / line.seconds:.2f}', line.figures))} |")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    document = {title: [vars(line) for line in lines] for title, lines in tables.items()}
    options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def parts(out: Path, cells: int) -> list[Part]:
    """Return small parts of the packages' cells."""
    records = [r for name in PACKAGES for p in package_parts(name, out, Sample(limit=cells)) for r in p.records]
    step = 2 * SIZE
    return [
        Part(out / f"{start:06}.jsonl.gz", tuple(records[start : start + step]))
        for start in range(0, len(records), step)
    ]


def labelled(scheduler: str, work: Sequence[Part], out: Path) -> tuple[int, str]:
    """Label parts, on a cluster where one is named; return how many failures there are."""
    counts: list[int] = []

    def progress(_: int, __: int, failures: int) -> None:
        counts.append(failures)

    if scheduler:
        build_on(scheduler, work, progress=progress)
    else:
        build(work, jobs=1, progress=progress)
    assert len(list(out.glob("*.jsonl.gz"))) == len(work)
    return sum(counts), ""


def fitted(scheduler: str, data: Path, out: Path) -> tuple[int, str]:
    """Fit trees, on a cluster where one is named; return how many candidates there are, and how good the model is."""
    if scheduler:
        _, table, sums = fit_on(scheduler, [data], out, "bench/scale.py")
        return len(table.x), figures(table, sums)
    table = load_table([data])
    found = {target: cross_validated(FITTERS["trees"], table, target) for target in TARGETS}
    save_model(out, table, FITTERS["trees"], found, "bench/scale.py")
    return len(table.x), figures(table, found["accept"])


def figures(table: Table, sums: Array) -> str:
    """Return how well cross-validated sums choose."""
    right = table.target["accept"]
    known = ~np.isnan(right)
    some = replace(table, failure=table.failure[known])
    first = [start + int(np.argmax(sums[known][start:end])) for _, start, end in some.spans()]
    return f"right at 1 {right[known][first].mean():.1%}, AUC {area(sums[known], right[known]):.4f}"


def timed(what: str, work: Callable[[], tuple[int, str]]) -> Line:
    """Return what some work took."""
    began = time.perf_counter()
    done, found = work()
    return Line(what, time.perf_counter() - began, done, found)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Run a scheduler and workers, and wait until all have come; without workers there is no address."""
    if not workers:
        yield ""
        return
    file = folder / f"scheduler-{workers}.json"
    started = [dask(folder, "scheduler", "--port", "0", "--scheduler-file", str(file))]
    try:
        while not file.exists():
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        started += [dask(folder, "worker", address, "--nthreads", "1", "--no-nanny") for _ in range(workers)]
        with connected(address) as client:
            client.wait_for_workers(workers)
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


def dask(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one process of the cluster."""
    command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
