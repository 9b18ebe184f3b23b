"""What ranking costs: `python bench/ranking.py [--encoder FOLDER] [--model FOLDER] [--json OUT]`.

Eight candidates of one failure: features, scores, the whole step; beside LightGBM's scikit-learn wrapper on a DataFrame
with the same trees, and a fine-tuned encoder. All in one run, on the machine as it is and with every core kept busy.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bestfix import Settings, fix
from bestfix.core import Report, Scored
from bestfix.evaluate.cases import load_cases
from bestfix.rank.boosted import read_forest
from bestfix.rank.features import FEATURES, feature_table
from bestfix.rank.policy import ranked
from bestfix.rank.scorer import Scorer
from bestfix.rank.selectors.learned import MODELS, Learned

ROOT = Path(__file__).parents[1]
K = 8
ROUNDS = 400
SLOW = 25
Failure = tuple[Report, tuple[Scored, ...]]
Numbers = dict[str, float]


def main() -> None:
    """Measure, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODELS / "trees")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--json", type=Path, default=ROOT / "eval-out" / "bench-ranking.json")
    options = parser.parse_args()
    failures = list(failures_of(ROOT / "cases"))
    print(f"{len(failures)} failures with {K} candidates; load before: {os.getloadavg()[0]:.1f}")
    learned = Learned.load(options.model)
    imported = {name for name in ("lightgbm", "pandas", "sklearn", "numpy") if name in sys.modules}
    tasks = own_tasks(learned, failures)
    measured = {"quiet": {name: timed(task) for name, task in tasks.items()}}
    with every_core_busy():
        measured["busy"] = {name: timed(task) for name, task in tasks.items()}
    for name, task, rounds in other_tasks(failures, options.encoder):
        measured["quiet"][name] = timed(task, rounds)
        with every_core_busy():
            measured["busy"][name] = timed(task, rounds)
    print(f"imported by then: {', '.join(sorted(imported)) or 'none of lightgbm, pandas, sklearn, numpy'}")
    for state, rows in measured.items():
        for name, numbers in rows.items():
            print(f"{state:6} {name:44}", "  ".join(f"{key} {value:,.0f} µs" for key, value in numbers.items()))
        for name, ratio in ratios(rows):
            print(f"{state:6} {name:44} {ratio}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def failures_of(folder: Path) -> Iterator[Failure]:
    """Yield the failures of the project's own syntax cases that have eight candidates or more."""
    settings = Settings(k=K, deadline=10.0, verify="static")
    for case in load_cases([folder]):
        if case.text_only and not case.record.get("db"):
            try:
                decision = fix(case.code, settings=settings)
            except ValueError:
                continue
            if decision.report and len(decision.ranked) >= K:
                yield decision.report, decision.ranked[:K]


def own_tasks(learned: Learned, failures: Sequence[Failure]) -> dict[str, Callable[[int], object]]:
    """Return what is measured of bestfix itself."""
    tables = [feature_table(*failure) for failure in failures]
    return {
        "features that the model reads": lambda n: feature_table(*failures[n % len(failures)], learned.model.read),
        "scores of one head": lambda n: learned.model.accept.score(tables[n % len(tables)]),
        "scores of both heads": lambda n: (
            learned.model.accept.score(tables[n % len(tables)]), learned.model.success.score(tables[n % len(tables)])
        ),
        "whole ranking step": lambda n: ranked(learned, *failures[n % len(failures)]),
    }  # fmt: skip


def other_tasks(
    failures: Sequence[Failure], encoder: Path | None
) -> Iterator[tuple[str, Callable[[int], object], int]]:
    """Yield the same work done by others, with how often it is measured."""
    tables = [feature_table(*failure) for failure in failures]
    try:
        import lightgbm
        import pandas as pd
    except ImportError as error:
        print(f"not measured: {error}", file=sys.stderr)
    else:
        draw = random.Random(0)
        rows = [[value + draw.gauss(0, 0.1) for value in row] for table in tables for row in table] * 10
        names = [f.name for f in FEATURES]
        right = [int(draw.random() < 1 / (1 + math.exp(-row[names.index("baseline")]))) for row in rows]
        wrapper = lightgbm.LGBMClassifier(n_estimators=120, num_leaves=15, verbose=-1).fit(
            pd.DataFrame(rows, columns=names), right
        )
        frames = [pd.DataFrame(table, columns=names) for table in tables]
        scorer = Scorer(read_forest(wrapper.booster_.model_to_string()))
        yield "the wrapper's trees in this scorer", lambda n: scorer(tables[n % len(tables)]), ROUNDS
        yield "wrapper on a DataFrame", lambda n: wrapper.predict_proba(frames[n % len(frames)]), ROUNDS
    if encoder is not None:
        from bestfix.rank.selectors.language_model import LanguageModel

        network = LanguageModel.load(encoder)
        yield "encoder", lambda n: network(*failures[n % len(failures)]), SLOW


def timed(task: Callable[[int], object], rounds: int = ROUNDS) -> Numbers:
    """Return the microseconds that a task takes: median, mean and 99th percentile."""
    spent = []
    for n in range(rounds + 5):
        started = time.perf_counter()
        task(n)
        spent.append(1e6 * (time.perf_counter() - started))
    spent = sorted(spent[5:])
    return {"median": statistics.median(spent), "mean": statistics.mean(spent), "p99": spent[int(0.99 * len(spent))]}


@contextmanager
def every_core_busy() -> Iterator[None]:
    """Keep every core at work for a while."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        time.sleep(0.5)
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def ratios(rows: dict[str, Numbers]) -> Iterator[tuple[str, str]]:
    """Yield how often slower the others are."""
    pairs = [
        ("wrapper on a DataFrame", "the wrapper's trees in this scorer"),
        ("encoder", "whole ranking step"),
        ("encoder", "scores of both heads"),
    ]
    for slow, fast in pairs:
        if slow in rows and fast in rows:
            parts = (f"{key} {rows[slow][key] / rows[fast][key]:,.0f} times" for key in rows[slow])
            yield f"{slow} : {fast}", "  ".join(parts)


if __name__ == "__main__":
    main()
