"""The committed rank table of the project's own cases."""

import difflib
from pathlib import Path

import pytest

from bestfix.evaluate.ranks import RANKS, rank_table

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.skipif(not (CASES / RANKS).exists(), reason="no case has been blessed yet")
def test_every_case_keeps_its_rank():
    committed = (CASES / RANKS).read_text(encoding="utf-8").splitlines()
    now = rank_table(CASES, jobs=2).splitlines()
    changed = [line for line in difflib.ndiff(committed, now) if line[0] in "+-"]
    assert not changed, (
        "ranks have moved (- committed, + now; case, rank of the right candidate, what is shown):\n"
        + "\n".join(changed)
        + "\nWhen each change is for the better or has a good reason: bestfix eval cases --bless, and commit."
    )
