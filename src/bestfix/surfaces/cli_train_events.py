"""`bestfix train fit --events` and `bestfix model compare`: what users did, as data to learn from and to judge by."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

if TYPE_CHECKING:
    from bestfix.rank.model import Model
    from bestfix.rank.registry import Registry
    from bestfix.rank.selectors.learned import Learned
    from bestfix.train.compare import Comparison, Pair
    from bestfix.train.off_policy import Value

__all__ = ["compare_on", "fit_to"]


def fit_to(events: str, data: Sequence[Path], out: Path, *, weight: float, promote: bool) -> None:
    """Fit every kind of model to a corpus and to events, say how it compares, and promote it where it is better."""
    from bestfix.train.events import exported, load_events
    from bestfix.train.fit import FITTERS
    from bestfix.train.fit_data import load_table
    from bestfix.train.retrain import material, retrained

    names = (folder.name for folder in data)
    command = shlex.join(["bestfix", "train", "fit", *names, "--events", "EVENTS", "--event-weight", f"{weight:g}"])
    with _refusing(), exported(events) as folder:
        given = material(load_table(data), load_events(folder), weight)
        typer.echo(f"{len(given.parts.learned):,} failures to learn from, {len(given.parts.held):,} to compare on")
        for why, count in given.left_out.items():
            typer.echo(f"{count:,} failures left out: {why}")
        registry = _registry()
        for name in FITTERS:
            found = retrained(name, given, registry, out / name, command)
            typer.echo("\n".join(_told(f"{name}: in use", "fitted anew", found)))
            typer.echo(_promoted(registry, out / name, found) if promote else f"  written to {out / name}")


def compare_on(events: str, old: str, new: str) -> None:
    """Say how two models compare on the part of the events that `bestfix train fit --events` would hold out."""
    from bestfix.train.compare import compared
    from bestfix.train.events import exported, load_events, logged
    from bestfix.train.split import split

    with _refusing(), exported(events) as folder:
        models = [_model(name) for name in (old, new)]
        found = load_events(folder)
        held = logged(found, split(found.episodes).held, every=True)
        typer.echo("\n".join(_told(old, new, compared(models[0], models[1], held))))


@contextmanager
def _refusing() -> Iterator[None]:
    """End the command where events or models cannot be used, and say why."""
    from bestfix.config import SettingsError
    from bestfix.rank.boosted import ModelError
    from bestfix.train.events import EventsError

    try:
        yield
    except (EventsError, ModelError, SettingsError) as error:
        typer.echo(f"bestfix: {error}", err=True)
        raise typer.Exit(2) from error


def _registry() -> Registry:
    from bestfix.config import Settings
    from bestfix.rank.registry import Registry

    return Registry.at(Settings.load().models)


def _model(name: str) -> Model:
    """Return the model of a folder, or of a selector's name: `trees`, `trees:shipped`, `trees:FOLDER`."""
    from bestfix.rank.model import load_model
    from bestfix.rank.selectors import LEARNED, load_selector

    if name.partition(":")[0] not in LEARNED:
        return load_model(Path(name))
    selector = load_selector(name, str(_registry().folder))
    return cast("Learned", selector).model


def _promoted(registry: Registry, folder: Path, found: Comparison) -> str:
    if found.verdict:
        return f"  not promoted: {found.verdict}"
    gain = found.order.gain
    why = f"AUC on held-out events {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
    name, change = registry.promote(folder, why)
    return f"  promoted as {change.model}; `bestfix model rollback {name}` takes that back"


def _told(old: str, new: str, found: Comparison) -> Iterator[str]:
    yield f"{old} against {new}: {found.fixes:,} fixes of {found.users:,} users; intervals: AUC 99 %, else 95 %"
    for what, pair in _pairs(found).items():
        yield f"  {what:44} {pair.old:8.4f} {pair.new:8.4f}   gain {pair.gain}"
    for which, value in (("before", found.old), ("after", found.new)):
        yield f"  fixes kept a failure, {which:6} {_value(value)}"


def _pairs(found: Comparison) -> Mapping[str, Pair]:
    return {
        "a kept fix is above a refused one (AUC)": found.order,
        "log-likelihood of what users did": found.fit,
        "fixes kept a failure, doubly robust": found.kept,
    }


def _value(value: Value) -> str:
    return (
        f"IPS {value.ips}  SNIPS {value.snips}  DR {value.dr}  effective size {value.size:,.0f}"
        f"  support {value.support:.0%}"
    )
