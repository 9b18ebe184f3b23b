"""Selectors: one protocol, from which a learned ranker differs only in how it computes the probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from bestfix.rank.boosted import ModelError
from bestfix.rank.selectors.base import Scores, Selector
from bestfix.rank.selectors.simple import edit_size, execution, first, majority, smallest_edit

__all__ = ["SELECTORS", "ModelError", "Scores", "Selector", "edit_size", "is_selector", "load_selector"]


def _shipped(name: str) -> Callable[[str], Selector]:
    def load(folder: str) -> Selector:
        from bestfix.rank.selectors.learned import MODELS, Learned

        return Learned.load(Path(folder) if folder else MODELS / name)

    return load


def _language_model(folder: str) -> Selector:
    from bestfix.rank.selectors.language_model import LanguageModel

    if not folder:
        raise ModelError("name the folder of the fine-tuned model: language-model:FOLDER")
    return LanguageModel.load(Path(folder))


SELECTORS: Mapping[str, Callable[[str], Selector]] = {
    "first": lambda _: first,
    "smallest-edit": lambda _: smallest_edit,
    "majority": lambda _: majority,
    "execution": lambda _: execution,
    "logistic": _shipped("logistic"),
    "trees": _shipped("trees"),
    "language-model": _language_model,
}
"""What loads each selector, given what stands after the colon of its name: `trees:FOLDER` is a model of one's own."""


def is_selector(name: str) -> bool:
    """Whether there is a selector of this name."""
    return name.partition(":")[0] in SELECTORS


@lru_cache(maxsize=16)
def load_selector(name: str) -> Selector:
    """Return the selector of a name.

    Raises:
        ModelError: when its model is missing or was altered.
    """
    kind, _, argument = name.partition(":")
    return SELECTORS[kind](argument)
