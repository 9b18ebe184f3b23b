"""`bestfix log`: what is kept of failures, shown and steered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bestfix.config import Settings, SettingsError
from bestfix.feedback.place import Install, Place
from bestfix.feedback.spool import Spool

if TYPE_CHECKING:
    from bestfix.feedback.reading import Seen

__all__ = ["log", "standing"]

MISSING = 'nothing is kept: pip install "bestfix[events]"'
DAY = 86_400_000_000
"""Microseconds."""

log = typer.Typer(
    name="log", help="What is kept of failures on this machine: show it, steer it.", no_args_is_help=True,
    add_completion=False,
)  # fmt: skip


@log.command()
def on() -> None:
    """Keep what fails from now on, as the settings say."""
    raise typer.Exit(_reported(lambda place, settings: _switched(place, settings, off=False)))


@log.command()
def off() -> None:
    """Keep nothing from now on, in sessions that are running, too; what is kept stays until `bestfix log purge`."""
    raise typer.Exit(_reported(lambda place, settings: _switched(place, settings, off=True)))


@log.command()
def status() -> None:
    """Say whether failures are kept, where, how many, and what was lost."""
    raise typer.Exit(_reported(_status))


@log.command()
def path() -> None:
    """Print the file, or the address of the database."""
    raise typer.Exit(_reported(_path))


@log.command()
def show(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many failures at most.")] = 20,
) -> None:
    """Print the latest failures and what became of them."""
    raise typer.Exit(_reported(lambda place, _: _show(place, limit)))


@log.command()
def export(folder: Annotated[Path, typer.Argument(help="Where the Parquet files go.")]) -> None:
    """Write all that is kept as Parquet files, one for each table (docs/events.md)."""
    raise typer.Exit(_reported(lambda place, _: _export(place, folder)))


@log.command()
def purge(
    days: Annotated[int, typer.Option("--older-than", min=0, help="Only what is older than so many days.")] = 0,
    everyone: Annotated[bool, typer.Option("--everyone", help="In a shared database what others wrote, too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove what is kept for good."""
    what = f"what is older than {days} days" if days else "all that is kept"
    if not yes and not typer.confirm(f"Remove {what}?"):
        raise typer.Exit(1)
    raise typer.Exit(_reported(lambda place, _: _purge(place, days, everyone=everyone)))


def standing(settings: Settings) -> str:
    """Return whether failures are kept, and where or why not, in a line."""
    from bestfix.recording.recorder import installed

    place = Place.of(settings.log)
    if not installed():
        return MISSING
    if not settings.log.enabled:
        return "off: the setting log.enabled says so"
    if place.off:
        return "off: `bestfix log off` was said"
    texts = "with code and messages" if settings.log.code else "without code"
    return f"on, {texts}, in {_named(place)}" + (f"; {why}" if (why := _hindrance(place)) else "")


def _named(place: Place) -> str:
    """Return the place as it may be printed."""
    if place.path is not None:
        return str(place.path)
    from sqlalchemy import make_url

    return str(make_url(place.address).set(drivername="postgresql").render_as_string(hide_password=True))


def _hindrance(place: Place) -> str:
    """Return why the file cannot be written, as far as that can be told without writing."""
    for folder in {place.folder, *([place.path.parent] if place.path is not None else [])}:
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK):
            return f"but {existing} cannot be written, so that nothing is kept"
    return ""


def _reported(work: Callable[[Place, Settings], int]) -> int:
    """Do a command's work; return the exit code."""
    try:
        settings = Settings.load()
        return work(Place.of(settings.log), settings)
    except SettingsError as error:
        typer.echo(f"bestfix: {error}", err=True)
        return 2
    except ImportError:
        typer.echo(f"bestfix: {MISSING}", err=True)
        return 1
    except (RuntimeError, OSError) as error:  # StoreError is a RuntimeError, and importing it needs SQLAlchemy
        typer.echo(f"bestfix: {error}", err=True)
        return 1


def _switched(place: Place, settings: Settings, *, off: bool) -> int:
    if off:
        place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.switch.touch()
    else:
        place.switch.unlink(missing_ok=True)
    typer.echo(standing(settings))
    return 0


def _path(place: Place, _: Settings) -> int:
    typer.echo(_named(place))
    return 0


def _status(place: Place, settings: Settings) -> int:
    for name, value in _facts(place, settings):
        typer.echo(f"{name:10} {value}")
    return 0


def _facts(place: Place, settings: Settings) -> Iterator[tuple[str, str]]:
    from bestfix.feedback.aside import moved

    yield "log", standing(settings)
    if _begun(place):
        yield "install", Install.load(place.folder).id
        yield from _held(place)
    if waiting := Spool(place.spool).size:
        yield "waiting", f"{waiting:,} bytes in {place.spool}, until the database can be written"
    if place.path is not None:
        kept = f"{settings.log.days} days" if settings.log.days else "for ever"
        yield "kept", kept
        yield from (("damaged", f"{file}: moved aside, and a new file begun") for file in moved(place.path))


def _begun(place: Place) -> bool:
    """Whether anything was ever kept there."""
    return place.path is None or place.path.exists() or Spool(place.spool).size > 0


def _held(place: Place) -> Iterator[tuple[str, str]]:
    """Yield what the store holds."""
    from bestfix.feedback.reading import contents, opened

    with opened(place) as store:
        held = contents(store)
    since = f" since {_time(held.oldest)}" if held.oldest is not None else ""
    yield "failures", f"{held.failures:,}{since}, {held.actions:,} actions"
    if place.path is not None:
        yield "size", f"{place.path.stat().st_size / 1e6:.1f} MB"
    yield from (("lost", f"{events:,} events: {why}") for why, events in held.lost.items())


def _show(place: Place, limit: int) -> int:
    from bestfix.feedback.reading import opened, recent

    if not _begun(place):
        typer.echo("bestfix: nothing is kept yet")
        return 0
    with opened(place) as store:
        found = recent(store, limit)
    for seen in found:
        typer.echo(_line(seen))
    return 0


def _line(seen: Seen) -> str:
    """Return a failure and what became of it as two lines of text."""
    from bestfix.surfaces.card import visible

    error = visible(f"{seen.error_type}: {seen.message}" if seen.message else seen.error_type)
    likely = f" ({seen.p_accept:.0%})" if seen.p_accept is not None else ""
    best = f"{seen.proposer}{likely}" if seen.proposer else "no candidate"
    fate = ", ".join(f"{action} {rank + 1}" if rank else str(action) for action, rank in seen.fate)
    what = fate or (f"not shown: {seen.silence}" if seen.silence else "nothing is known")
    return f"{_time(seen.at)}  {seen.surface:8}  {error or seen.family}\n    {best}: {what}"


def _time(at: int) -> str:
    """Return a time as the user's clock shows it."""
    return f"{datetime.fromtimestamp(at / 1e6, UTC).astimezone():%Y-%m-%d %H:%M}"


def _export(place: Place, folder: Path) -> int:
    from bestfix.feedback.reading import opened

    if find_spec("pyarrow") is None:
        typer.echo("bestfix: Parquet needs pyarrow: pip install pyarrow", err=True)
        return 1
    from bestfix.feedback.export import export as exported

    with opened(place) as store:
        written = exported(store, folder)
    for name, rows in written.items():
        typer.echo(f"{folder / name}.parquet: {rows:,} rows")
    return 0


def _purge(place: Place, days: int, *, everyone: bool) -> int:
    from bestfix.feedback.clock import now
    from bestfix.feedback.reading import opened
    from bestfix.feedback.retention import purge as purged

    if not _begun(place):
        typer.echo("bestfix: nothing is kept")
        return 0
    own = None if everyone or place.path is not None else Install.load(place.folder).id
    with opened(place) as store:
        removed = purged(store, before=now() - days * DAY if days else None, install=own)
    typer.echo(f"removed {removed:,} failures")
    return 0
