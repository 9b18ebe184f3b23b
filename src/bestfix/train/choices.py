"""Choices among alternatives, and the log-linear model that makes the right ones likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from bestfix.train.fit_data import Array

__all__ = ["Choices", "Group"]


@dataclass
class Group:
    """The choices of one case: their features, whether each is right, and the log of how many each stands for."""

    family: str
    features: list[Mapping[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    offset: list[float] = field(default_factory=list)

    def add(self, features: Mapping[str, float], *, right: bool, offset: float = 0.0) -> None:
        """Add a choice."""
        self.features.append(features)
        self.right.append(right)
        self.offset.append(offset)


class Choices:
    """Groups of choices as a sparse matrix, and the fit of weights to them by conditional likelihood."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.ids: dict[str, int] = {}
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for group in groups:
            for features in group.features:
                columns += [self.ids.setdefault(name, len(self.ids)) for name in features]
                values += features.values()
                ends.append(len(columns))
        shape = (len(ends) - 1, len(self.ids))
        self.matrix = sparse.csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)
        self.group: Array = np.repeat(np.arange(len(groups)), [len(g.features) for g in groups])
        self.right = np.array([r for g in groups for r in g.right], bool)
        self.offset = np.array([o for g in groups for o in g.offset])

    def rows(self, chosen: Array) -> Array:
        """Return which rows belong to the chosen groups."""
        return chosen[self.group]

    def fit(self, chosen: Array, keep: int, l2: float, least: int) -> dict[str, float]:
        """Return the weights fitted to the chosen groups; features of little effect are dropped in rounds."""
        some = np.bincount(self.group[self.right], minlength=len(self.groups)) > 0
        rows = self.rows(chosen & some)
        counts = np.asarray((self.matrix[rows] != 0).sum(0)).ravel()
        columns = np.flatnonzero(counts >= least)
        weights = self._minimum(rows, columns, l2, 30)
        while len(columns) > keep:
            effect = np.abs(weights) * np.sqrt(counts[columns])
            columns = columns[np.argsort(-effect)[: max(keep, int(len(columns) * 0.4))]]
            weights = self._minimum(rows, columns, l2, 80 if len(columns) <= keep else 40)
        names = list(self.ids)
        return {names[c]: float(w) for c, w in zip(columns, weights, strict=True) if abs(w) > 0.005}

    def _minimum(self, rows: Array, columns: Array, l2: float, rounds: int) -> Array:
        matrix = self.matrix[rows][:, columns]
        transposed = matrix.T.tocsr()
        _, group = np.unique(self.group[rows], return_inverse=True)
        right, offset = self.right[rows], self.offset[rows]

        def loss(weights: Array) -> tuple[float, Array]:
            scores = matrix @ weights + offset
            total, p = _softmax(scores, group)
            hit, q = _softmax(np.where(right, scores, -1e9), group)
            return float((total - hit).sum() + l2 / 2 * weights @ weights), transposed @ (p - q) + l2 * weights

        options = {"maxiter": rounds}
        return minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options=options).x

    def ranks(self, weights: Mapping[str, float], chosen: Array) -> list[int | None]:
        """Return the rank of the right choice of each chosen group; `None` where no candidate is right."""
        found: list[int | None] = []
        for group, mine in zip(self.groups, chosen, strict=True):
            if mine:
                score = [sum(v * weights.get(n, 0.0) for n, v in f.items()) for f in group.features[:-1]]
                order = np.argsort(-np.array(score), kind="stable").tolist()
                found.append(next((k + 1 for k, i in enumerate(order) if group.right[i]), None))
        return found


def _softmax(scores: Array, group: Array) -> tuple[Array, Array]:
    """Return the logarithm of each group's sum of exponentials, and each score's share of it."""
    count = int(group.max()) + 1
    top = np.full(count, -1e30)
    np.maximum.at(top, group, scores)
    powers = np.exp(scores - top[group])
    sums = np.bincount(group, powers, count)
    return top + np.log(sums), powers / sums[group]
