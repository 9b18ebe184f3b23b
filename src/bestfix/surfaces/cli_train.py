"""`bestfix train`: build the data that the ranker learns from, and fit it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from bestfix.config import Settings
from bestfix.surfaces.cli_train_fit import COMMANDS, features, fit, language_model

if TYPE_CHECKING:
    from bestfix.train.build import Part

__all__ = ["train"]

train = typer.Typer(name="train", help="Build labelled failures and fit the ranker to them.", no_args_is_help=True)


train.command()(fit)
train.command()(features)
train.command("language-model")(language_model)


@train.callback()
def _options() -> None:
    """Build labelled failures and fit the ranker to them (docs/training.md)."""


@train.command()
def corpus(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="The folder that the data goes to; parts that are there are kept.")],
    packages: Annotated[
        str | None, typer.Option(help="Installed packages whose documentation is read, by commas; `none` for none.")
    ] = None,
    sql: Annotated[Path | None, typer.Option(help="Queries that run, with their databases (JSON lines).")] = None,
    human: Annotated[list[Path] | None, typer.Option(help="People's errors with their fixes (JSON lines).")] = None,
    crossfit: Annotated[
        bool, typer.Option(help="Answer people's errors with judges of syntax that were fitted to the others.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Cells of each package, and queries, at most.")] = None,
    queries: Annotated[int | None, typer.Option(min=1, help="Queries at most, where that is another number.")] = None,
    each: Annotated[int, typer.Option(min=1, help="Broken versions of each cell and query.")] = 2,
    seed: Annotated[int, typer.Option(help="Another seed, other cells and other mistakes.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes.")] = 1,
    scheduler: Annotated[
        str, typer.Option(help="A Dask scheduler, such as tcp://10.0.0.1:8786, whose workers do it (docs/scale.md).")
    ] = "",
    cassette: Annotated[
        Path | None, typer.Option(help="Recorded answers of a language model; it is not asked.")
    ] = None,
) -> None:
    """Break real code as people break it, run it, and try every candidate of the engine.

    What is done is written part by part: the same command goes on where it was stopped.
    """
    from bestfix.train.build import Sample, build, human_parts, package_parts, query_parts
    from bestfix.train.corpus import PACKAGES

    sample = Sample(seed, limit, each)
    sources: list[tuple[str, Callable[[], list[Part]]]] = [
        (package, partial(package_parts, package, out, sample))
        for package in (() if packages == "none" else packages.split(",") if packages else PACKAGES)
    ]
    sources += (
        [("sql", partial(query_parts, _there(sql), out, replace(sample, limit=queries or limit)))]
        if sql is not None
        else []
    )
    sources += [(path.stem, partial(human_parts, _there(path), out, crossfit=crossfit)) for path in human or ()]
    settings = _settings(cassette)
    _remember(context, out)
    for name, parts in sources:
        with _Progress(name) as progress:
            if scheduler:
                _on_cluster(scheduler, parts(), settings, progress)
            else:
                build(parts(), settings, jobs=jobs, progress=progress)


def _remember(context: typer.Context, out: Path) -> None:
    """Add this command to those that the folder was made by, with the names of folders and files alone."""
    line = shlex.join(["bestfix", "train", "corpus", *_words(context)])
    kept = out / COMMANDS
    lines = kept.read_text("utf-8").splitlines() if kept.is_file() else []
    if line not in lines:
        out.mkdir(parents=True, exist_ok=True)
        kept.write_text("".join(f"{one}\n" for one in [*lines, line]), "utf-8")


def _words(context: typer.Context) -> Iterator[str]:
    """Yield the words of a command that its result depends on."""
    for option in context.command.params:
        value = context.params[option.name or ""]
        if option.name in {"jobs", "scheduler"} or value == option.get_default(context):
            continue
        for one in value if isinstance(value, list | tuple) else [value]:
            if option.param_type_name == "option":
                yield option.opts[0]
            if one is not True:
                yield Path(one).name if isinstance(one, Path) else str(one)


def _on_cluster(scheduler: str, parts: list[Part], settings: Settings, progress: _Progress) -> None:
    from bestfix.train.cluster import ClusterError, build_on

    try:
        build_on(scheduler, parts, settings, progress=progress)
    except ClusterError as error:
        typer.echo(f"bestfix: {error}", err=True)
        raise typer.Exit(1) from error


def _settings(cassette: Path | None) -> Settings:
    """Return how candidates are made: with the answers of a model where they are given."""
    from bestfix.train.label import SETTINGS

    if cassette is None:
        return SETTINGS
    from bestfix.generate.llm.cassette import CassetteError, recorded, recorded_with

    try:
        llm = recorded_with(_there(cassette), replace(SETTINGS.llm, always=True, cassette=str(cassette)))
        recorded(cassette)
    except CassetteError as error:
        raise typer.BadParameter(str(error)) from error
    return replace(SETTINGS, llm=llm, network=False)


def _there(path: Path) -> Path:
    """Return the path of a file that is there."""
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {path}")
    return path


class _Progress:
    """A bar on standard error that counts parts, and failures beside them."""

    def __init__(self, name: str) -> None:
        from rich.console import Console
        from rich.progress import Progress, TextColumn, TimeRemainingColumn

        columns = (
            *Progress.get_default_columns()[:-1],
            TimeRemainingColumn(),
            TextColumn("{task.fields[failures]} failures"),
        )
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._task = self._bar.add_task(name, total=None, failures=0)
        self._failures = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, parts: int, failures: int) -> None:
        """Show how many parts of how many are done, and that the last one had some failures."""
        self._failures += failures
        self._bar.update(self._task, completed=done, total=parts, failures=self._failures)
