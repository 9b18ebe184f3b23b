"""How often the one name that is spelt nearly like an undefined one is meant, by the slip between them.

    python scripts/count_name_slips.py DATA/*/     # folders that `bestfix train corpus` wrote

`docs/design/policy.md` gives what it prints.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import OSA

from bestfix.train.record import Labelled, read_shards

PROPOSER = "python.names.near_name"


def main() -> None:
    """Count, and print a line for each slip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    right, seen = Counter[str](), Counter[str]()
    for record in itertools.chain.from_iterable(read_shards(Labelled, folder) for folder in given.folders):
        near = [
            pair
            for pair in zip(record.candidates, record.labels, strict=True)
            if pair[0].candidate.proposer == PROPOSER
        ]
        if len(near) != 1 or near[0][1].equals is None:
            continue
        [(scored, label)] = near
        written = str(record.report.error.details.get("name", ""))
        kind = slip(written, scored.candidate.patch.edits[0].text)
        seen[kind] += 1
        right[kind] += bool(label.equals)
    for kind, count in sorted(seen.items()):
        print(f"{kind:18} {right[kind]:4} of {count:4} right")


def slip(written: str, meant: str) -> str:
    """Return what was done to a name, when that is one slip."""
    if written.casefold() == meant.casefold():
        return "case"
    if OSA.distance(written, meant) != 1:
        return "more"
    if len(written) != len(meant):
        return "a letter too many" if len(written) > len(meant) else "a letter missing"
    return "swapped" if sorted(written) == sorted(meant) else "another letter"


if __name__ == "__main__":
    main()
