"""Count which tokens people lose, add and mix up, from pairs of broken and fixed code.

    python scripts/fit_token_slips.py CASES.jsonl

Each line of the file has `code` (does not compile) and `fixed` (a list, the first is the author's own fix). What is
written holds classes of tokens and shares: no text of the cases.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from bestfix.lang.python import tokenized
from bestfix.train.mutate.syntax import token_class

OUT = Path(__file__).parent.parent / "src/bestfix/train/mutate/token_slips.json"
LONGEST, RAREST = 2, 3


def main() -> None:
    """Read the cases, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    counts: Counter[tuple[str, str]] = Counter()
    for line in parser.parse_args().cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        wrong, right = tokenized(case["code"]), tokenized(case["fixed"][0])
        matcher = SequenceMatcher(None, [t.text for t in wrong], [t.text for t in right], autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal" and max(i2 - i1, j2 - j1) <= LONGEST:
                pair = [" ".join(token_class(t) for t in side) for side in (right[j1:j2], wrong[i1:i2])]
                counts[pair[0], pair[1]] += pair[0] != pair[1]
    rows = [
        [right, wrong, n] for (right, wrong), n in sorted(counts.items(), key=lambda x: (-x[1], x[0])) if n >= RAREST
    ]
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    OUT.write_text(f'{{"slips": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(rows)} kinds of slips, {sum(n for *_, n in rows)} of {sum(counts.values())}: {OUT}")


if __name__ == "__main__":
    main()
