"""What a user's history is worth to that user: a simulation of what `bestfix.rank.policy.leaning` does.

`python bench/history.py`. Fixes have calibrated probabilities for the average user; this one takes them with log-odds
that are moved. Worth is counted as the policy counts it: a fix that is taken is worth 1, one that is left alone costs
as much as the threshold says. The window of 90 days is taken to hold the last 100 fixes.
"""

from __future__ import annotations

import math
import random
import statistics

from bestfix.core import Habit
from bestfix.rank import policy

THRESHOLD = 0.8
USERS, FAILURES, WINDOW = 400, 300, 100
MOVES = {"as expected": 0.0, "takes less": -1.0, "takes few": -2.5, "takes more": 1.0}


def main() -> None:
    """Print a table: a line for each kind of user, a pair of columns for each weight of the prior."""
    weights = (0, 5, 10, 20, 50)
    print("worth of 100 failures (share shown), by pseudo-cases; `none` is without a history")
    print(f"{'user':12}" + "".join(f"{name:>16}" for name in ("none", *map(str, weights))))
    for name, move in MOVES.items():
        cells = [simulated(move, None), *(simulated(move, weight) for weight in weights)]
        print(f"{name:12}" + "".join(f"{worth:9.1f} ({shown:3.0%})" for worth, shown in cells))


def simulated(move: float, weight: int | None) -> tuple[float, float]:
    """Return the mean worth of 100 failures and the share of them with a fix shown; without a weight, no history."""
    lot = random.Random(1)
    runs = [lived(move, weight, lot) for _ in range(USERS)]
    return statistics.mean(worth for worth, _ in runs), statistics.mean(shown for _, shown in runs)


def lived(move: float, weight: int | None, lot: random.Random) -> tuple[float, float]:
    """Return what the failures of one user were worth, and how often something was shown."""
    policy.PSEUDO_CASES = max(weight or 0, 1e-9)
    seen: list[tuple[float, bool]] = []
    worth = 0.0
    for _ in range(FAILURES):
        p = lot.betavariate(2.5, 0.8)
        habit = Habit() if weight is None else habit_of(seen[-WINDOW:])
        if policy.utility(moved(p, policy.leaning(habit)), THRESHOLD) < 0:
            continue
        taken = lot.random() < moved(p, move)
        seen.append((p, taken))
        worth += 1.0 if taken else -THRESHOLD / (1 - THRESHOLD)
    return 100 * worth / FAILURES, len(seen) / FAILURES


def habit_of(seen: list[tuple[float, bool]]) -> Habit:
    """Return what was shown, taken and expected."""
    return Habit(len(seen), sum(taken for _, taken in seen), sum(p for p, _ in seen))


def moved(p: float, offset: float) -> float:
    """Return a probability with its log-odds moved."""
    p = min(max(p, 1e-9), 1 - 1e-9)
    return 1 / (1 + math.exp(-math.log(p / (1 - p)) - offset))


if __name__ == "__main__":
    main()
