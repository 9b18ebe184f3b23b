"""Fitting the ranker to the corpus and to what users did, and saying whether that made it better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bestfix.rank.boosted import ModelError
from bestfix.rank.model import Model, load_model
from bestfix.rank.registry import CARD, Registry
from bestfix.rank.selectors.learned import MODELS
from bestfix.train.compare import Comparison, Pair, compared
from bestfix.train.events import Events, EventsError, Logged, logged
from bestfix.train.fit import FITTERS, cross_validated, save_model
from bestfix.train.fit_data import TARGETS, Table
from bestfix.train.off_policy import Value
from bestfix.train.split import Split, check, split

__all__ = ["WEIGHT", "Material", "in_use", "material", "mixed", "retrained"]

WEIGHT = 4.0
"""How much a fix that a user saw counts beside a candidate of the corpus, whose mistakes are simulated."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is fitted to, and what is compared on.

    Attributes:
        table: the corpus and the events that are learned from.
        held: all candidates of the held-out failures.
        parts: which episodes are where.
        left_out: how many failures are nowhere, by why.
    """

    table: Table
    held: Logged
    parts: Split
    left_out: Mapping[str, int]


def material(corpus: Table | None, events: Events, weight: float = WEIGHT) -> Material:
    """Return what a model is fitted to and compared on.

    Args:
        corpus: labelled failures; `None` for events alone.
        events: what users did.
        weight: how much a fix that a user saw counts beside a candidate of the corpus.

    Raises:
        EventsError: when there are too few events.
        LeakError: when what is held out is known to what is learned from.
    """
    parts = split(events.episodes)
    learned = logged(events, parts.learned, every=False).table
    check(parts, learned)
    table = mixed(corpus, learned, weight)
    for target in TARGETS:
        if len(set(table.known(target).target[target].tolist())) < 2:
            raise EventsError(f"nothing to learn {target} from: it takes both outcomes, in the events or in the corpus")
    held = logged(events, parts.held, every=True)
    dropped = {"known to what is held out": parts.dropped} if parts.dropped else {}
    return Material(table, held, parts, {**events.left_out, **dropped})


def mixed(corpus: Table | None, events: Table, weight: float) -> Table:
    """Return one table of both, in which the rows of events count `weight` times."""
    if corpus is None:
        return events
    return Table(
        np.concatenate([corpus.x, events.x]),
        {t: np.concatenate([corpus.target[t], events.target[t]]) for t in TARGETS},
        np.concatenate([corpus.weight, weight * events.weight]),
        np.concatenate([corpus.failure, events.failure + len(corpus.subjects)]),
        (*corpus.subjects, *events.subjects),
    )


def retrained(name: str, given: Material, registry: Registry, out: Path, command: str) -> Comparison:
    """Fit a model, write it with its card, and compare it with the one in use on the held-out events.

    Args:
        name: which model: one of `FITTERS`.
        given: what is fitted to, and what is compared on.
        registry: says which model is in use.
        out: the folder of the model.
        command: what does the same again.

    Raises:
        EventsError: when the events are too few to compare.
    """
    fitter = FITTERS[name]
    sums = {target: cross_validated(fitter, given.table, target) for target in TARGETS}
    save_model(out, given.table, fitter, sums, command)
    found = compared(in_use(name, registry), load_model(out), given.held)
    (out / CARD).write_text(card(name, given, found, command), "utf-8")
    return found


def in_use(name: str, registry: Registry) -> Model:
    """Return the model of a selector that is in use: the promoted one where it can be used, else the package's own."""
    try:
        promoted = registry.in_use(name)
        return load_model(promoted or MODELS / name)
    except ModelError:
        return load_model(MODELS / name)


def card(name: str, given: Material, found: Comparison, command: str) -> str:
    """Return the card of a model that was fitted to events, as Markdown."""
    verdict = f"Not better: {found.verdict}." if found.verdict else "Better than the model that was in use."
    sizes = "\n".join(f"| {source} | {count:,} |" for source, count in given.table.sizes().items())
    out = "\n".join(f"| {why} | {count:,} |" for why, count in given.left_out.items())
    return f"""# `{name}`, fitted to events

    {command}

{verdict}

| learned from | |
|---|---|
{sizes}

| failures left out | |
|---|---|
{out}

Held out: {len(given.parts.held):,} failures, the latest ones (from {given.parts.cut:%Y-%m-%d %H:%M} on) and all of some
users; {found.fixes:,} fixes of {found.users:,} users. Intervals by drawing users anew: 99 % in the first line, 95 % in
the others.

| on the held-out events | in use | this one | gain |
|---|---|---|---|
| {_line("a kept fix above a refused one (AUC)", found.order)} |
| {_line("log-likelihood of what users did", found.fit)} |
| {_line("fixes kept a failure, doubly robust", found.kept)} |

| fixes kept a failure, off-policy | IPS | SNIPS | doubly robust | effective size | support |
|---|---|---|---|---|---|
| {_estimates("in use", found.old)} |
| {_estimates("this one", found.new)} |
"""


def _line(what: str, pair: Pair) -> str:
    return f"{what} | {pair.old:.4f} | {pair.new:.4f} | {pair.gain}"


def _estimates(what: str, found: Value) -> str:
    return f"{what} | {found.ips} | {found.snips} | {found.dr} | {found.size:,.0f} | {found.support:.0%}"
