"""Fitting the ranker: two heads of boosted trees or of a linear model, and the odds that make them probabilities."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bestfix.core.document import encoded
from bestfix.rank.boosted import read_forest
from bestfix.rank.families import FAMILIES
from bestfix.rank.features import FEATURES, VERSION
from bestfix.rank.linear import BOUND, Column, Linear
from bestfix.rank.model import FORMAT, MANIFEST, Manifest, Odds, Score
from bestfix.rank.scorer import Scorer
from bestfix.train.fit_data import PARTS, TARGETS, Array, Table

__all__ = [
    "EVIDENCE", "FITTERS", "Fitted", "Fitter", "TreeOptions", "cross_validated", "doubts", "drawn", "fit_linear",
    "fit_odds", "fit_trees", "fitted_forest", "save_model", "untried",
]  # fmt: skip

EVIDENCE = 100.0
"""How many failures of people's own a family must have that a model counts as much there as the calibrated estimate."""
PLACES = 6
"""Decimal places of the weights of a linear model."""
SHRINKAGE = 8.0
"""How strongly the constants of the families are drawn to the one of their language."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head that has been fitted.

    Attributes:
        file: its file's ending.
        text: the file's text.
        score: gives the sum of each row.
        gains: what each feature has improved the fit by; empty where that is not known.
    """

    file: str
    text: str
    score: Score
    gains: Mapping[str, float] = field(default_factory=dict)

    def scores(self, x: Array) -> Array:
        """Return the sum of each row of an array."""
        return np.array(self.score(x.tolist()) if len(x) else [])


class Fitter(Protocol):
    """Fits one head."""

    def __call__(self, table: Table, target: str) -> Fitted:
        """Return the head that predicts `target`, fitted to the rows of which it is known."""


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """How trees are grown.

    Attributes:
        objective: `binary`, each candidate by itself, or `lambdarank`, beside its rivals.
        rounds: how many trees.
        leaves: how many leaves each may have.
        rate: how much each counts.
        least: rows that a leaf must have.
        columns: the features that may be used; all where empty.
    """

    objective: str = "binary"
    rounds: int = 40
    leaves: int = 8
    rate: float = 0.15
    least: int = 60
    columns: tuple[str, ...] = field(default=())

    def as_parameters(self) -> dict[str, Any]:
        """Return LightGBM's own names; the same data and machine give the same trees."""
        return {
            "objective": self.objective, "num_leaves": self.leaves, "learning_rate": self.rate,
            "min_data_in_leaf": self.least, "lambda_l2": 5.0, "seed": 0, "deterministic": True, "num_threads": 1,
            "force_row_wise": True, "verbose": -1,
        }  # fmt: skip


def fit_trees(table: Table, target: str, options: TreeOptions = TreeOptions()) -> Fitted:
    """Return a forest."""
    import lightgbm

    known = table.known(target)
    names = [f.name for f in FEATURES]
    x = known.x.copy()
    if options.columns:
        x[:, [name not in options.columns for name in names]] = 0.0
    groups = [end - start for _, start, end in known.spans()] if options.objective == "lambdarank" else None
    data = lightgbm.Dataset(x, known.target[target], weight=known.weight, group=groups, feature_name=names)
    booster = lightgbm.train(options.as_parameters(), data, num_boost_round=options.rounds)
    return fitted_forest(booster)


def fitted_forest(booster: Any) -> Fitted:
    """Return the forest of one of LightGBM's boosters, read by our own reader.

    Raises:
        ModelError: when it is none that can be used.
    """
    text = booster.model_to_string(num_iteration=-1).partition("\nparameters:")[0] + "\n"
    gains = dict(zip(booster.feature_name(), booster.feature_importance("gain").tolist(), strict=True))
    return Fitted("txt", text, Scorer(read_forest(text)), gains)


def fit_linear(table: Table, target: str) -> Fitted:
    """Return a logistic regression over scaled features, with a weight for each that is missing."""
    from sklearn.linear_model import LogisticRegression

    known = table.known(target)
    missing = np.isnan(known.x)
    mean = np.array([_mean(column) for column in known.x.T])
    scale = np.array([_mean((column - m) ** 2) ** 0.5 or 1.0 for column, m in zip(known.x.T, mean, strict=True)])
    scaled = np.where(missing, 0.0, np.clip((known.x - mean) / scale, -BOUND, BOUND))
    some = missing.any(0)
    fitted = LogisticRegression(C=0.05, max_iter=400).fit(
        np.hstack([scaled, missing[:, some]]), known.target[target], known.weight
    )
    weights = fitted.coef_[0].round(PLACES)  # the last places depend on how many threads the algebra has
    absent = np.zeros(len(FEATURES))
    absent[some] = weights[len(FEATURES) :]
    columns = tuple(
        Column(f.name, *map(float, values))
        for f, *values in zip(FEATURES, mean, scale, weights[: len(FEATURES)], absent, strict=True)
    )
    linear = Linear(round(float(fitted.intercept_[0]), PLACES), columns)
    return Fitted("json", json.dumps(encoded(linear)), linear)


def _mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


FITTERS: Mapping[str, Fitter] = {"trees": fit_trees, "logistic": fit_linear}
"""The models that a selector is made of, by its name."""


def cross_validated(fitter: Fitter, table: Table, target: str, done: Callable[[], None] = lambda: None) -> Array:
    """Return for every row the sum of a head that has not seen the row's part."""
    found = np.zeros(len(table.x))
    for part in range(PARTS):
        held = table.rows(table.parts == part)
        if held.any():
            found[held] = fitter(table.only(~held), target).scores(table.x[held])
            done()
    return found


def doubts(table: Table, target: str) -> dict[str, float]:
    """Return by family how far sums are drawn to the calibrated estimate: by 1 where no failure of people's is in it.

    What mistakes look like that were simulated, a model learns too well: such as that the smallest change undoes them.
    """
    if target != "accept":
        return {}
    own = Counter(subject.family for subject in table.subjects if subject.own)
    return {name: EVIDENCE / (EVIDENCE + own[name]) for name in FAMILIES}


def untried(table: Table) -> tuple[str, ...]:
    """Return the families of which people's own failures, if there are any, came without a session to try fixes in."""
    by_family = defaultdict[str, set[bool]](set)
    for subject in table.subjects:
        if subject.own:
            by_family[subject.family].add(subject.tried)
    return tuple(name for name in FAMILIES if by_family[name] == {False})


def drawn(table: Table, target: str, sums: Array) -> Array:
    """Return sums as they are drawn to the calibrated estimate."""
    by_family = doubts(table, target)
    doubt = np.array([by_family.get(subject.family, 0.0) for subject in table.subjects])[table.failure]
    return (1 - doubt) * sums + doubt * table.estimate


def fit_odds(table: Table, target: str, scores: Array) -> tuple[dict[str, float], dict[str, float]]:
    """Return the slope of each language and the constant of each family that fit the best candidates' outcomes.

    The candidates are those with the best score of their failure, because they are what is shown. A family's constant
    is its language's, plus what its own cases say, shrunk as by `SHRINKAGE` cases that say nothing.
    """
    best = table.best(scores)
    best = best[~np.isnan(table.target[target][best])]
    subjects = [table.subjects[i] for i in table.failure[best]]
    languages = sorted({s.language for s in table.subjects})
    families = sorted({s.family for s in table.subjects})
    by_language = np.array([[s.language == name for name in languages] for s in subjects], float)
    by_family = np.array([[s.family == name for name in families] for s in subjects], float)
    design = np.hstack([by_language * scores[best, None], by_language, by_family])
    penalty = np.array([0.01] * (2 * len(languages)) + [SHRINKAGE / 4] * len(families))
    found = _logistic(design, table.target[target][best], table.weight[best], penalty)
    slope = dict(zip(languages, found[: len(languages)].tolist(), strict=True))
    own = dict(zip(languages, found[len(languages) :].tolist(), strict=False))
    language_of = {s.family: s.language for s in table.subjects}
    bias = {
        name: own[language_of[name]] + float(extra)
        for name, extra in zip(families, found[2 * len(languages) :], strict=True)
    }
    return slope, bias


def _logistic(design: Array, y: Array, weight: Array, penalty: Array) -> Array:
    """Return the weights of a logistic regression with a quadratic penalty for each, by Newton's method."""
    found = np.zeros(design.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (weight * (p - y)) + penalty * found
        curve = design.T @ (design * (weight * p * (1 - p))[:, None]) + np.diag(penalty)
        found = found - np.linalg.solve(curve, slope)
    return found


def save_model(folder: Path, table: Table, fitter: Fitter, held_out: Mapping[str, Array], command: str) -> Manifest:
    """Fit both heads to the whole table and write the model's folder.

    Args:
        folder: where it goes.
        table: what it is fitted to.
        fitter: how.
        held_out: for each target the cross-validated sums, by which probabilities are fitted.
        command: what does the same again, for the manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    odds = {}
    for target in TARGETS:
        head = fitter(table, target)
        name, data = f"{target}.{head.file}", head.text.encode()
        (folder / name).write_bytes(data)
        slope, bias = fit_odds(table, target, drawn(table, target, held_out[target]))
        odds[target] = Odds(
            _rounded(slope), _rounded(bias), name, hashlib.sha256(data).hexdigest(), doubts(table, target),
            untried(table) if target == "accept" else (),
        )  # fmt: skip
    names = tuple(f.name for f in FEATURES)
    manifest = Manifest(FORMAT, VERSION, names, odds["accept"], odds["success"], table.sizes(), command)
    (folder / MANIFEST).write_text(json.dumps(encoded(manifest), indent=1) + "\n", "utf-8")
    return manifest


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
