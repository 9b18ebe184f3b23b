"""How a fine-tuned encoder chooses beside the trees, on failures that neither has learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bestfix.train.fit import cross_validated, drawn, fit_trees
from bestfix.train.fit_card import lines_table
from bestfix.train.fit_data import TARGETS, Array, Table, table_of
from bestfix.train.fit_figures import Line, chance, line_of
from bestfix.train.fit_language_model import Tuning, examples, fine_tuned, outputs
from bestfix.train.off_policy import Estimate, interval
from bestfix.train.off_policy import drawn as draws
from bestfix.train.record import Labelled

__all__ = ["Rivals", "rivals", "rivals_page"]


@dataclass(frozen=True, slots=True)
class Rivals:
    """What cross-validation finds.

    Attributes:
        parts: on how many of the parts they are compared; for each an encoder is tuned to all others.
        failures: how many failures are in them.
        selectors: ways to choose, by name.
        success: how well either tells what runs.
        gain: how much oftener the trees' best candidate is right than the encoder's, as failures are drawn anew.
    """

    parts: int
    failures: int
    selectors: Mapping[str, Line]
    success: Mapping[str, Line]
    gain: Estimate


def rivals(
    records: Iterable[Labelled],
    tuning: Tuning,
    parts: int,
    folder: Path,
    step: Callable[[int, int], None] = lambda _, __: None,
) -> Rivals:
    """Return how an encoder and the trees choose.

    Args:
        records: the failures.
        tuning: how the encoder is tuned.
        parts: on how many parts of the cross-validation.
        folder: where the encoder of each part is written.
        step: called with the steps of a part's tuning that are done, and with all of them.
    """
    records = list(records)
    table, given = table_of(records), examples(records)
    found = np.full((len(given), len(TARGETS)), np.nan)
    for part in range(parts):
        held = table.rows(table.parts == part)
        learned = [example for example, out in zip(given, held, strict=True) if not out]
        model = fine_tuned(learned, tuning, folder / f"without-{part}", step)
        found[held] = outputs(model, [example for example, out in zip(given, held, strict=True) if out])
    trees = {target: drawn(table, target, cross_validated(fit_trees, table, target)) for target in TARGETS}
    encoder = {target: found[:, column] for column, target in enumerate(TARGETS)}
    seen = table.rows(table.parts < parts)
    kept = table.only(seen)
    scores = {
        "first": table.estimate,
        "language model": encoder["accept"],
        "language model, drawn to the estimate": drawn(table, "accept", encoder["accept"]),
        "trees": trees["accept"],
        "oracle": table.target["accept"],
    }
    return Rivals(
        parts,
        len(set(kept.known("accept").failure.tolist())),
        {"chance": chance(kept.known("accept")), **{n: line_of(kept, s[seen]) for n, s in scores.items()}},
        {
            "language model": line_of(kept, encoder["success"][seen], "success"),
            "trees": line_of(kept, trees["success"][seen], "success"),
        },
        _gain(kept, trees["accept"][seen], encoder["accept"][seen]),
    )


def _gain(table: Table, ours: Array, others: Array) -> Estimate:
    """Return how much oftener the best candidate by one score is right than by another."""
    known = ~np.isnan(table.target["accept"])
    table, right = table.only(known), table.target["accept"][known]
    more = right[table.best(ours[known])] - right[table.best(others[known])]
    failures = np.arange(len(more))
    return interval(more, np.ones(len(more)), draws(failures), failures)


def rivals_page(found: Rivals) -> str:
    """Return a comparison as Markdown."""
    gain = found.gain
    return (
        f"{lines_table('choosing', found.selectors)}\n{lines_table('telling what runs', found.success)}\n"
        f"{found.failures:,} failures of {found.parts} parts; trees above the language model: "
        f"{gain.mean:+.1%} ({gain.low:+.1%} to {gain.high:+.1%})\n"
    )
