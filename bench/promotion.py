"""How often a model of pure noise would be promoted: `python bench/promotion.py [--worlds N]`.

Two models score at random the fixes of users who each say yes as often as they please, whatever is shown. Counted is
how often the second one passes: by an interval of its gain in order, and by the rule of `bestfix train fit --events`.
"""

from __future__ import annotations

import argparse

import numpy as np

from bestfix.train.compare import ordering


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--fixes", type=int, default=8, help="of each user")
    options = parser.parse_args()
    draw = np.random.default_rng(0)
    user = np.repeat(np.arange(options.users), options.fixes)
    gained = passed = 0
    for _ in range(options.worlds):
        says_yes = 1 / (1 + np.exp(-draw.normal(0, 1, options.users)))
        kept = (draw.random(len(user)) < says_yes[user]).astype(float)
        weight = np.where((kept == 0) & (draw.random(len(user)) < 0.5), 0.3, 1.0)
        order, alone = ordering(draw.random(len(user)), draw.random(len(user)), kept, weight, user)
        gained += order.gain.low > 0
        passed += order.gain.low > 0 and alone.low > 0.5
    print(f"{options.worlds} worlds of {options.users} users with {options.fixes} fixes each")
    print(f"{gained / options.worlds:.1%} have a gain in order (99 %)")
    print(f"{passed / options.worlds:.1%} are better than chance as well (99 %), as a promotion demands")


if __name__ == "__main__":
    main()
