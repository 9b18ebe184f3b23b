"""Users who fail, are shown a fix and take it or not, as rows of the event store; what they want is known."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bestfix.feedback.export import export
from bestfix.feedback.place import Place
from bestfix.feedback.store import Row, Store
from bestfix.rank.features import FEATURE_SET, FEATURES

NAMES = [f.name for f in FEATURES]
WANTED = NAMES.index("occurrences")
"""The feature that users go by; nothing else of a candidate matters to them."""
START, HOUR = 1_790_000_000_000_000, 3_600_000_000
CANDIDATES = 3


@dataclass(frozen=True)
class World:
    """How the simulated users are.

    Attributes:
        users: how many there are.
        each: failures of each.
        taste: how much what they want decides, beside chance; 0 for pure noise.
        explore: how often another candidate than the first is shown.
        seed: another seed, other users.
    """

    users: int = 40
    each: int = 25
    taste: float = 2.5
    explore: float = 0.0
    seed: int = 0

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all that happens."""
        draw = random.Random(f"world {self.seed}")
        for position, name in enumerate(NAMES):
            yield "features", {"feature_set": FEATURE_SET, "position": position, "name": name}
        for number in range(self.users * self.each):
            yield from self.failure(number, draw)

    def failure(self, number: int, draw: random.Random) -> Iterator[Row]:
        """Yield the rows of one failure."""
        failure, at = f"f{number:06}", START + number * HOUR
        shown = draw.randrange(1, CANDIDATES) if draw.random() < self.explore else 0
        yield "failures", {**FAILURE, "id": failure, "at": at, "user": f"u{number % self.users}", "code_hash": failure}
        wants = [draw.gauss(0, 1) for _ in range(CANDIDATES)]
        for rank, want in enumerate(wants):
            values = [draw.choice([0.0, 1.0, draw.gauss(0, 1)]) for _ in NAMES]
            values[WANTED] = want
            chance = self.explore / (CANDIDATES - 1) if rank else 1 - self.explore
            yield "candidates", {
                **CANDIDATE, "failure_id": failure, "rank": rank, "propensity": chance, "features": json.dumps(values),
            }  # fmt: skip
        takes = draw.random() < 1 / (1 + math.exp(-self.taste * wants[shown]))
        ran = ["accepted and run", draw.choice(["ran clean", "ran clean", "failed again"])]
        done = ["shown", *(ran if takes else [draw.choice(["dismissed", "ignored"])])]
        for place, action in enumerate(done):
            yield "actions", {
                "id": f"{failure}.{place}", "failure_id": failure, "at": at + 1000 * (place + 1), "action": action,
                "revision": 0, "rank": shown,
            }  # fmt: skip

    def export(self, folder: Path) -> Path:
        """Write it into a store, and that to Parquet; return the folder."""
        store = Store.open(Place(folder, folder / "events.db"))
        store.write(self.rows())
        export(store, folder / "parquet")
        store.close()
        return folder / "parquet"


FAILURE = {
    "install": "i", "surface": "ipython", "version": "1", "language": "python", "family": "name",
    "error_type": "NameError", "message_hash": "m", "code": None, "message": None, "revision": 0, "shown": True,
    "silence": "", "ranked": CANDIDATES, "selector": "first", "model": "", "feature_set": FEATURE_SET, "shadow": "",
    "shadow_model": "", "shadow_rank": None, "threshold": 0.8, "deadline": 1.0, "k": 10, "history": None,
    "seconds": 0.1, "asked": 0, "contained": 0, "follows": None,
}  # fmt: skip
CANDIDATE = {
    "revision": 0, "proposer": "p", "votes": "[]", "model": "", "strategy": "", "prior": 0.5, "applicability": "safe",
    "p_accept": 0.9, "p_success": None, "shadow_p_accept": None, "outcome": "ran clean", "parses": True, "recurs": None,
    "unresolved": 0, "resumed": False, "hides": False, "verdict_seconds": 0.0, "text_hash": "t", "text": None,
    "reason": None,
}  # fmt: skip
