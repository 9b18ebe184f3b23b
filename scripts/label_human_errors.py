"""Label people's own syntax errors for the ranker, by judges that have not seen them.

    python scripts/label_human_errors.py CASES.jsonl OUT

The judge of candidates was fitted to the same file (`fit_syntax_model.py`), so the estimates that it gives there are
better than those that users get, and a ranker fitted to them would trust it too much. Each case is therefore answered
with a judge that was fitted to the other families of near-duplicates.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from fit_syntax_model import FOLDS, JUDGE_L2, JUDGE_WEIGHTS, Choices, judge_groups, part

from bestfix.generate.python.syntax import judge
from bestfix.generate.python.syntax.model import load_model
from bestfix.lang.python import compiles
from bestfix.train.label import labelled
from bestfix.train.record import Broken, write_shard


def main() -> None:
    """Fit a judge for each fold, and write the cases of each as one shard."""
    path, out = Path(sys.argv[1]), Path(sys.argv[2])
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    cases = [case for case in cases if case.get("fixed") and compiles(case["code"])]
    shipped = load_model()
    choices = Choices(judge_groups(cases, [shipped, shipped]))
    fold = np.array([part(f"x{group.family}", FOLDS) for group in choices.groups])
    out.mkdir(parents=True, exist_ok=True)
    for k in range(FOLDS):
        weights = choices.fit(fold != k, JUDGE_WEIGHTS, JUDGE_L2, 3)
        judge.load_model = lambda weights=weights: replace(shipped, judge=weights)  # type: ignore[assignment,misc]  # the judge of the other folds stands in for the shipped one
        mine = [case for case, own in zip(cases, fold, strict=True) if own == k]
        write_shard(out / f"{k}.jsonl.gz", labelled([record(case, path.stem) for case in mine]))


def record(case: dict[str, Any], source: str) -> Broken:
    """Return a case as training reads it; near-duplicates share a group."""
    group = f"{source}/{case['meta'].get('family', case['id'])}"
    return Broken(str(case["id"]), group, source, case["code"], tuple(case["fixed"]), runs=False)


if __name__ == "__main__":
    main()
