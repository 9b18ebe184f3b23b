"""Boosted trees scored with the standard library: every tree of a forest walked at once, in the bits of one integer.

A node that sends a value to the right rules out the leaves on its left. With one bit for each leaf, in order from the
left, the leaf that a row ends in is the lowest bit that no such node has cleared (QuickScorer, Lucchese et al. 2015).
The thresholds of a column are sorted, so one search in them gives all of its nodes that clear something.
"""

from __future__ import annotations

import itertools
import operator
import sys
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from bestfix.rank.boosted import Forest, Tree

__all__ = ["Scorer"]

_WIDTHS: Final[dict[int, Literal["B", "H", "I", "Q"]]] = {8: "B", 16: "H", 32: "I", 64: "Q"}


class _Column(NamedTuple):
    """What the values of one column rule out.

    Attributes:
        at: the column.
        thresholds: of all nodes that look at it, in order.
        masks: what is left after the first n of these nodes have sent a value to the right.
        missing: what a missing value leaves.
    """

    at: int
    thresholds: list[float]
    masks: list[int]
    missing: int


class Scorer:
    """Sums the trees of a forest for the candidates of a failure."""

    def __init__(self, forest: Forest) -> None:
        most = max(len(tree.value) for tree in forest.trees)
        self._width = next(width for width in _WIDTHS if most <= width)
        self._size = len(forest.trees) * self._width // 8
        self._ones = sum(1 << self._width * number for number in range(len(forest.trees)))
        self._all = (1 << self._size * 8) - 1
        clearing: dict[int, list[tuple[float, int, bool | None]]] = {}
        values: list[dict[int, float]] = []
        for number, tree in enumerate(forest.trees):
            order, below = _below(tree)
            values.append({1 << place: tree.value[leaf] for place, leaf in enumerate(order)})
            for node, column in enumerate(tree.feature):
                mask = self._all ^ (below[node] << number * self._width)
                clearing.setdefault(column, []).append((tree.threshold[node], mask, tree.nan_left[node]))
        self._columns = [self._column(index, nodes) for index, nodes in sorted(clearing.items())]
        self._values = values if sys.byteorder == "little" else values[::-1]

    def _column(self, index: int, nodes: list[tuple[float, int, bool | None]]) -> _Column:
        nodes.sort(key=operator.itemgetter(0))
        masks = list(itertools.accumulate((mask for _, mask, _ in nodes), operator.and_, initial=self._all))
        missing = self._all
        for threshold, mask, nan_left in nodes:
            goes_left = threshold >= 0 if nan_left is None else nan_left
            missing &= self._all if goes_left else mask
        return _Column(index, [threshold for threshold, _, _ in nodes], masks, missing)

    def __call__(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the sum of the trees for each row."""
        left, shared, count = [self._all] * len(rows), self._all, len(rows)
        table = list(zip(*rows, strict=True))
        for index, thresholds, masks, missing in self._columns:
            values = table[index]
            value = values[0]
            if values.count(value) == count:
                shared &= masks[bisect_left(thresholds, value)] if value == value else missing  # noqa: PLR0124 - only nan differs from itself
            else:
                left = [
                    mask & (masks[bisect_left(thresholds, value)] if value == value else missing)  # noqa: PLR0124 - only nan differs from itself
                    for mask, value in zip(left, values, strict=True)
                ]
        return [self._sum(mask & shared) for mask in left]

    def _sum(self, mask: int) -> float:
        lowest = mask & ~(mask - self._ones)
        leaves = memoryview(lowest.to_bytes(self._size, sys.byteorder)).cast(_WIDTHS[self._width])
        return sum(map(operator.getitem, self._values, leaves))


def _below(tree: Tree) -> tuple[list[int], list[int]]:
    """Return the leaves from left to right, and for each inner node the places of the leaves on its left, as bits."""
    places: dict[int, int] = {}
    leaves: list[int] = []
    spans: dict[int, int] = {}
    todo = [0 if tree.left else -1]
    while todo:
        node = todo.pop()
        if node < 0:
            places[node] = len(leaves)
            leaves.append(-1 - node)
        else:
            todo += (tree.right[node], tree.left[node])
    for node in tree.order():
        spans[node] = 1 << places[node] if node < 0 else spans[tree.left[node]] | spans[tree.right[node]]
    return leaves, [spans[child] for child in tree.left]
