"""`bestfix serve`: the HTTP service, with the page of the SQL editor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

__all__ = ["serve"]

_INSTALL = "pip install 'bestfix[server]'"

serve = typer.Typer(name="serve", help="The HTTP service, with the page of a SQL editor.", add_completion=False)
keys = typer.Typer(name="keys", help="The API keys of the service.", no_args_is_help=True)
serve.add_typer(keys)

Data = Annotated[str, typer.Option(help="Where the service keeps its own files.", envvar="BESTFIX_SERVE_DATA")]
StoreUrl = Annotated[
    str, typer.Option("--store", envvar="BESTFIX_SERVE_STORE", help="The URL of its database, which replicas share.")
]


@serve.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.")] = 8750,
    workers: Annotated[int, typer.Option(help="Worker processes.")] = 1,
    folder: Annotated[
        list[Path] | None, typer.Option(help="A folder whose database files may be opened; else the current one.")
    ] = None,
    database_host: Annotated[
        list[str] | None, typer.Option(help="A PostgreSQL server that may be asked: host, host:port or network.")
    ] = None,
    ask_keys: Annotated[bool, typer.Option("--keys", help="Ask for API keys (`bestfix serve keys new`).")] = False,
    issuer: Annotated[str, typer.Option(help="An OIDC issuer whose bearer tokens are taken.")] = "",
    audience: Annotated[str, typer.Option(help="The audience that its tokens must be for.")] = "",
    name: Annotated[list[str] | None, typer.Option(help="A host name, with its port, that we are called.")] = None,
    origin: Annotated[list[str] | None, typer.Option(help="The origin of another page that may call (CORS).")] = None,
    rate: Annotated[int, typer.Option(help="Requests a minute and user.")] = 6000,
    data: Data = "",
    store: StoreUrl = "",
) -> None:
    """Serve on the loopback, to nobody else, until stopped; requests under way are finished.

    An address that others can reach needs `--keys` or `--issuer`.
    """
    if context.invoked_subcommand is not None:
        return

    def work() -> int:
        from bestfix.surfaces.http import Access, Databases, ServeOptions
        from bestfix.surfaces.http.serve import serve as serve_with

        access = Access(ask_keys, issuer, audience, names=tuple(name or ()), origins=tuple(origin or ()), rate=rate)
        folders = folder or ([] if access.required else [Path.cwd()])
        databases = Databases(tuple(str(each.resolve()) for each in folders), tuple(database_host or ()))
        secret = os.environ.get("BESTFIX_SERVE_SECRET", "")
        return serve_with(ServeOptions(host, port, workers, data, store, secret, access, databases=databases))

    raise typer.Exit(_reported(work))


@keys.command("new")
def new_key(user: Annotated[str, typer.Argument(help="Whose it is.")], data: Data = "", store: StoreUrl = "") -> None:
    """Make a key and print it; it cannot be shown again."""
    raise typer.Exit(_reported(lambda: _keys().make(user, data, store)))


@keys.command("list")
def list_keys(data: Data = "", store: StoreUrl = "") -> None:
    """List the keys, without their secret halves."""
    raise typer.Exit(_reported(lambda: _keys().show(data, store)))


@keys.command("revoke")
def revoke_key(key: Annotated[str, typer.Argument(help="Its id.")], data: Data = "", store: StoreUrl = "") -> None:
    """Take a key back."""
    raise typer.Exit(_reported(lambda: _keys().revoke(key, data, store)))


def _keys() -> ModuleType:
    from bestfix.surfaces import cli_serve_keys

    return cli_serve_keys


def _reported(work: Callable[[], int]) -> int:
    """Do a command's work; return the exit code."""
    from bestfix.config import SettingsError

    try:
        return work()
    except ModuleNotFoundError as error:
        print(f"bestfix: the service needs {error.name}: {_INSTALL}", file=sys.stderr)
    except (SettingsError, ValueError) as error:
        print(f"bestfix: {error}", file=sys.stderr)
    return 2
