"""How likely one name of a schema was meant by another."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["like", "words"]


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded: of `number_Products` `number` and `product`."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)
    return tuple(_singular(p.lower()) for p in parts)


_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman"}


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word


def like(name: str, other: str, *, table: str = "") -> float:
    """Return how likely `other` was meant by `name`, 0 to 1.

    Looks at the characters and at the words: a word too many or too few counts less when it repeats the table.
    """
    from rapidfuzz.distance import DamerauLevenshtein

    folded, target = re.sub(r"[_\W]", "", name).lower(), re.sub(r"[_\W]", "", other).lower()
    if folded == target:
        return 0.97
    spelt = float(DamerauLevenshtein.normalized_similarity(folded, target))
    score = 0.9 * spelt if spelt >= 0.75 else 0.35 * spelt**2
    mine, theirs = set(words(name)), set(words(other))
    if mine and theirs and (shared := mine & theirs):
        known = set(words(table))
        apart = len((mine ^ theirs) - known) + 0.3 * len((mine ^ theirs) & known)
        score = max(score, 0.85 * len(shared) / (len(shared) + 0.6 * apart))
    if len(folded) > 2 and (target.startswith(folded) or folded.startswith(target) or target.endswith(folded)):
        score = max(score, 0.55)
    if len(folded) == 1 or len(target) == 1:
        score *= 0.5
    return score
