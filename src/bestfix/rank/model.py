"""A fitted model in a folder: a manifest with the hash of every file, and no code.

    manifest.json   what the model is, and the SHA-256 of the rest
    accept.*        the head that says how likely the user keeps a candidate
    success.*       the head that says how likely it runs

A head is a forest in LightGBM's text format (`.txt`) or a linear model (`.json`); its sum, drawn towards the estimate
that the proposers' own calibration gives, becomes a probability by a logistic formula with one slope a language and one
constant a family of errors.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.core.document import DocumentError, structured
from bestfix.rank.boosted import ModelError, read_forest
from bestfix.rank.features import ESTIMATE, FEATURES, RAN, VERSION, before_trying
from bestfix.rank.linear import Linear
from bestfix.rank.scorer import Scorer

__all__ = ["FORMAT", "MANIFEST", "Head", "Manifest", "Model", "Odds", "Score", "load_model"]

FORMAT = 2
MANIFEST = "manifest.json"
Score = Callable[[Sequence[Sequence[float]]], list[float]]
"""Gives the sum of each row of features."""


@dataclass(frozen=True, slots=True)
class Odds:
    """From a head's sum and the calibrated estimate to a probability.

    Attributes:
        slope: by language.
        bias: by family of errors.
        file: the file of the head.
        sha256: its hash.
        doubt: by family of errors how far, 0 to 1, sum, slope and bias are drawn to what the calibrated estimate says;
            0 where nothing is given. At 1 the probability is the estimate's.
        untried: the families of which people's own failures came without a session to try candidates in. They are
            scored as before trying, and what trying says is added, as it is to the estimate.
    """

    slope: Mapping[str, float]
    bias: Mapping[str, float]
    file: str
    sha256: str
    doubt: Mapping[str, float] = field(default_factory=dict)
    untried: tuple[str, ...] = ()

    def probability(self, score: float, estimate: float, language: str, family: str, added: float = 0.0) -> float:
        """Return the probability for a sum.

        Args:
            score: the sum.
            estimate: the log-odds of the calibrated estimate.
            language: that of what failed.
            family: the family of its error.
            added: what trying adds to the log-odds of both.
        """
        doubt = self.doubt.get(family, 0.0)
        drawn = (1 - doubt) * score + doubt * estimate
        fitted = self.slope.get(language, 1.0) * drawn + self.bias.get(family, 0.0)
        odds = (1 - doubt) * fitted + doubt * drawn + added
        return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a folder of a model.

    Attributes:
        format: the version of this form.
        version: the version of the features.
        features: their names, in order.
        accept, success: the heads.
        data: what it was fitted to: failures and candidates by source.
        command: what fits it again.
    """

    format: int
    version: int
    features: tuple[str, ...]
    accept: Odds
    success: Odds
    data: Mapping[str, int]
    command: str


@dataclass(frozen=True, slots=True)
class Head:
    """One of the two outputs of a model.

    Attributes:
        score: gives the sum of each row of features.
        odds: makes it a probability.
        read: the columns of a row that it looks at.
    """

    score: Score
    odds: Odds
    read: frozenset[int]

    def __call__(self, rows: Sequence[Sequence[float]], language: str, family: str) -> list[float]:
        """Return the probability of each row."""
        seen = [before_trying(row) if family in self.odds.untried else (row, 0.0) for row in rows]
        sums = self.score([row for row, _ in seen])
        return [
            self.odds.probability(own, row[ESTIMATE], language, family, added)
            for own, (row, added) in zip(sums, seen, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is ready to score.

    Attributes:
        manifest: what it is.
        accept, success: its heads.
        size: the bytes of its files.
        name: the hash of its manifest, 12 hexadecimal digits: what tells it from other models.
    """

    manifest: Manifest
    accept: Head
    success: Head
    size: int
    name: str

    @property
    def read(self) -> frozenset[int]:
        """The columns that its heads look at."""
        return self.accept.read | self.success.read


def load_model(folder: Path) -> Model:
    """Return the model of a folder.

    Raises:
        ModelError: when a file is missing, altered, or made for other features.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
        manifest = structured(Manifest, json.loads(data))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / MANIFEST}: {error}") from error
    expected = (FORMAT, VERSION, tuple(f.name for f in FEATURES))
    if (manifest.format, manifest.version, manifest.features) != expected:
        raise ModelError(f"{folder}: the model was made for other features than those of this version")
    accept, some = _head(folder, manifest.accept)
    success, more = _head(folder, manifest.success)
    return Model(manifest, accept, success, some + more, hashlib.sha256(data).hexdigest()[:12])


def _head(folder: Path, odds: Odds) -> tuple[Head, int]:
    if odds.file not in {f"{name}.{kind}" for name in ("accept", "success") for kind in ("txt", "json")}:
        raise ModelError(f"{folder}: a head cannot be in {odds.file!r}")
    try:
        data = (folder / odds.file).read_bytes()
    except OSError as error:
        raise ModelError(f"{folder / odds.file}: {error}") from error
    if hashlib.sha256(data).hexdigest() != odds.sha256:
        raise ModelError(f"{folder / odds.file}: it was altered; its hash is not that of the manifest")
    try:
        score, features, read = _scoring(odds.file, data.decode("utf-8"))
    except (ValueError, DocumentError) as error:
        raise ModelError(f"{folder / odds.file}: {error}") from error
    if features != tuple(f.name for f in FEATURES):
        raise ModelError(f"{folder / odds.file}: its columns are not the features")
    return Head(score, odds, read | {ESTIMATE} | (set(RAN.values()) if odds.untried else set())), len(data)


def _scoring(file: str, text: str) -> tuple[Score, tuple[str, ...], frozenset[int]]:
    if file.endswith(".json"):
        linear = structured(Linear, json.loads(text))
        return linear, linear.features, frozenset(n for n, c in enumerate(linear.columns) if c.weight or c.missing)
    forest = read_forest(text)
    return Scorer(forest), forest.features, frozenset(column for tree in forest.trees for column in tree.feature)
