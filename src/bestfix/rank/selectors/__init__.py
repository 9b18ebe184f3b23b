"""Selectors: one protocol, from which a learned ranker differs only in how it computes the probability."""

from __future__ import annotations

from collections.abc import Mapping

from bestfix.rank.selectors.base import Scores, Selector
from bestfix.rank.selectors.simple import edit_size, execution, first, majority, smallest_edit

__all__ = ["SELECTORS", "Scores", "Selector", "edit_size"]

SELECTORS: Mapping[str, Selector] = {
    "first": first, "smallest-edit": smallest_edit, "majority": majority, "execution": execution,
}  # fmt: skip
