"""A temporary PostgreSQL server on loopback, never the system's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ClusterError", "temporary_cluster"]

_WATCH = 'read -r _; folder=$1; shift; "$@"; rm -rf "$folder"'
"""Ends the server when its standard input is closed, be it by us or because we were killed."""


class ClusterError(RuntimeError):
    """PostgreSQL's server is not installed."""


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Start a server of our own and give its connection string; afterwards it is gone, with its data.

    It is gone, too, when we are killed.

    Raises:
        ClusterError: when the server's programs are not installed; the message says what to install.
    """
    control, initialise = _program("pg_ctl"), _program("initdb")
    folder = Path(tempfile.mkdtemp(prefix="bestfix-postgres-", dir="/tmp"))
    user, data, port = _unprivileged(folder), str(folder / "data"), _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    stop = [*user, control, "-D", data, "-m", "immediate", "stop"]
    watch = subprocess.Popen(  # noqa: S603 - the arguments are our own, no shell reads them
        ["/bin/sh", "-c", _WATCH, "watch", str(folder), *stop],
        cwd="/", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _run([*user, initialise, "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"])
        _run([*user, control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start"])
        yield f"host=127.0.0.1 port={port} user=postgres"
    finally:
        watch.communicate()


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(installed[0]) if installed else None)
    if found is None:
        raise ClusterError(
            "PostgreSQL's server is missing: run scripts/setup-postgres.sh, or apt-get install postgresql"
        )
    return str(Path(found).resolve())


def _unprivileged(folder: Path) -> list[str]:
    """Return what to put before a command, so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    runuser = shutil.which("runuser", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin") or "runuser"
    return [runuser, "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - the arguments are our own, no shell reads them
