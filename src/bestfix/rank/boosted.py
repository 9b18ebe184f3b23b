"""LightGBM's text models, read with suspicion: whatever is not a plain forest of binary splits is refused.

LightGBM's own reader crashes or hangs on an altered file, so this one checks everything that scoring relies on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["LEAVES", "Forest", "ModelError", "Tree", "read_forest"]

T = TypeVar("T")
LEAVES = 64
"""Leaves that a tree may have."""
_TREES = 5_000
_SIZE = 32 << 20
_ZERO = 1.0000000180025095e-35
"""Numbers up to this far from zero are zero to LightGBM."""
_DEFAULT_LEFT, _NAN_IS_MISSING = 2, 8
_DECISIONS = frozenset({0, _DEFAULT_LEFT, _NAN_IS_MISSING, _DEFAULT_LEFT | _NAN_IS_MISSING})
"""The kinds of splits that are read: by a number, where a missing one counts as 0 or has a side of its own."""


class ModelError(ValueError):
    """A model file is not what it should be."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree whose inner node `i` sends a value to the left when it is at most the node's threshold.

    Children at or above 0 are inner nodes; `-1 - leaf` is a leaf. Node 0 is the root.

    Attributes:
        feature: the column that each inner node looks at.
        threshold: the largest value that goes left.
        nan_left: where a missing value goes; `None` where it counts as 0.
        left, right: the children.
        value: the value of each leaf.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    nan_left: tuple[bool | None, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def order(self) -> list[int]:
        """Return the nodes, children before their parent; leaves as `-1 - leaf`.

        Raises:
            ModelError: when the nodes are no tree that reaches each of them once.
        """
        if not self.left:
            return [-1]
        found: list[int] = []
        todo, seen = [0], set[int]()
        while todo:
            node = todo.pop()
            if node in seen or not -len(self.value) <= node < len(self.left):
                raise ModelError(f"node {node} is reached twice or does not exist")
            seen.add(node)
            found.append(node)
            if node >= 0:
                todo += (self.left[node], self.right[node])
        if len(seen) != len(self.left) + len(self.value):
            raise ModelError("some nodes are never reached")
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Forest:
    """A sum of trees.

    Attributes:
        features: the names of the columns.
        trees: the trees.
    """

    features: tuple[str, ...]
    trees: tuple[Tree, ...]


def read_forest(text: str) -> Forest:
    """Return the forest of a text that LightGBM's `model_to_string` gave.

    Raises:
        ModelError: when it is altered, damaged, or uses what is not supported (categories, zero as missing, linear
            leaves, several classes, averaged trees, more than 64 leaves).
    """
    if len(text) > _SIZE:
        raise ModelError(f"a model has at most {_SIZE:,} characters, this one {len(text):,}")
    head, *parts = text.split("\nTree=")
    if not parts or "\nend of trees" not in parts[-1]:
        raise ModelError("the text has no trees or no end")
    parts[-1] = parts[-1].partition("\nend of trees")[0]
    if len(parts) > _TREES:
        raise ModelError(f"a model has at most {_TREES:,} trees, this one {len(parts):,}")
    features = _columns(_fields(head))
    return Forest(features, tuple(_tree(number, part, len(features)) for number, part in enumerate(parts)))


def _fields(text: str) -> dict[str, str]:
    """Return the lines `name=value` of a section."""
    return {name: value for line in text.splitlines() for name, mark, value in [line.partition("=")] if mark}


def _columns(head: Mapping[str, str]) -> tuple[str, ...]:
    features = tuple(head.get("feature_names", "").split())
    expected = {"num_class": "1", "num_tree_per_iteration": "1", "max_feature_idx": str(len(features) - 1)}
    for name, value in expected.items():
        if head.get(name) != value:
            raise ModelError(f"{name} must be {value}, not {head.get(name)}")
    if head.get("version") not in {"v3", "v4"}:
        raise ModelError(f"version {head.get('version')!r} of the format is not known")
    if not head.get("objective", "").startswith(("binary", "lambdarank", "rank_xendcg")):
        raise ModelError(f"the objective {head.get('objective')!r} is not supported")
    return features


def _tree(number: int, text: str, columns: int) -> Tree:
    given, _, rest = text.partition("\n")
    fields = _fields(rest)
    if given != str(number):
        raise ModelError(f"tree {number} is called {given!r}")
    leaves = _numbers(fields, "num_leaves", int, 1)[0]
    if not 1 <= leaves <= LEAVES or fields.get("num_cat") != "0" or fields.get("is_linear", "0") != "0":
        raise ModelError(f"tree {number} has categories, linear leaves, or other than 1 to {LEAVES} leaves")
    inner = leaves - 1
    tree = Tree(
        feature=_numbers(fields, "split_feature", int, inner),
        threshold=tuple(map(_threshold, _numbers(fields, "threshold", float, inner))),
        nan_left=tuple(_missing(each) for each in _numbers(fields, "decision_type", int, inner)),
        left=_numbers(fields, "left_child", int, inner),
        right=_numbers(fields, "right_child", int, inner),
        value=_numbers(fields, "leaf_value", float, leaves),
    )
    if not all(0 <= each < columns for each in tree.feature):
        raise ModelError(f"tree {number} looks at a column that does not exist")
    if any(map(math.isnan, tree.threshold)) or not all(map(math.isfinite, tree.value)):
        raise ModelError(f"tree {number} has a number that is none")
    tree.order()
    return tree


def _threshold(stated: float) -> float:
    """Return the threshold for values that have not been made zero."""
    if abs(stated) > _ZERO or math.isnan(stated):
        return stated
    return _ZERO if stated >= 0 else math.nextafter(-_ZERO, -math.inf)


def _missing(decision: int) -> bool | None:
    if decision not in _DECISIONS:
        raise ModelError(f"splits of kind {decision} are not supported")
    return bool(decision & _DEFAULT_LEFT) if decision & _NAN_IS_MISSING else None


def _numbers(fields: Mapping[str, str], name: str, kind: Callable[[str], T], count: int) -> tuple[T, ...]:
    if not count:
        return ()
    try:
        found = tuple(kind(part) for part in fields[name].split())
    except (KeyError, ValueError) as error:
        raise ModelError(f"{name} is missing or no list of numbers") from error
    if len(found) != count:
        raise ModelError(f"{name} must have {count} numbers, not {len(found)}")
    return found
