"""The snapshot of a folder of cases: at which rank each is fixed, committed beside it and compared by a test."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from pathlib import Path

from bestfix.config import Settings
from bestfix.evaluate.cases import load_cases
from bestfix.evaluate.judge import Result
from bestfix.evaluate.run import run_cases

__all__ = ["RANKS", "rank_table"]

RANKS = "ranks.csv"
"""The file's name in the folder of its cases."""
PATIENT = Settings(deadline=math.inf)
"""The default settings, with work that is counted in steps: a loaded machine gives the ranks of an idle one."""


def rank_table(folder: Path, *, jobs: int = 1) -> str:
    """Run a folder's cases and return, as CSV, each one's rank of the first right candidate and what is shown."""
    cases = load_cases([folder])
    return _table(run_cases(cases, [PATIENT.selector], jobs=jobs, settings=PATIENT), PATIENT.selector)


def _table(results: Iterable[Result], selector: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["case", "rank", "shown"])
    for result in sorted(results, key=lambda r: r.id):
        ranking = result.rankings.get(selector)
        rank = ranking.rank.get(result.method) if ranking else None
        shown = "lost" if ranking is None else "advice" if ranking.advised else "fix" if ranking.shown else "nothing"
        writer.writerow([result.id, "" if rank is None else rank, shown])
    return out.getvalue()
