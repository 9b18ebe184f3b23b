"""`bestfix train fit` and `bestfix train features`: models from labelled failures."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["COMMANDS", "features", "fit", "language_model"]

COMMANDS = "commands.txt"
"""The file, in a folder of labelled failures, of the commands that made it."""


def fit(
    data: Annotated[list[Path], typer.Argument(help="Folders of labelled failures (`bestfix train corpus`).")],
    out: Annotated[Path, typer.Option(help="The folder that the models go to.")] = Path("models"),
    card: Annotated[Path | None, typer.Option(help="Where the models' card goes (Markdown).")] = None,
    events: Annotated[
        str, typer.Option(help="Learn from what users did, too: `store`, an SQLite file, a URL, or an export's folder.")
    ] = "",
    event_weight: Annotated[float, typer.Option(min=0, help="How much a fix that a user saw counts.")] = 4.0,
    scheduler: Annotated[
        str, typer.Option(help="A Dask scheduler whose workers fit the trees; the folders are theirs, too.")
    ] = "",
    promote: Annotated[bool, typer.Option(help="With --events: put a model into use that is better there.")] = True,
) -> None:
    """Fit the models that choose among candidates, and measure them by cross-validation.

    The same data give the same models. With --events they are compared with those in use on events that were held out.
    """
    from rich.progress import Progress

    from bestfix.core.document import encoded
    from bestfix.train.fit import FITTERS, save_model
    from bestfix.train.fit_card import card as card_of
    from bestfix.train.fit_data import TARGETS, load_table
    from bestfix.train.fit_figures import STEPS, figures

    _check_folders(data)
    if events and scheduler:
        raise typer.BadParameter("what users did is learned from on this machine: leave out --scheduler or --events")
    if events:
        from bestfix.surfaces.cli_train_events import fit_to

        fit_to(events, data, out, weight=event_weight, promote=promote)
        return
    command = "\n".join([*_commands(data), shlex.join(["bestfix", "train", "fit", *(folder.name for folder in data)])])
    if scheduler:
        _fit_on(scheduler, data, out / "trees", command)
        return
    with Progress(console=_console()) as bar:
        reading = bar.add_task("reading", total=None)
        table = load_table(data)
        bar.update(reading, total=1, completed=1)
        if untold := [target for target in TARGETS if not len(table.known(target).x)]:
            raise typer.BadParameter(f"nothing in the folders tells of {' or '.join(untold)}")
        task = bar.add_task("cross-validation", total=STEPS)
        found, sums = figures(table, lambda: bar.advance(task))
    manifests = {name: save_model(out / name, table, fitter, sums[name], command) for name, fitter in FITTERS.items()}
    _write(out / "figures.json", json.dumps(encoded(found), indent=1) + "\n")
    if card is not None:
        _write(card, card_of(manifests, found))
    typer.echo(f"wrote {', '.join(str(out / name) for name in manifests)}", err=True)


def _fit_on(scheduler: str, data: list[Path], out: Path, command: str) -> None:
    from bestfix.train.cluster import ClusterError
    from bestfix.train.cluster_fit import fit_on

    try:
        manifest, _, _ = fit_on(scheduler, data, out, command)
    except ClusterError as error:
        typer.echo(f"bestfix: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"wrote {out}, fitted to {manifest.data['candidates']:,} candidates", err=True)


def language_model(
    data: Annotated[list[Path], typer.Argument(help="Folders of labelled failures.")],
    base: Annotated[str, typer.Option(help="The encoder: a folder, or a name on Hugging Face.")],
    out: Annotated[Path, typer.Option(help="The folder that the model goes to.")] = Path("models/language-model"),
    limit: Annotated[int | None, typer.Option(min=1, help="Candidates that it learns from, at most.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often it sees them.")] = 2,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the processor, where there is no GPU.")] = 1,
    compare: Annotated[
        int, typer.Option(min=0, help="Compare it with the trees on so many parts of the cross-validation.")
    ] = 0,
) -> None:
    """Fine-tune an encoder to choose among candidates: the selector `language-model:FOLDER`.

    With --compare one more is tuned for each part, to all failures but the part's, and chooses there beside trees that
    have not seen the part either; what comes of it is printed, and written to `rivals.json` in the folder.
    """
    from rich.progress import Progress

    from bestfix.core.document import encoded
    from bestfix.rank.boosted import ModelError
    from bestfix.train.fit_language_model import Tuning, examples, fine_tuned
    from bestfix.train.fit_rivals import rivals, rivals_page
    from bestfix.train.record import PARTS, Labelled, read_shards

    _check_folders(data)
    if compare > PARTS:
        raise typer.BadParameter(f"the cross-validation has {PARTS} parts", param_hint="--compare")
    records = [record for folder in data for record in read_shards(Labelled, folder)]
    given = examples(records)
    if not given:
        raise typer.BadParameter("there is no candidate in the folders")
    tuning = Tuning(base, epochs=epochs, threads=threads, limit=limit)
    with Progress(console=_console()) as bar:
        task = bar.add_task("tuning", total=None)

        def step(done: int, steps: int) -> None:
            bar.update(task, completed=done, total=steps)

        try:
            if compare:
                found = rivals(records, tuning, compare, out, step)
                _write(out / "rivals.json", json.dumps(encoded(found), indent=1) + "\n")
            fine_tuned(given, tuning, out, step)
        except ModelError as error:
            bar.stop()
            typer.echo(f"bestfix: {error}", err=True)
            raise typer.Exit(1) from error
    if compare:
        typer.echo(rivals_page(found), nl=False)
    typer.echo(f"wrote {out}", err=True)


def features() -> None:
    """Print the documentation page of the features."""
    from bestfix.train.fit_card import features_page

    typer.echo(features_page(), nl=False)


def _check_folders(folders: Sequence[Path]) -> None:
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise typer.BadParameter(f"there is no folder {missing[0]}")


def _commands(folders: Sequence[Path]) -> list[str]:
    """Return the commands that made folders of failures, as far as they are known."""
    kept = [folder / COMMANDS for folder in folders]
    return [line for path in kept if path.is_file() for line in path.read_text("utf-8").splitlines()]


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, quiet=not sys.stderr.isatty())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
