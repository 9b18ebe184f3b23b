"""A story that simulated users play: two rankers look alike offline, and one of them is worth something to users.

Offline cases are collected one by one, so that rare kinds of errors are half of them; users meet them one time in ten.
Majority vote is better on the rare kinds and a little worse on the others, a reward model is better on both. That this
is why such offline gains do not carry over is assumed here, to show what the analysis does when they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bestfix.experiment.analyze import Analysis, analyzed
from bestfix.experiment.definition import load_experiments
from bestfix.experiment.metrics import PRIMARY
from bestfix.experiment.population import Behaviour, Population
from bestfix.experiment.query import InParquet, user_days
from bestfix.experiment.report import as_text
from bestfix.experiment.simulate import to_parquet

__all__ = ["DEFINITION", "Story", "told"]

DEFINITION = """\
[experiments.votes]
layer = "ranking"
slot = [0.0, 0.5]
[experiments.votes.arms]
first = { selector = "first" }
majority = { selector = "majority" }

[experiments.reward-model]
layer = "ranking"
slot = [0.5, 1.0]
[experiments.reward-model.arms]
first = { selector = "first" }
trees = { selector = "trees" }
"""
"""The experiments, as `experiments.toml` defines them."""

RANKERS = {
    "first": Behaviour((0.6, 0.3)),
    "majority": Behaviour((0.582, 0.46)),
    "trees": Behaviour((0.69, 0.36), seconds=0.125),
}
OFFLINE = (0.5, 0.5)
ONLINE = (0.9, 0.1)
CASES = 2000
SHOWN_DAYS = (1, 2, 4, 7, 14)
"""The days on which somebody looks."""


@dataclass(frozen=True, slots=True)
class Story:
    """What was seen.

    Attributes:
        offline: the share of collected cases in which each ranker's first fix is right.
        users: how many users were simulated.
        events: how many events they made.
        analyses: what is known of each experiment at the end.
    """

    offline: dict[str, float]
    users: int
    events: int
    analyses: tuple[Analysis, ...]

    def text(self) -> str:
        """Return the story as it is printed."""
        return "\n".join(_lines(self))


def told(folder: Path, users: int = 8000, seed: int = 1) -> Story:
    """Play the story: write what users do as events, and analyse them.

    Args:
        folder: where the events go, as Parquet, with `experiments.toml` beside them.
        users: how many there are.
        seed: another seed, other users and other offline cases.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "experiments.toml").write_text(DEFINITION, encoding="utf-8")
    experiments = load_experiments(folder / "experiments.toml").running
    population = Population(users, errors=0.7, kinds=ONLINE, own=RANKERS["first"], arms=RANKERS)
    events = to_parquet(population, experiments, folder, seed)
    analyses = tuple(analyzed(e, user_days(InParquet(folder), e)) for e in experiments)
    return Story(_offline(seed), users, events, analyses)


def _offline(seed: int) -> dict[str, float]:
    """Return how often each ranker is right on the same collected cases."""
    rng = np.random.default_rng(seed)
    kind, luck = rng.choice(len(OFFLINE), CASES, p=OFFLINE), rng.random(CASES)
    return {name: float(np.mean(luck < np.array(ranker.right)[kind])) for name, ranker in RANKERS.items()}


def _lines(story: Story) -> Iterator[str]:
    yield f"OFFLINE: {CASES:,} collected cases, half of them of rare kinds; right at first"
    base = story.offline["first"]
    for name, share in story.offline.items():
        yield f"  {name:10}{100 * share:5.1f} %" + (f"  {100 * (share - base):+.1f}" if name != "first" else "")
    yield ""
    yield f"ONLINE: {story.users:,} simulated users, {story.events:,} events; one error in ten is of a rare kind"
    for analysis in story.analyses:
        yield ""
        yield as_text(analysis)
        yield ""
        yield "  as it was seen on day   users   gain   interval that may be looked at daily"
        for look in analysis.pairs[0].looks if analysis.pairs else ():
            if look.day + 1 in SHOWN_DAYS:
                gain, low, high = map(PRIMARY.difference, (look.found.effect, look.low, look.high))
                yield f"  {look.day + 1:21}{look.users:8,}{gain:>7}   {low} to {high}"
