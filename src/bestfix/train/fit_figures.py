"""How well fitted heads choose among the candidates that they have not seen: what goes on a model's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from bestfix.rank.features import FEATURES, GROUPS
from bestfix.rank.model import Odds
from bestfix.train.fit import (
    FITTERS,
    Fitted,
    Fitter,
    TreeOptions,
    cross_validated,
    doubts,
    drawn,
    fit_odds,
    fit_trees,
)
from bestfix.train.fit_data import PARTS, TARGETS, Array, Table

__all__ = ["STEPS", "Figures", "Line", "area", "calibration_error", "chance", "figures", "line_of", "probabilities"]

SHARES = (0.1, 0.3)
"""Shares of the failures that the learning curve is fitted to, before all of them."""
ABLATIONS: Mapping[str, tuple[str, ...]] = {
    "without execution": tuple(g for g in GROUPS if g not in {"verdict", "formula"}),
    "without agreement": tuple(g for g in GROUPS if g != "agreement"),
    "without the proposers' estimates": tuple(g for g in GROUPS if g not in {"evidence", "formula"}),
    "error type only": ("error",),
}
"""The groups of features that are left, by what that is called."""
STEPS = PARTS * (len(TARGETS) * len(FITTERS) + 1 + len(ABLATIONS) + len(SHARES))
"""How often `figures` reports that it has come further."""


@dataclass(frozen=True, slots=True)
class Line:
    """How well a way to score candidates chooses.

    Attributes:
        at_1: the share of the failures whose best candidate is right, by source and, under `""`, of all.
        area: the area under the ROC curve over all candidates.
        error: the calibration error of the best candidates' probabilities; `None` where there are no probabilities.
    """

    at_1: Mapping[str, float]
    area: float | None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What cross-validation finds.

    Attributes:
        selectors: ways to choose, by name.
        success: how well the second head tells what runs.
        ablations: trees with fewer features.
        curve: trees fitted to a share of the failures, by that share in per cent.
        importance: the share of each feature in what the trees gain.
    """

    selectors: Mapping[str, Line]
    success: Mapping[str, Line]
    ablations: Mapping[str, Line]
    curve: Mapping[str, Line]
    importance: Mapping[str, float]


def figures(table: Table, done: Callable[[], None] = lambda: None) -> tuple[Figures, dict[str, dict[str, Array]]]:
    """Return the figures, and for each fitter and target the cross-validated sums that they rest on."""
    plain = {
        name: {target: cross_validated(fitter, table, target, done) for target in TARGETS}
        for name, fitter in FITTERS.items()
    }
    sums = {n: {target: drawn(table, target, s) for target, s in own.items()} for n, own in plain.items()}
    ranked = cross_validated(partial(fit_trees, options=TreeOptions("lambdarank")), table, "accept", done)
    column = {f.name: table.x[:, i] for i, f in enumerate(FEATURES)}
    selectors = {
        "chance": chance(table),
        "smallest-edit": line_of(table, -column["larger"]),
        "majority, ties by chance": line_of(table, column["votes"] + _noise(table)),
        "majority, ties by estimate": line_of(table, column["votes"] + 1e-6 * column["baseline"]),
        "first": line_of(table, column["baseline"]),
        **{name: line_of(table, sums[name]["accept"], doubt=doubts(table, "accept")) for name in FITTERS},
        "trees, not drawn to the estimate": line_of(table, plain["trees"]["accept"], doubt={}),
        "trees, lambdarank": line_of(table, ranked),
        "oracle": line_of(table, table.target["accept"]),
    }
    success = {name: line_of(table, sums[name]["success"], "success", doubt={}) for name in FITTERS}
    ablations = {
        name: line_of(table, cross_validated(_only(groups), table, "accept", done))
        for name, groups in ABLATIONS.items()
    }
    curve = {f"{share:.0%}": line_of(table, cross_validated(_part(share), table, "accept", done)) for share in SHARES}
    curve["100%"] = selectors["trees, not drawn to the estimate"]
    return Figures(selectors, success, ablations, curve, _importance(table)), plain


def probabilities(table: Table, target: str, scores: Array, doubt: Mapping[str, float]) -> Array:
    """Return the probability of each row by odds that are fitted to the other parts.

    Args:
        table: the rows.
        target: what is predicted.
        scores: sums, drawn to the estimate where that is wanted.
        doubt: by family how far the odds are doubted.
    """
    found = np.zeros(len(scores))
    for part in sorted(set(table.parts.tolist())):
        held = table.rows(table.parts == part)
        odds = Odds(*fit_odds(table.only(~held), target, scores[~held]), "", "", doubt)
        subjects = [table.subjects[i] for i in table.failure[held]]
        found[held] = [
            odds.probability(score, score, s.language, s.family)
            for s, score in zip(subjects, scores[held].tolist(), strict=True)
        ]
    return found


def calibration_error(p: Array, right: Array, bins: int = 10) -> float:
    """Return the expected calibration error: how far stated and true shares are apart in bins of equal width."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(p)) if len(p) else 0.0


def area(scores: Array, right: Array) -> float | None:
    """Return the area under the ROC curve: how often a right candidate scores above a wrong one."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(right, scores)) if len(set(right.tolist())) == 2 else None


def line_of(table: Table, scores: Array, target: str = "accept", *, doubt: Mapping[str, float] | None = None) -> Line:
    """Return the figures of a selector; those of its probabilities where it has any, as far as they are doubted."""
    known = ~np.isnan(table.target[target])
    table, scores = table.only(known), scores[known]
    best = table.best(scores)
    right = table.target[target][best]
    sources = np.array([table.subjects[i].source for i in table.failure[best]])
    at_1 = {"": float(right.mean())} | {s: float(right[sources == s].mean()) for s in sorted(set(sources.tolist()))}
    p = None if doubt is None else probabilities(table, target, scores, doubt)[best]
    error = None if p is None else calibration_error(p, right)
    return Line(at_1, area(scores, table.target[target]), error)


def chance(table: Table) -> Line:
    """Return what choosing at random comes to."""
    shares = {f: float(table.target["accept"][start:end].mean()) for f, start, end in table.spans()}
    sources = {table.subjects[f].source for f in shares}
    of = {s: [v for f, v in shares.items() if table.subjects[f].source == s] for s in sorted(sources)}
    return Line({"": float(np.mean([*shares.values()]))} | {s: float(np.mean(v)) for s, v in of.items()}, 0.5)


def _noise(table: Table) -> Array:
    return np.random.default_rng(0).random(len(table.x)) * 1e-3


def _only(groups: tuple[str, ...]) -> Fitter:
    columns = tuple(f.name for f in FEATURES if f.group in groups)
    return partial(fit_trees, options=TreeOptions(columns=columns))


def _part(share: float) -> Fitter:
    """Return a fitter that takes a share of the failures, the same ones each time."""

    def fitter(table: Table, target: str) -> Fitted:
        kept = np.random.default_rng(0).random(len(table.subjects)) < share
        return fit_trees(table.only(table.rows(kept)), target)

    return fitter


def _importance(table: Table) -> dict[str, float]:
    """Return the share of each feature that trees use in what splits gain, the largest first."""
    gains = fit_trees(table, "accept").gains
    total = sum(gains.values()) or 1.0
    ordered = sorted(gains.items(), key=lambda item: -item[1])
    return {name: round(gain / total, 4) for name, gain in ordered if gain}
