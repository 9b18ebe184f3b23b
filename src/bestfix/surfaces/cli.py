"""The command line. Each command's work is in a module of its own, imported when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bestfix.surfaces.cli_eval import evaluate
from bestfix.surfaces.cli_experiment import experiment
from bestfix.surfaces.cli_llm import llm
from bestfix.surfaces.cli_log import log
from bestfix.surfaces.cli_model import model
from bestfix.surfaces.cli_serve import serve
from bestfix.surfaces.cli_train import train

__all__ = ["app", "main"]

app = typer.Typer(
    name="bestfix",
    help="The right fix for a failing notebook, script or query, as a diff.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_PASS_ON = {"allow_interspersed_args": False}
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text (docs/wire.md).")]


def main() -> None:
    """Run the command line."""
    app()


def _version(wanted: bool) -> None:
    if wanted:
        from bestfix._version import __version__

        typer.echo(f"bestfix {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """The right fix for a failing notebook, script or query, as a diff."""


@app.command(context_settings=_PASS_ON)
def run(
    file: Annotated[Path, typer.Argument(help="The script (.py) or notebook (.ipynb).")],
    arguments: Annotated[list[str] | None, typer.Argument(help="What the script finds in `sys.argv`.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply every fix unasked, and run again.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the fix, change nothing.")] = False,
    json: Json = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where the repaired notebook goes.")] = None,
    kernel: Annotated[str | None, typer.Option(help="The kernel that runs the notebook.")] = None,
) -> None:
    """Run a script or a notebook; when it fails, show the fix and ask whether to apply it and go on.

    The exit code is the script's own; a notebook's is 0 when it ends clean. `bestfix undo` takes every change back.
    """
    from bestfix.surfaces import cli_run

    if yes and diff:
        raise typer.BadParameter("--yes and --diff contradict each other")
    job = cli_run.Job(file, tuple(arguments or ()), yes, diff, json, output, kernel)
    raise typer.Exit(cli_run.run(job))


@app.command()
def sql(
    file: Annotated[str, typer.Argument(help="The file of SQL statements; `-` for standard input.")],
    database: Annotated[
        str,
        typer.Option("--database", "-d", help="A file of DuckDB or SQLite, or a URL; without it DuckDB in memory."),
    ] = ":memory:",
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse what would write to the database.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply every fix unasked, and go on.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the fix, change nothing in the file.")] = False,
    json: Json = False,
) -> None:
    """Run the statements of a file; when one fails, show the fix and ask whether to apply it and go on.

    Each statement is committed by itself, unless the file says BEGIN. Proposing a fix runs nothing.
    The exit code is 0 when every statement has run. `bestfix undo` takes every change of the file back.
    """
    from bestfix.surfaces import cli_sql

    if yes and diff:
        raise typer.BadParameter("--yes and --diff contradict each other")
    raise typer.Exit(cli_sql.run(cli_sql.Job(file, database, read_only, yes, diff, json)))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Scripts and notebooks; folders are searched for them.")],
    json: Json = False,
) -> None:
    """Show the fix for every file that does not parse; exit with 1 if there is one. Nothing is run or changed."""
    from bestfix.surfaces import cli_check

    raise typer.Exit(cli_check.check(files, as_json=json))


@app.command()
def fix() -> None:
    """Read a failure as JSON on standard input and print the decision as JSON (docs/wire.md)."""
    from bestfix.surfaces import cli_fix

    raise typer.Exit(cli_fix.fix())


@app.command()
def lsp() -> None:
    """Serve an editor: fixes for Python and SQL files as code actions, over standard input and output."""
    from bestfix.surfaces import cli_lsp

    raise typer.Exit(cli_lsp.serve())


@app.command()
def undo(
    file: Annotated[Path | None, typer.Argument(help="The file; without it whatever the last command wrote.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also when the file was changed since.")] = False,
) -> None:
    """Restore the files that bestfix wrote last."""
    from bestfix.surfaces import cli_undo

    raise typer.Exit(cli_undo.undo(file, force=force))


@app.command()
def doctor(json: Json = False) -> None:
    """Say what this machine can do: how fixes are verified, what is installed, which settings hold.

    It exits with 1 when the settings cannot be read or the sandbox does not hold.
    """
    from bestfix.surfaces import cli_doctor

    raise typer.Exit(cli_doctor.doctor(as_json=json))


@app.command()
def repairs(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the documentation page.")] = False,
) -> None:
    """List what bestfix repairs."""
    from bestfix.surfaces.repairs import descriptions, page

    if markdown:
        typer.echo(page(), nl=False)
        return
    for description in descriptions():
        typer.echo(f"{description.name:45} {description.summary}")


app.command("eval")(evaluate)
app.add_typer(experiment)
app.add_typer(llm)
app.add_typer(log)
app.add_typer(model)
app.add_typer(serve)
app.add_typer(train)
