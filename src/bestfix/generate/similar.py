"""Which of many names is the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

__all__ = ["Match", "near", "shortened"]


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


_BEGINS, _ABBREVIATES = 0.75, 0.62
"""How likely a name is meant by one that begins it, or that leaves out some of its letters."""


def shortened(name: str, names: Collection[str]) -> list[Match]:
    """Return those of `names` that `name` is short for, or that are short for it, the likeliest first.

    `sep` begins `separator`; `qty` keeps the first letter of `quantity` and some of the others in their order.
    """
    found = [Match(other, score) for other in names if other != name and (score := _shortens(name, other))]
    return sorted(found, key=lambda m: (-m.score, m.name))


def _shortens(one: str, other: str) -> float:
    short, long = sorted((_folded(one), _folded(other)), key=len)
    if len(short) < 3 or len(long) < len(short) + 2:
        return 0.0
    if long.startswith(short):
        return _BEGINS
    letters = iter(long)
    ends = short[-1] == long[-1] or not set(short[1:]) & set("aeiou")
    return _ABBREVIATES if short[0] == long[0] and ends and all(c in letters for c in short) else 0.0


def _folded(name: str) -> str:
    plain = name.replace("_", "")
    return (plain if plain.isalnum() else re.sub(r"[_\W]+", "", name)).casefold() or name
