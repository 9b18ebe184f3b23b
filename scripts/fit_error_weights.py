"""Compare how often each error is met by people and in the corpus, and write what each failure of the corpus counts.

    python scripts/fit_error_weights.py CORPUS CASES.jsonl…

Of the cases only the counts of error classes are read (`kind` "runtime", `error.type`); each file has one vote. What is
written is a weight for each class of error at run time, kept between a third and three.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bestfix.train.record import Labelled, read_shards

OUT = Path(__file__).parent.parent / "src/bestfix/train/error_weights.json"
LEAST, MOST, SMOOTHING = 1 / 3, 3.0, 0.01


def main() -> None:
    """Read the counts, write the table, print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("cases", type=Path, nargs="+")
    arguments = parser.parse_args()
    made = shares(f.report.error.type for f in read_shards(Labelled, arguments.corpus) if f.kind == "runtime")
    sets = [found for path in arguments.cases if (found := shares(classes(path)))]
    real = {name: sum(found.get(name, 0.0) for found in sets) / len(sets) for found in sets for name in found}
    weights = {}
    for name in sorted(made.keys() | real.keys(), key=lambda n: (-real.get(n, 0.0), n)):
        ratio = (real.get(name, 0.0) + SMOOTHING) / (made.get(name, 0.0) + SMOOTHING)
        weights[name] = round(min(max(ratio, LEAST), MOST), 2)
        print(f"{name:28} people {real.get(name, 0.0):6.1%}  corpus {made.get(name, 0.0):6.1%}  weight {weights[name]}")
    lines = ",\n".join(f"  {json.dumps(name)}: {weight}" for name, weight in weights.items() if weight != 1)
    OUT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def classes(path: Path) -> Iterable[str]:
    """Yield the class of error of each case that fails at run time."""
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case.get("kind") == "runtime":
            yield case["error"]["type"]


def shares(names: Iterable[str]) -> dict[str, float]:
    """Return the share of each name."""
    counts = Counter(names)
    return {name: count / counts.total() for name, count in counts.items()}


if __name__ == "__main__":
    main()
