"""`bestfix llm`: the connection to a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from bestfix.config import Settings, SettingsError, config_file

__all__ = ["llm"]

PATIENCE = 30.0
"""Seconds that a person who tries the connection waits for it."""
UNCONNECTED = """\
No model is connected. Name one in {path}:

    [llm]
    model = "gpt-4.1-mini"
    # base_url = "http://localhost:11434/v1"    any endpoint that speaks OpenAI's protocol
    # api_key_env = "MY_KEY"                    the variable with its key, where one is needed

or in variables: BESTFIX_LLM_MODEL, BESTFIX_LLM_BASE_URL, BESTFIX_LLM_API_KEY_ENV. See docs/llm.md."""

llm = typer.Typer(name="llm", help="The connection to a language model: show it, try it.", add_completion=False)


@llm.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """Show which model is asked, where, with which key, and what it is told; nothing is sent."""
    if context.invoked_subcommand is None:
        raise typer.Exit(_reported(_show))


@llm.command("try")
def attempt() -> None:
    """Ask the model for a small fix and say how that went."""
    raise typer.Exit(_reported(_try))


@llm.command()
def models() -> None:
    """List the models of the endpoint."""
    raise typer.Exit(_reported(_models))


@llm.command()
def preview(
    file: Annotated[
        str,
        typer.Argument(help="A script, a notebook with a failed cell, a query, or a request in JSON (docs/wire.md)."),
    ],
    error: Annotated[
        str, typer.Option("--error", "-e", help="What was said: a traceback or the database's message.")
    ] = "",
    database: Annotated[str, typer.Option("--database", "-d", help="The database of a query.")] = "",
    strategy: Annotated[list[str] | None, typer.Option(help="Only this strategy's question; may be repeated.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the requests as JSON.")] = False,
) -> None:
    """Print exactly what would be sent about a failure; nothing is sent or run."""
    from bestfix.surfaces import cli_preview

    job = cli_preview.Job(file, error, database, strategy or (), json)
    raise typer.Exit(_reported(lambda settings: cli_preview.preview(job, settings)))


def _reported(work: Callable[[Settings], int]) -> int:
    """Do a command's work; return the exit code."""
    from bestfix.generate.llm.errors import LLMError

    try:
        return work(Settings.load())
    except SettingsError as error:
        typer.echo(f"bestfix: {error}", err=True)
        return 2
    except LLMError as error:
        said = f"\nThe endpoint says: {error.detail}" if error.detail else ""
        typer.echo(f"bestfix: {type(error).__name__}: {error}{said}", err=True)
        return 1


def _show(settings: Settings) -> int:
    if not settings.llm.model:
        typer.echo(UNCONNECTED.format(path=config_file()))
        return 0
    for name, value in _facts(settings):
        typer.echo(f"{name:10} {value}")
    return 0


def _facts(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what is set, as name and value."""
    from bestfix.generate.llm.endpoint import Endpoint
    from bestfix.generate.llm.errors import MissingKeyError
    from bestfix.generate.llm.keys import find_key

    llm = settings.llm
    endpoint = Endpoint.of(settings)
    yield "model", f"{llm.model} at {endpoint} ({llm.provider})"
    yield from ((f"  {strategy}", model) for strategy, model in llm.models.items())
    try:
        yield "key", find_key(endpoint).origin
    except MissingKeyError as error:
        yield "key", f"missing: {error}"
    yield "strategies", ", ".join(llm.strategies)
    yield "asks for", f"at most {llm.k} answers within {llm.deadline:g} s"
    yield "tells", f"{llm.privacy}, at most {llm.prompt_tokens:,} tokens a question"
    yield "network", "allowed" if settings.network else "forbidden: nothing is sent"
    yield "settings", str(config_file())


def _try(settings: Settings) -> int:
    from bestfix.core import Deadline
    from bestfix.generate.llm.client import Client
    from bestfix.generate.llm.messages import Request

    if not settings.llm.model:
        return _show(settings)
    client = Client.of(settings)
    question = Request(
        strategy="try",
        model=settings.llm.model,
        system="You correct one line of Python and answer with that line alone.",
        user="pritn('hello')",
        max_tokens=settings.llm.answer_tokens,
    )
    typer.echo(f"asking {settings.llm.model} at {client.link.endpoint} …")
    client.warm().result()
    completion = client.submit(question, Deadline.after(PATIENCE)).result()
    typer.echo(f"  {completion.texts[0].strip()[:200]}" + ("" if completion.complete[0] else " … (cut off)"))
    typer.echo(f"by {completion.model or 'an unnamed model'} in {completion.seconds:.2f} s", nl=False)
    typer.echo(f", {completion.prompt_tokens} + {completion.completion_tokens} tokens, ", nl=False)
    typer.echo(f"log-probabilities {'yes' if completion.logprobs[0] is not None else 'no'}, ", nl=False)
    typer.echo(f"request {completion.request_id or 'without an id'}")
    if completion.seconds > settings.llm.deadline:
        typer.echo(f"That is longer than the deadline of {settings.llm.deadline:g} s: it would not be waited for.")
    return 0


def _models(settings: Settings) -> int:
    from bestfix.core import Deadline
    from bestfix.generate.llm.client import Client

    for name in Client.of(settings).models(Deadline.after(PATIENCE)):
        typer.echo(name)
    return 0
