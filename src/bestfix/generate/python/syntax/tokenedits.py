"""Token slips of every kind: a token lost, one too many, one for another, as a learned model expects them."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bestfix.core import Edit
from bestfix.generate.python.syntax import proposals
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.model import Model, load_model
from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.rewrite import move
from bestfix.generate.python.syntax.sites import Sites
from bestfix.generate.python.syntax.view import View

__all__ = ["Evidence", "left_out_line", "proposed", "token_edit"]

KEPT = 80
"""Proposals that are handed on for one broken text."""
CROWDED = 10_000
"""Tokens from which on a text that is looked at as one piece is not edited token by token: it takes seconds."""
STARTS, ENDS = 6, 8
"""Places that are tried as the start and as the end of a run."""


@slip
def token_edit(broken: Broken) -> Iterator[Move]:
    """A bracket, comma, colon, operator or word is missing, one too many, or in place of another.

    Why: it is easily forgotten, doubled or confused.
    Example: `print((1)` → `print((1))`
    Safety: what deletes words or puts in a placeholder is unsafe.
    """
    view = View(broken)
    if not 0 < len(view.items) < CROWDED or broken.message.startswith("f-string:"):
        return
    model = load_model()
    sites = Sites(view, model.messages)
    for p, proposal in proposed(view, sites, model):
        yield replace(move(view, proposal, p), evidence=(Evidence(sites, proposal),))


@slip
def left_out_line(broken: Broken) -> Iterator[Move]:
    """A line cannot be understood.

    Why: text, output or a fragment stands between the code.
    Example: `x = 1` / `and here it fails` → `x = 1`
    Safety: the line is lost.
    """
    start, end = broken.lines.start(broken.lineno), broken.lines.end(broken.lineno)
    indent = len(broken.line) - len(broken.line.lstrip())
    reason = f"line {broken.lineno} is not Python"
    yield Move((Edit.delete(start, end),), 1e-5, reason, safe=False)
    yield Move((Edit(start + indent, end, "pass"),), 1e-6, reason, safe=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of a proposal, worked out when they are asked for."""

    sites: Sites
    proposal: Proposal

    def __iter__(self) -> Iterator[str]:
        for template, site in self.proposal.parts:
            for feature in self.sites.features(site):
                yield f"{template}|{feature}"


def proposed(view: View, sites: Sites, model: Model) -> list[tuple[float, Proposal]]:
    """Return the most likely proposals with their probabilities, best first."""
    scored = [(model.score(sites, proposal), proposal) for proposal in _all(view, sites, model)]
    if not scored:
        return []
    best = max(score for score, _ in scored)
    total = sum(math.exp(score - best) for score, _ in scored)
    kept = heapq.nlargest(KEPT, scored, key=lambda pair: pair[0])
    return [(math.exp(score - best) / total, proposal) for score, proposal in kept]


def _all(view: View, sites: Sites, model: Model) -> Iterator[Proposal]:
    yield from proposals.singles(view, sites.span, _wanted(sites, model))
    yield from proposals.pairs(view, sites.span)
    inner = [i for i in sites.span if i < len(view.items)]
    for new in proposals.WRAPS:
        starts = _best(model, sites, f"wrap{new} o", [f"g{i}" for i in inner], STARTS)
        ends = _best(model, sites, f"wrap{new} c", [f"g{i}" for i in sites.span], ENDS)
        yield from proposals.spans(view, starts, ends, "wrap", new)
    for action in ("run", "quote"):
        starts = _best(model, sites, f"{action} o", [f"t{i}" for i in inner], STARTS)
        ends = _best(model, sites, f"{action} c", [f"t{i}" for i in inner], ENDS)
        yield from proposals.spans(view, starts, [end + 1 for end in ends], action)


def _wanted(sites: Sites, model: Model) -> proposals.Wanted:
    """Return whether a template at a site is among the best of all sites."""
    rows = {site: model.scores(sites, site) for i in sites.span for site in (f"g{i}", f"t{i}") if site in sites}
    columns = {kind: table.columns for kind, table in model.tables.items()}
    ordered = sorted(filter(None, itertools.chain.from_iterable(rows.values())))
    least = ordered[-2 * KEPT :][0] if ordered else 0.0

    def wanted(template: str, site: str) -> bool:
        column = columns[site[0]].get(template)
        return (0.0 if column is None else rows[site][column]) >= least

    return wanted


def _best(model: Model, sites: Sites, template: str, names: list[str], count: int) -> list[int]:
    """Return the indices of the sites that score best for a template."""
    best = heapq.nlargest(count, names, key=lambda name: model.at(sites, template, name))
    return [int(name[1:]) for name in best]
