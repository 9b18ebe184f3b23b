"""The selectors that a model was fitted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bestfix.core import Report, Scored
from bestfix.rank.calibration import calibrated, goes_on
from bestfix.rank.families import family
from bestfix.rank.features import FEATURES, feature_table
from bestfix.rank.model import Model, load_model
from bestfix.rank.selectors.base import Scores

__all__ = ["MODELS", "Learned"]

MODELS = Path(__file__).parent.parent / "models"
"""The folder of the models that come with the package."""
WRITTEN = [f.name for f in FEATURES].index("by_model")
"""The column that tells what a language model wrote; a model that does not look at it has seen none of that."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Scores candidates by their features; what no fitting has seen keeps its calibrated estimate."""

    model: Model

    @classmethod
    def load(cls, folder: Path) -> Learned:
        """Return the selector of a folder.

        Raises:
            ModelError: when the folder holds no model that can be used.
        """
        return cls(load_model(folder))

    @property
    def size(self) -> int:
        """The bytes of the model."""
        return self.model.size

    @property
    def version(self) -> str:
        """The model's name."""
        return self.model.name

    def __call__(self, report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:
        """Return both probabilities of each candidate."""
        rows = feature_table(report, candidates, self.model.read)
        if not rows:
            return []
        of = (str(report.language), family(report))
        learned = list(map(Scores, self.model.accept(rows, *of), self.model.success(rows, *of)))
        seen = [self._seen(report, scored, of[1]) for scored in candidates]
        if all(seen):
            return learned
        estimates = map(Scores, calibrated(candidates))
        return [own if known else guess for own, known, guess in zip(learned, seen, estimates, strict=True)]

    def _seen(self, report: Report, scored: Scored, of: str) -> bool:
        """Whether a candidate is of a kind that the model was fitted to: an edit of the failing source.

        What a language model wrote is so where some of it was in the data, and what goes on from another candidate that
        was tried, where people's own failures of the family had sessions.
        """
        candidate = scored.candidate
        if candidate.model and WRITTEN not in self.model.read:
            return False
        if goes_on(candidate) and of in self.model.accept.odds.untried:
            return False
        return not candidate.patch.display_only and candidate.patch.source == report.failing.name
