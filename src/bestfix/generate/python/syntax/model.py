"""The learned judge of token edits: weights of abstract features, read once from the data file beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.sites import Sites

__all__ = ["Model", "load_model"]


@dataclass(frozen=True)
class Model:
    """A log-linear model.

    Attributes:
        messages: the short name of each class of parser messages.
        weights: for each feature of a site the weight that it has for each template.
        judge: for each feature of a text that compiles its weight.
    """

    messages: Mapping[str, str]
    weights: Mapping[str, Mapping[str, float]]
    judge: Mapping[str, float]

    def scores(self, sites: Sites, site: str) -> dict[str, float]:
        """Return the score of every template at a site."""
        known = sites.scores.get(site)
        if known is None:
            known = sites.scores[site] = {}
            for feature in sites.features(site):
                row = self.weights.get(feature)
                if row is not None:
                    for template, weight in row.items():
                        known[template] = known.get(template, 0.0) + weight
        return known

    def score(self, sites: Sites, proposal: Proposal) -> float:
        """Return the score of a proposal: the sum over its parts."""
        return sum(self.scores(sites, site).get(template, 0.0) for template, site in proposal.parts)


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the model that ships with the package."""
    data = json.loads(files(__package__ or "").joinpath("model.json").read_text("utf-8"))
    return Model(data["messages"], data["weights"], data.get("judge", {"cost": -1.0}))
