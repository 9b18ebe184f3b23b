"""The card of fitted models: what they are fitted to, how well they choose, what they must not be used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bestfix.rank.features import FEATURES, GROUPS, VERSION
from bestfix.rank.model import Manifest
from bestfix.train.fit_figures import Figures, Line

__all__ = ["card", "features_page", "lines_table"]

_LISTED = 25
"""Features whose share of the gain is listed."""


def card(manifests: Mapping[str, Manifest], figures: Figures) -> str:
    """Return the card of the models, as Markdown."""
    manifest = next(iter(manifests.values()))
    data = "\n".join(f"| {name} | {count:,} |" for name, count in manifest.data.items())
    hashes = "\n".join(
        f"| {name} | `{head.file}` | `{head.sha256[:16]}…` |"
        for name, each in manifests.items()
        for head in (each.accept, each.success)
    )
    indented = manifest.command.replace("\n", "\n    ")
    return f"""# The models that rank candidates

Written by `bestfix train fit`; the numbers are of the run that wrote the files. Each model has two heads, the
probability that the user keeps a candidate and the probability that it runs, over {len(FEATURES)} features
([features.md](features.md), version {VERSION}). `trees` are LightGBM's boosted trees (`binary`), `logistic` a
logistic regression. Both are read by bestfix's own reader, which checks every number; nothing in them is code.

| model | file | SHA-256 |
|---|---|---|
{hashes}

The same files come out of

    {indented}

## Data

| source | failures |
|---|---|
{data}

`doctests` and `functions` come from the documentation and the sources of installed open-source packages (BSD,
MIT, PSF and Apache-2.0 licences), broken by simulated mistakes and run; `sql` from pairs of queries and
databases (Spider, CC BY-SA 4.0; DuckDB's tests, MIT; TPC), broken and run; `stackoverflow_dev` holds people's
own syntax errors with the edit that mended them (CC BY-SA), answered by judges that had not seen them. The
files of the models hold thresholds and sums over features: no text of any source.

*Right* means that the fixed program is the intended one: the same syntax tree, the same result, or for a query
the same rows. It stands in for *the user kept it* until there are records of that. *Runs* means that it ran to
its end, or that the database bound it.

## Figures

All from five-fold cross-validation in which near-duplicates stay together. The calibration error is that of the
best candidates' probabilities, by odds fitted to the other folds.

{lines_table("choosing", figures.selectors)}
{lines_table("telling what runs", figures.success)}
{lines_table("trees with less to go by", figures.ablations)}
{lines_table("trees fitted to a share of the failures", figures.curve)}
### What the trees use

| feature | share of the gain |
|---|---|
{_importances(figures.importance)}

## Not for

The estimates of the repairs are among the features: after a change of the repairs the figures must be measured
again, after a change of the features the models are refused. Candidates of kinds that are not in the data
(advice, edits of another cell) keep the calibrated estimate of their proposer."""


def features_page() -> str:
    """Return the page of all features, as Markdown."""
    parts = [
        f"## {group.capitalize()}: {about}\n\n| name | meaning |\n|---|---|\n"
        + "\n".join(f"| `{f.name}` | {f.meaning} |" for f in FEATURES if f.group == group)
        for group, about in GROUPS.items()
    ]
    return (
        "# Features of a candidate\n\n"
        f"Version {VERSION}; written by `bestfix train features`. A feature that cannot be had is *missing* (`nan`), "
        "which is a value of its own to the models. True is 1.\n\n" + "\n\n".join(parts) + "\n"
    )


def lines_table(title: str, lines: Mapping[str, Line]) -> str:
    """Return the figures of selectors, one a line, as a table of Markdown."""
    sources = list(dict.fromkeys(s for line in lines.values() for s in line.at_1))
    names = [source or "all" for source in sources]
    cells = [
        (name, *(_share(line.at_1.get(s)) for s in sources), _number(line.area), _number(line.error))
        for name, line in lines.items()
    ]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    head = f"| {title} | {' | '.join(f'{n} at 1' for n in names)} | AUC | calibration error |"
    return f"{head}\n|{'---|' * (len(names) + 3)}\n{rows}\n"


def _importances(importance: Mapping[str, float]) -> str:
    top: Iterable[tuple[str, float]] = list(importance.items())[:_LISTED]
    return "\n".join(f"| `{name}` | {share:.1%} |" for name, share in top)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
