"""Run a failing notebook, fix it cell by cell, and run the repaired notebook in a fresh kernel."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path

from bestfix.surfaces.ask import Asker, Consent, Round
from bestfix.surfaces.card import colored, styled
from bestfix.surfaces.journal import Journal
from bestfix.surfaces.notebook import run_notebook

HERE = Path(__file__).parent
OUT = HERE.parent / ".demo"


def main() -> int:
    """Return 0 when the repaired notebook runs clean from its start."""
    started = time.perf_counter()
    OUT.mkdir(exist_ok=True)
    for name in ("demo.ipynb", "orders.csv"):
        shutil.copy(HERE / name, OUT / name)
    repaired = OUT / "repaired.ipynb"
    repaired.unlink(missing_ok=True)
    title("demo/demo.ipynb: what bestfix shows for each cell that fails")
    fixes = Asker(sys.stdout, sys.stdin, Consent.GIVEN)
    journal = Journal(OUT / "journal")
    failed = run_notebook(OUT / "demo.ipynb", fixes, journal, output=repaired)
    if failed:
        print("\nThe notebook could not be repaired to its end.")
        return 1
    title("The repaired notebook, from its start in a fresh kernel")
    again = Asker(sys.stdout, sys.stdin, Consent.WITHHELD)
    failed = run_notebook(repaired, again, journal)
    if not failed:
        again.passed(str(repaired.relative_to(HERE.parent)), "runs clean")
        print(summary(fixes.rounds, time.perf_counter() - started))
    return failed


def title(text: str) -> None:
    """Print a heading."""
    print("\n" + styled("1;4", text, colored(sys.stdout)), flush=True)


def summary(rounds: list[Round], seconds: float) -> str:
    """Return what was done, in a line."""
    times = [r.decision.seconds * 1000 for r in rounds]
    return (
        f"\n{len(rounds)} failures fixed; each answered in {statistics.median(times):.0f} ms (median), "
        f"{max(times):.0f} ms at most; everything took {seconds:.1f} s."
    )


if __name__ == "__main__":
    sys.exit(main())
