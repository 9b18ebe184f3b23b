"""`bestfix experiment`: what experiments on users have found, and simulated users to try them on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bestfix.config import Settings, SettingsError

if TYPE_CHECKING:
    from bestfix.experiment.analyze import Analysis
    from bestfix.experiment.assign import Experiment, Experiments
    from bestfix.experiment.query import Events

__all__ = ["experiment"]

NEEDED = ("tea_tasting", "duckdb", "pyarrow", "sqlalchemy", "alembic")
MISSING = 'this needs more packages: pip install "bestfix[experiment]"'

experiment = typer.Typer(
    name="experiment", help="Experiments on users: what they found, and what to do.", no_args_is_help=True,
    add_completion=False,
)  # fmt: skip

Definition = Annotated[
    Path | None,
    typer.Option("--experiments", help="The definitions; without it `experiments.toml` beside the settings."),
]
Source = Annotated[
    str | None,
    typer.Option("--events", help="A Parquet export, an SQLite file or a PostgreSQL URL; without it your own store."),
]


@experiment.callback()
def _options() -> None:
    """Experiments on users: what they found, and what to do (docs/experiments.md)."""


@experiment.command()
def status(experiments: Definition = None, events: Source = None) -> None:
    """List the experiments: who is in them, since when, and what to do."""
    with _reported():
        loaded = _loaded(experiments)
        with _events(events) as source:
            for one in loaded.all:
                typer.echo("\n".join(_standing(one, _analysis(one, source))))
        if not loaded.all:
            typer.echo("there are no experiments")


@experiment.command()
def analyze(
    name: Annotated[str, typer.Argument(help="The experiment; `holdout` for the users held out of all.")],
    experiments: Definition = None,
    events: Source = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day that counts (UTC).")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a self-contained page with plots.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write everything as JSON.")] = None,
) -> None:
    """Say whether an experiment's assignment is sound, what its arms are worth, and what to do."""
    from bestfix.experiment import report

    with _reported():
        one = _named(_loaded(experiments), name)
        with _events(events) as source:
            found = _analysis(one, source, until)
        typer.echo(report.as_text(found))
        if html:
            from bestfix.experiment.page import page

            _write(html, page(found))
        if json_out:
            _write(json_out, json.dumps(report.as_json(found)))


@experiment.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="The folder for the events, as Parquet, and their `experiments.toml`.")],
    experiments: Definition = None,
    users: Annotated[int, typer.Option(min=1, help="How many users.")] = 4000,
    days: Annotated[int, typer.Option(min=1, help="How many days.")] = 14,
    errors: Annotated[float, typer.Option(min=0.01, help="Errors that a user makes a day, on average.")] = 1.0,
    lift: Annotated[
        float, typer.Option(min=-0.1, max=0.1, help="What treatments add to fixes kept per error seen, as a share.")
    ] = 0.02,
    novelty: Annotated[
        float, typer.Option(min=0, help="How much more often a novelty is taken on the first day.")
    ] = 0.0,
    fault: Annotated[
        Literal["none", "lost", "crossed"], typer.Option(help="What is wrong with the assignment.")
    ] = "none",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other users.")] = 0,
) -> None:
    """Write what simulated users would do, as real events; treatments are better by `--lift`."""
    from dataclasses import replace

    with _reported():
        from bestfix.experiment.population import Behaviour, Fault, Population
        from bestfix.experiment.simulate import to_parquet
        from bestfix.experiment.story import DEFINITION

        out.mkdir(parents=True, exist_ok=True)
        text = _existing(experiments).read_text(encoding="utf-8") if experiments else DEFINITION
        (out / "experiments.toml").write_text(text, encoding="utf-8")
        running = _loaded(out / "experiments.toml").running
        better = replace(Behaviour().lifted(lift), novelty=novelty)
        arms = {arm.name: better for one in running for arm in one.arms[1:]}
        population = Population(users, days, errors=errors, arms=arms, fault=Fault(fault))
        written = to_parquet(population, running, out, seed)
        typer.echo(f"wrote {written:,} events of {users:,} users to {out}; to analyse them:")
        for one in running:
            typer.echo(f"bestfix experiment analyze {one.name} --experiments {out / 'experiments.toml'} --events {out}")


@experiment.command()
def story(
    out: Annotated[Path | None, typer.Option(help="Keep the events, the definitions and the pages here.")] = None,
    users: Annotated[int, typer.Option(min=100, help="How many users.")] = 8000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other users.")] = 1,
) -> None:
    """Play a story with simulated users: two rankers look alike offline, and one of them is worth rolling out."""
    with _reported(), TemporaryDirectory() as scratch:
        from bestfix.experiment.story import told

        found = told(out or Path(scratch), users, seed)
        typer.echo(found.text())
        if out:
            from bestfix.experiment.page import page

            for analysis in found.analyses:
                _write(out / f"{analysis.experiment.name}.html", page(analysis))


@contextmanager
def _reported() -> Iterator[None]:
    """Say in a line what cannot be done, and exit with 2."""
    from bestfix.experiment.definition import ExperimentsError

    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        typer.echo(f"bestfix experiment: {MISSING} (there is no {lacking[0]})", err=True)
        raise typer.Exit(2)
    from bestfix.feedback.store import StoreError

    try:
        yield
    except (ExperimentsError, SettingsError, StoreError, OSError) as error:
        typer.echo(f"bestfix experiment: {error}", err=True)
        raise typer.Exit(2) from error


def _loaded(file: Path | None) -> Experiments:
    from bestfix.experiment.definition import load_experiments

    return load_experiments(_existing(file) if file is not None else None)


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}")
    return file


def _named(loaded: Experiments, name: str) -> Experiment:
    try:
        return loaded.named(name)
    except KeyError as error:
        names = ", ".join(one.name for one in loaded.all) or "none"
        raise typer.BadParameter(f"no experiment is called {name!r}; there are {names}") from error


@contextmanager
def _events(where: str | None) -> Iterator[Events]:
    """Give the events of a place that a user names."""
    from bestfix.config import Log
    from bestfix.experiment.query import InParquet, InStore
    from bestfix.feedback.place import Place
    from bestfix.feedback.store import Store

    if where is not None and Path(where).is_dir():
        yield InParquet(Path(where))
        return
    if where is None:
        log = Settings.load().log
    elif "://" in where:
        log = Log(url=where)
    elif Path(where).is_file():
        log = Log(path=where)
    else:
        raise typer.BadParameter(f"there are no events at {where}")
    store = Store.open(Place.of(log))
    try:
        yield InStore(store)
    finally:
        store.close()


def _analysis(one: Experiment, source: Events, until: datetime | None = None) -> Analysis:
    from bestfix.experiment.analyze import analyzed
    from bestfix.experiment.query import FOREVER, user_days

    end = FOREVER if until is None else int((until.replace(tzinfo=UTC) + timedelta(days=1)).timestamp() * 1_000_000)
    return analyzed(one, user_days(source, one, end))


def _standing(one: Experiment, analysis: Analysis) -> Sequence[str]:
    """Return what is to be said of an experiment in short."""
    from bestfix.experiment.report import summary
    from bestfix.experiment.verdict import verdicts

    low, high = one.slot
    place = f"  {100 * one.ramp:g} % of {100 * (high - low):g} % of the users in layer {one.layer}" if one.layer else ""
    return [
        next(iter(summary(analysis))),
        *([place] if place else []),
        *(f"  {v.sentence}" for v in verdicts(analysis)),
    ]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {path}", err=True)
