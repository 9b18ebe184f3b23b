"""What may be connected to: database files in the operator's folders, database servers on the operator's list."""

from __future__ import annotations

import fnmatch
import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bestfix.surfaces.http.databases.duckdb_file import DuckFile
from bestfix.surfaces.http.databases.engine import Engine
from bestfix.surfaces.http.databases.postgres_server import PostgresServer
from bestfix.surfaces.http.databases.sqlite_file import SqliteFile
from bestfix.surfaces.http.options import Databases
from bestfix.surfaces.http.problems import forbidden, refused

__all__ = ["Policy"]

_PARAMETERS = frozenset({"host", "port", "dbname", "user", "password", "sslmode"})
"""What a connection string may say; the others name files of this machine, services or other servers."""
_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-full"})
_OWN = {"passfile": "/nonexistent/pgpass", "gssencmode": "disable"}
"""What keeps libpq from lending users the passwords and tickets of the service's own account."""
_PORT = "5432"
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows.

    Attributes:
        allowed: the folders and servers.
        seconds: how long a statement on a server may run.
    """

    allowed: Databases
    seconds: float

    def engine(self, kind: str, target: str) -> Engine:
        """Return the database that a connection names.

        Raises:
            Problem: when the target cannot be understood or is not allowed.
        """
        if kind == "postgres":
            return PostgresServer(tuple(self._server(target).items()), self.seconds)
        path = self._file(target)
        return DuckFile(path) if kind == "duckdb" else SqliteFile(path)

    def _file(self, target: str) -> Path:
        """Return the file that a path means, when it is in one of the folders, links followed."""
        folders = [Path(folder).expanduser().resolve() for folder in self.allowed.folders]
        try:
            path = Path(target).expanduser()
            resolved = (path if path.is_absolute() or not folders else folders[0] / path).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise refused("this is no path") from error
        if not any(resolved.is_relative_to(folder) for folder in folders):
            raise forbidden(
                "database files are only opened from the folders that the service was started with (--folder)"
            )
        if not resolved.is_file():
            raise refused(f"there is no file {resolved.name} in that folder")
        return resolved

    def _server(self, target: str) -> dict[str, str]:
        """Return what libpq is told of a server on the list, its address looked up once and checked."""
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            given = {name: str(value) for name, value in conninfo_to_dict(target).items() if value is not None}
        except ProgrammingError:
            raise refused(
                "this is no connection string of PostgreSQL; write postgresql://user@host:5432/name"
            ) from None
        if unknown := sorted(given.keys() - _PARAMETERS):
            raise forbidden(
                f"a connection string may not say {unknown[0]}; it may say {', '.join(sorted(_PARAMETERS))}"
            )
        host, port = given.get("host", ""), given.setdefault("port", _PORT)
        if not host or "," in host or host.startswith(("/", "@")) or not port.isdecimal():
            raise refused("the connection string must name one host and one port")
        if given.setdefault("sslmode", "prefer") not in _MODES:
            raise refused(f"sslmode must be one of {', '.join(sorted(_MODES))}")
        return {**given, "hostaddr": str(self._address(host, port)), **_OWN}

    def _address(self, host: str, port: str) -> _Address:
        addresses = list(_addresses(host, int(port)))
        named = any(_names(entry, host, port) for entry in self.allowed.hosts)
        for address in addresses:
            listed = any(_holds(entry, address) for entry in self.allowed.hosts)
            if not (listed or (named and (_is_exact(host, port, self.allowed.hosts) or address.is_global))):
                raise forbidden(
                    f"the service may not connect to {host}: its operator allows database servers with --database-host"
                )
        if not addresses:
            raise refused(f"there is no host {host}")
        return addresses[0]


def _addresses(host: str, port: int) -> Iterator[_Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError):
        return
    for entry in found:
        yield ipaddress.ip_address(str(entry[4][0]).partition("%")[0])


def _names(entry: str, host: str, port: str) -> bool:
    """Whether an entry of the list names a host, by itself or by a pattern."""
    name, separator, only = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
    return fnmatch.fnmatchcase(host.lower(), name.lower()) and (not separator or only == port)


def _is_exact(host: str, port: str, entries: tuple[str, ...]) -> bool:
    """Whether an entry names this very host: then its operator knows where it is, be it on the loopback."""
    return any("*" not in entry and _names(entry, host, port) for entry in entries)


def _holds(entry: str, address: _Address) -> bool:
    """Whether an entry of the list is a network that holds an address."""
    try:
        return address in ipaddress.ip_network(entry)
    except ValueError:
        return False
