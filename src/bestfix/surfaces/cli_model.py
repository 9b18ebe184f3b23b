"""`bestfix model`: which models choose among candidates here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bestfix.rank.registry import Registry

__all__ = ["model"]

model = typer.Typer(name="model", help="The models that choose among candidates: which are in use, and why.")

Why = Annotated[str, typer.Option(help="What speaks for it; it is kept with the change.")]


@model.callback()
def _options() -> None:
    """The models that choose among candidates: which are in use, and why (docs/training.md)."""


@model.command("list")
def show() -> None:
    """List the changes of each selector's model; the last one holds."""
    _reported(lambda registry: typer.echo("\n".join(_listed(registry))))


@model.command()
def promote(
    source: Annotated[
        str, typer.Argument(help="A model's folder (`bestfix train fit`), or the name of one that was in use before.")
    ],
    why: Why = "by hand",
) -> None:
    """Copy a model into the folder of promoted models and put it into use, from the next failure on."""

    def promoted(registry: Registry) -> None:
        kind, change = registry.promote(_folder(registry, source), why)
        typer.echo(f"{kind}: {change.model} is in use; `bestfix model rollback {kind}` takes that back")

    _reported(promoted)


@model.command()
def rollback(
    selector: Annotated[str, typer.Argument(help="trees or logistic.")],
    why: Why = "rolled back by hand",
) -> None:
    """Put the model into use that was in use before the last promotion."""
    from bestfix.rank.selectors import LEARNED

    if selector not in LEARNED:
        raise typer.BadParameter(f"there are models of {' and '.join(LEARNED)}, not of {selector!r}")

    def rolled_back(registry: Registry) -> None:
        change = registry.rollback(selector, why)
        typer.echo(f"{selector}: {change.model or 'the model that comes with bestfix'} is in use")

    _reported(rolled_back)


@model.command()
def compare(
    old: Annotated[str, typer.Argument(help="A model: `trees`, `trees:shipped`, or a folder.")],
    new: Annotated[str, typer.Argument(help="Another one.")],
    events: Annotated[str, typer.Option(help="`store`, an SQLite file, a URL, or an export's folder.")] = "store",
) -> None:
    """Compare two models on what users did, also with what was never shown (off-policy)."""
    from bestfix.surfaces.cli_train_events import compare_on

    compare_on(events, old, new)


def _reported(work: Callable[[Registry], None]) -> None:
    """Do a command's work in the registry that the settings name."""
    from bestfix.config import Settings, SettingsError
    from bestfix.rank.boosted import ModelError
    from bestfix.rank.registry import Registry

    try:
        work(Registry.at(Settings.load().models))
    except (ModelError, SettingsError) as error:
        sys.stdout.flush()
        typer.echo(f"bestfix: {error}", err=True)
        raise typer.Exit(2) from error


def _folder(registry: Registry, source: str) -> Path:
    """Return the folder of a model that is named by its path or, where it was promoted before, by its name."""
    known = sorted(registry.folder.glob(f"*/{source}")) if source.isalnum() else []
    return known[0] if known and not Path(source).is_dir() else Path(source)


def _listed(registry: Registry) -> Iterator[str]:
    from bestfix.rank.boosted import ModelError
    from bestfix.rank.model import load_model
    from bestfix.rank.selectors import LEARNED

    yield f"promoted models are in {registry.folder}"
    for kind in LEARNED:
        changes = registry.changes(kind)
        yield f"\n{kind}"
        for change in changes or ():
            mark = "*" if change is changes[-1] else " "
            yield f"{mark} {change.number:3}  {change.when}  {change.model or 'shipped':12}  {change.why}"
        if not changes:
            yield "* the model that comes with bestfix"
        elif changes[-1].model:
            try:
                load_model(registry.folder / kind / changes[-1].model)
            except ModelError as error:
                yield f"  it cannot be used, and the one that comes with bestfix takes its place: {error}"
