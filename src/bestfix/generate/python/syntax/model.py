"""The learned judge of token edits: weights of abstract features, read once from the data file beside this module."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.sites import BALANCES, Sites

__all__ = ["Model", "from_data", "load_model", "site_kind"]


REMEMBERED = 30_000
"""Sums that are kept at most."""
Rows = Mapping[str, Sequence[tuple[str, float]]]
"""For each feature the templates that it speaks for or against, with the weight."""


@dataclass(frozen=True)
class Model:
    """A log-linear model.

    Attributes:
        messages: the short name of each class of parser messages.
        rows: the weights by the kind of site: `g` a gap, `t` an item, `s` a span, `B` the balance of brackets.
        judge: for each feature of a text that compiles its weight.
        memo: sums of weights of features that go together, by what they were made of; bounded.
    """

    messages: Mapping[str, str]
    rows: Mapping[str, Rows]
    judge: Mapping[str, float]
    memo: dict[tuple[str, ...], Sequence[tuple[str, float]]] = field(default_factory=dict)

    def scores(self, sites: Sites, site: str) -> dict[str, float]:
        """Return the score of every template at a site."""
        known = sites.scores.get(site)
        if known is None:
            known = sites.scores[site] = defaultdict(float)
            rows = self.rows[site[0]]
            for key, names in sites.parts(site):
                part = self.memo.get(key) if key else None
                if part is None:
                    part = self._part(rows, names(), key)
                for template, weight in part:
                    known[template] += weight
        return known

    def _part(self, rows: Rows, names: Sequence[str], key: tuple[str, ...]) -> Sequence[tuple[str, float]]:
        """Return the summed weights of some features, and keep them for the next place that is the same."""
        total: dict[str, float] = defaultdict(float)
        for name in names:
            for template, weight in rows.get(name, ()):
                total[template] += weight
        if len(self.memo) >= REMEMBERED:
            self.memo.clear()
        found = tuple(total.items())
        if key:
            self.memo[key] = found
        return found

    def score(self, sites: Sites, proposal: Proposal) -> float:
        """Return the score of a proposal: the sum over its parts."""
        return sum([self.scores(sites, site).get(template, 0.0) for template, site in proposal.parts])


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the model that ships with the package."""
    return from_data(json.loads(files(__package__ or "").joinpath("model.json").read_text("utf-8")))


def from_data(data: Mapping[str, Mapping[str, Any]]) -> Model:
    """Return the model that plain data describe."""
    rows: dict[str, dict[str, list[tuple[str, float]]]] = {"g": {}, "t": {}, "s": {}, "B": {}}
    for feature, weights in data["weights"].items():
        for template, weight in weights.items():
            kind = "B" if feature in BALANCES else site_kind(template)
            rows[kind].setdefault(feature, []).append((template, weight))
    judge = {f"{t}|{f}" if t else f: weight for t, weights in data["judge"].items() for f, weight in weights.items()}
    return Model(data["messages"], rows, judge)


def site_kind(template: str) -> str:
    """Return the kind of site that a template is judged by."""
    if template.startswith("ins ") or (template.startswith("wrap") and " " in template):
        return "g"
    return "s" if template in {"run", "quote"} or template.startswith("wrap") else "t"
