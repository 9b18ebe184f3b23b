"""Which of many names is the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

__all__ = ["Match", "near"]


@dataclass(frozen=True, slots=True)
class Match:
    """A name and how likely it was meant, 0 to 1."""

    name: str
    score: float


def near(name: str, names: Collection[str], *, limit: int = 5, least: float = 0.6) -> list[Match]:
    """Return up to `limit` of `names` that `name` may be a slip of, the likeliest first.

    Similarity is the Damerau-Levenshtein similarity normalised to 0…1, with case and underscores counted as small
    differences; 100,000 names take some milliseconds (rapidfuzz).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    folded = _folded(name)
    shortest, longest = least * len(folded), len(folded) / least + 4
    pool = [other for other in names if shortest <= len(other) <= longest and other != name]
    found: Iterable[tuple[str, float, int]] = process.extract(
        folded,
        [_folded(p) for p in pool],
        scorer=DamerauLevenshtein.normalized_similarity,
        limit=limit * 2,
        score_cutoff=least,
    )
    matches = []
    for _, similarity, index in found:
        exact = DamerauLevenshtein.normalized_similarity(name, pool[index])
        matches.append(Match(pool[index], 0.85 * similarity + 0.15 * exact))
    return sorted(matches, key=lambda m: (-m.score, m.name))[:limit]


def _folded(name: str) -> str:
    plain = name.replace("_", "")
    return (plain if plain.isalnum() else re.sub(r"[_\W]+", "", name)).casefold() or name
