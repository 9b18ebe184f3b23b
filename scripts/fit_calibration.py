"""Fit the numbers of `bestfix.rank.calibration`: `python scripts/fit_calibration.py EVAL.json…`.

Reads what `bestfix eval --json` wrote, with `--verify sandbox` and with `--verify static`, so that what running showed
is told from what was not run. Takes the first candidates of every tier A case up to the right one, small sources with
more weight than their size gives them; prints, for syntax and for run time, the fitted formula and, from five-fold
cross-validation, the precision and the coverage of the first ones at several thresholds.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

SYNTAX = {"SyntaxError", "IndentationError", "TabError"}


OUTCOMES = ("ran clean", "moved the error", "new error")
WRONG = 5
"""Candidates of a case that are taken where none is right."""


@dataclass(frozen=True)
class Example:
    """One of the first candidates of a case."""

    source: str
    syntax: bool
    first: bool
    features: tuple[float, ...]
    right: bool


def main() -> None:
    """Fit and print."""
    cases = [case for name in sys.argv[1:] for case in json.loads(Path(name).read_text())["cases"]]
    cases = [case for case in cases if case["tier"] == "A"]
    examples = [found for case in cases for found in of_case(case)]
    probabilities: list[tuple[float, Example]] = []
    for name, syntax in (("SYNTAX", True), ("RUNTIME", False)):
        probabilities += fitted(name, [e for e in examples if e.syntax is syntax])
    report("together", probabilities, len(cases))
    for source in dict.fromkeys(e.source for e in examples if e.first):
        own = [(p, e) for p, e in probabilities if e.source == source]
        report(source, own, sum(case["source"] == source for case in cases))


def of_case(case: dict[str, Any]) -> Iterator[Example]:
    """Yield the first candidates of a case up to the right one; some where none is."""
    ranking = case["rankings"].get("first") or {"order": [], "rank": {}}
    syntax = case["error"] in SYNTAX
    right = ranking["rank"].get(case["method"])
    total = sum(p["prior"] for p in case["proposals"]) or 1.0
    for place, index in enumerate(ranking["order"][: 1 if syntax else right or WRONG], 1):
        proposal = case["proposals"][index]
        prior = min(max(proposal["prior"], 0.001), 0.999)
        features = (
            math.log(prior / (1 - prior)),
            math.log(max(proposal["prior"] / total, 0.001)),
            float(bool(proposal["unresolved"])),
            float(not proposal["safe"]),
            *(float(proposal.get("outcome") == outcome) for outcome in OUTCOMES),
        )
        yield Example(case["source"], syntax, place == 1, features, place == right)


def fitted(name: str, examples: list[Example]) -> list[tuple[float, Example]]:
    """Print the formula for some examples and return the cross-validated probability of each."""
    draw = random.Random(0)
    folds = np.array([draw.randrange(5) for _ in examples])
    x = np.array([e.features for e in examples])
    y = np.array([e.right for e in examples])
    counts = Counter(e.source for e in examples)
    weight = np.array([1 / math.sqrt(counts[e.source]) for e in examples])
    weight *= len(examples) / weight.sum()
    p = np.zeros(len(examples))
    for fold in range(5):
        rest = folds != fold
        model = LogisticRegression(C=1.0).fit(x[rest], y[rest], weight[rest])
        p[folds == fold] = model.predict_proba(x[folds == fold])[:, 1]
    model = LogisticRegression(C=1.0).fit(x, y, weight)
    prior, share, undefined, unsafe, *ran = (round(float(v), 2) for v in model.coef_[0])
    bias = round(float(model.intercept_[0]), 2)
    numbers = f"bias={bias}, prior={prior}, share={share}, undefined={undefined}, unsafe={unsafe}"
    print(f"{name} = Calibration({numbers})  # {len(examples)} candidates")
    print(f"  {', '.join(f'{outcome}: {weight}' for outcome, weight in zip(OUTCOMES, ran, strict=True))}")
    return [(q, e) for q, e in zip(p.tolist(), examples, strict=True) if e.first]


def report(name: str, probabilities: list[tuple[float, Example]], total: int) -> None:
    """Print the precision and the coverage at several thresholds."""
    parts = []
    for threshold in (0.35, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85):
        shown = [e.right for p, e in probabilities if p >= threshold]
        if shown:
            parts.append(f"{threshold}: {sum(shown) / len(shown):.0%} of {len(shown) / total:.0%}")
    print(f"{name:20}", "  ".join(parts))


if __name__ == "__main__":
    main()
