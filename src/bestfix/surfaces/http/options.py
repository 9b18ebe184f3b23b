"""How the service behaves: one frozen object, which the command line fills and every worker process reads."""

from __future__ import annotations

import ipaddress
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.core.document import encoded, structured

__all__ = ["Access", "Databases", "Limits", "ServeError", "ServeOptions"]

_VARIABLE = "BESTFIX_SERVE_OPTIONS"
"""The environment variable in which the options reach the worker processes."""


class ServeError(ValueError):
    """The service cannot be started like this; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask, and from where.

    Attributes:
        keys: whether each request needs an API key, even on the loopback.
        issuer: the OIDC issuer whose bearer tokens are taken; empty for none.
        audience: the audience that such a token must be for.
        key_set: where the issuer's keys are; empty for what its discovery document says.
        names: the host names, with their ports, that requests may be addressed to, besides the loopback's.
        origins: the origins of other pages that may call the service (CORS); none by default.
        rate: requests a minute and user.
    """

    keys: bool = False
    issuer: str = ""
    audience: str = ""
    key_set: str = ""
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: int = 6000

    @property
    def required(self) -> bool:
        """Whether a request must say who asks."""
        return self.keys or bool(self.issuer)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker process takes on.

    Attributes:
        body: bytes of a request at most.
        text: characters of a program or query that is looked at, at most.
        patience: seconds in which a request must have arrived.
        fixing: failures that are worked on at a time.
        running: statements that are run at a time.
        waiting: requests that may wait for each of these; more are answered 429.
        seconds: how long a statement may run.
        deadline: seconds for the repairs of one failure, at most.
        rows: rows of one result at most.
        bytes: bytes of one result at most.
        results: open results of one user; the oldest is closed for a new one.
        idle: seconds after which a result, or a connection to a database, that nobody used is closed.
        history: statements of one user that are remembered.
    """

    body: int = 2_000_000
    text: int = 30_000
    patience: float = 10.0
    fixing: int = 2
    running: int = 8
    waiting: int = 32
    seconds: float = 60.0
    deadline: float = 0.5
    rows: int = 5_000_000
    bytes: int = 2_000_000_000
    results: int = 8
    idle: float = 600.0
    history: int = 1000


@dataclass(frozen=True, slots=True)
class Databases:
    """What the users may connect to.

    Attributes:
        folders: the folders that database files are opened from.
        hosts: the database servers, as `host`, `host:port`, `*.domain` or a network such as `10.0.0.0/8`.
    """

    folders: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The options of `bestfix serve`.

    Attributes:
        host: the address that is listened on.
        port: the port.
        workers: the number of worker processes.
        folder: where the service keeps its own files; empty for the user's data folder.
        store: the SQLAlchemy URL of the database for keys, connections and history; empty for a file in `folder`.
        secret: the password that connection strings are sealed with; empty for one of its own in `folder`.
        access: who may ask.
        limits: what is taken on.
        databases: what may be connected to.
    """

    host: str = "127.0.0.1"
    port: int = 8750
    workers: int = 1
    folder: str = ""
    store: str = ""
    secret: str = field(default="", repr=False)
    access: Access = field(default_factory=Access)
    limits: Limits = field(default_factory=Limits)
    databases: Databases = field(default_factory=Databases)

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ServeError(f"workers must be at least 1, got {self.workers}")
        if self.public and not self.access.required:
            raise ServeError(
                f"{self.host} can be reached from other machines: ask for API keys (--keys) or OIDC tokens (--issuer)"
            )
        if bool(self.access.issuer) != bool(self.access.audience):
            raise ServeError("--issuer and --audience belong together: a token is for one service alone")

    @property
    def public(self) -> bool:
        """Whether the service can be reached from other machines."""
        if self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True

    @property
    def home(self) -> Path:
        """The folder of the service's own files."""
        from platformdirs import user_data_path

        return Path(self.folder) if self.folder else user_data_path("bestfix") / "service"

    def hand_over(self) -> None:
        """Leave the options for worker processes that are started from here."""
        os.environ[_VARIABLE] = json.dumps(encoded(self))

    @classmethod
    def handed_over(cls) -> ServeOptions:
        """Return the options that the starting process left; the defaults where there are none."""
        return structured(cls, json.loads(os.environ.get(_VARIABLE, "{}")))
