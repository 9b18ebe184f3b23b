"""Selectors: one protocol, from which a learned ranker differs only in how it computes the probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from bestfix.rank.boosted import ModelError
from bestfix.rank.selectors.base import Scores, Selector
from bestfix.rank.selectors.simple import (
    edit_size,
    execution,
    first,
    majority,
    majority_by_chance,
    smallest_edit,
)

__all__ = [
    "LEARNED", "SELECTORS", "SHIPPED", "ModelError", "Scores", "Selector", "alternatives", "edit_size", "is_selector",
    "load_selector",
]  # fmt: skip

LEARNED = ("trees", "logistic")
"""The selectors whose model may have been promoted."""
SHIPPED = "shipped"
"""What stands after the colon of a name for the model that comes with the package: `trees:shipped`."""


def _learned(name: str) -> Callable[[str], Selector]:
    def load(folder: str) -> Selector:
        from bestfix.rank.selectors.learned import MODELS, Learned

        return Learned.load(MODELS / name if folder == SHIPPED else Path(folder))

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
    "majority-by-chance": lambda _: majority_by_chance,
    "execution": lambda _: execution,
    "logistic": _learned("logistic"),
    "trees": _learned("trees"),
    "language-model": _language_model,
}
"""What loads each selector, given what stands after the colon of its name: `trees:FOLDER` is a model of one's own."""


def is_selector(name: str) -> bool:
    """Whether there is a selector of this name."""
    return name.partition(":")[0] in SELECTORS


def alternatives(name: str, models: str = "") -> tuple[str, ...]:
    """Return the names, each with its folder, that a selector's name stands for, the most wanted first.

    `trees` is the model that was promoted, and where that cannot be used the one that comes with the package.

    Args:
        name: the selector, such as `first`, `trees` or `trees:FOLDER`.
        models: the folder of promoted models; empty for the user's.

    Raises:
        ModelError: when that folder does not tell which model is in use.
    """
    kind, _, argument = name.partition(":")
    if argument or kind not in LEARNED:
        return (name,)
    from bestfix.rank.registry import Registry

    promoted = Registry.at(models).in_use(kind)
    return (*([f"{kind}:{promoted}"] if promoted else ()), f"{kind}:{SHIPPED}")


def load_selector(name: str, models: str = "") -> Selector:
    """Return the selector of a name, the most wanted of its alternatives.

    Raises:
        ModelError: when its model is missing or was altered.
    """
    return _loaded(alternatives(name, models)[0])


@lru_cache(maxsize=16)
def _loaded(name: str) -> Selector:
    kind, _, argument = name.partition(":")
    return SELECTORS[kind](argument)
