"""The database of the service. Its calls block: they are made in threads."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bestfix.surfaces.http.state.sealed import Secret
from bestfix.surfaces.http.state.tables import connections, history, keys, metadata

__all__ = ["Connection", "Key", "Past", "Store"]

_LOCK = 0x736572766963
"""The number of PostgreSQL's advisory lock: `servic` in ASCII."""


@dataclass(frozen=True, slots=True)
class Key:
    """An API key, without its secret half."""

    id: str
    user: str
    created: dt.datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that a user has connected to.

    Attributes:
        id: its id.
        name: what the user calls it.
        kind: `duckdb`, `sqlite` or `postgres`.
        shown: where it is, without a password.
        target: where it is; empty when it was sealed with another secret.
    """

    id: str
    name: str
    kind: str
    shown: str
    target: str


@dataclass(frozen=True, slots=True)
class Past:
    """A statement that a user has run.

    Attributes:
        id: the id of its result.
        connection: the id of the connection.
        code: the statement.
        started: when it was started.
        seconds: how long it took.
        rows: how many rows it gave, as far as that was known at once, or changed.
        error: the engine's message; empty when it ran.
        wrote: whether it was confirmed to write.
    """

    id: str
    connection: str
    code: str
    started: dt.datetime
    seconds: float
    rows: int | None = None
    error: str = ""
    wrote: bool = False


class Store:
    """The database of the service.

    Args:
        url: its SQLAlchemy URL; empty for a file in `folder`.
        folder: the folder of the service's own files.
        secret: what connection strings are sealed with.
        remembered: statements of one user that are kept.
    """

    def __init__(self, url: str, folder: Path, secret: Secret, remembered: int) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._engine = _engine(url or f"sqlite:///{folder / 'service.sqlite'}")
        self._secret, self._remembered = secret, remembered
        self._create()

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def ready(self) -> bool:
        """Whether the database answers."""
        try:
            self._rows(sa.select(sa.literal(1)))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def new_key(self, user: str) -> str:
        """Return a new key of a user; it is stored as a digest alone and cannot be shown again."""
        name, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        self._do(keys.insert().values(id=name, user=user, digest=_digest(secret), created=_now()))
        return f"bestfix_{name}_{secret}"

    def user_of_key(self, key: str) -> str | None:
        """Return whose key this is; `None` when it is none of ours."""
        prefix, _, rest = key.partition("_")
        name, _, secret = rest.partition("_")
        if prefix != "bestfix" or not secret:
            return None
        rows = self._rows(sa.select(keys.c.user, keys.c.digest).where(keys.c.id == name))
        return str(rows[0].user) if rows and hmac.compare_digest(rows[0].digest, _digest(secret)) else None

    def all_keys(self) -> list[Key]:
        """Return every key."""
        rows = self._rows(sa.select(keys.c.id, keys.c.user, keys.c.created).order_by(keys.c.created))
        return [Key(row.id, row.user, row.created) for row in rows]

    def drop_key(self, name: str) -> bool:
        """Take a key back; say whether it was there."""
        return self._do(keys.delete().where(keys.c.id == name)) > 0

    def connect(self, user: str, name: str, kind: str, target: str, shown: str) -> Connection:
        """Remember a connection of a user's."""
        made = Connection(secrets.token_hex(8), name, kind, shown, target)
        row = {"id": made.id, "user": user, "name": name, "kind": kind, "shown": shown, "created": _now()}
        self._do(connections.insert().values(**row, target=self._secret.seal(target)))
        return made

    def connections(self, user: str) -> list[Connection]:
        """Return the connections of a user."""
        rows = self._rows(sa.select(connections).where(connections.c.user == user).order_by(connections.c.created))
        return [self._connection(row) for row in rows]

    def connection(self, user: str, name: str) -> Connection | None:
        """Return a connection of a user's by its id."""
        which = (connections.c.user == user) & (connections.c.id == name)
        rows = self._rows(sa.select(connections).where(which))
        return self._connection(rows[0]) if rows else None

    def disconnect(self, user: str, name: str) -> bool:
        """Forget a connection; say whether it was there."""
        return self._do(connections.delete().where((connections.c.user == user) & (connections.c.id == name))) > 0

    def remember(self, user: str, past: Past) -> None:
        """Add a statement to a user's history; the oldest is forgotten when there are too many."""
        values = {name: getattr(past, name) for name in Past.__dataclass_fields__}
        own = sa.select(history.c.number).where(history.c.user == user)
        oldest = own.order_by(history.c.number.desc()).offset(self._remembered).limit(1).scalar_subquery()
        with self._engine.begin() as connection:
            connection.execute(history.insert().values(user=user, **values))
            connection.execute(history.delete().where((history.c.user == user) & (history.c.number <= oldest)))

    def past(self, user: str, name: str) -> Past | None:
        """Return a statement of a user's by the id of its result."""
        rows = self._rows(sa.select(history).where((history.c.user == user) & (history.c.id == name)))
        return _past(rows[0]) if rows else None

    def history(self, user: str, *, limit: int, before: str = "", containing: str = "") -> list[Past]:
        """Return statements of a user, the newest first: those before another one, and with a text in them."""
        query = sa.select(history).where(history.c.user == user).order_by(history.c.number.desc()).limit(limit)
        if before:
            which = (history.c.user == user) & (history.c.id == before)
            query = query.where(history.c.number < sa.select(history.c.number).where(which).scalar_subquery())
        if containing:
            query = query.where(history.c.code.icontains(containing, autoescape=True))
        return [_past(row) for row in self._rows(query)]

    def forget(self, user: str) -> int:
        """Forget a user's history; return how many statements it held."""
        return self._do(history.delete().where(history.c.user == user))

    def _create(self) -> None:
        """Make the tables that are not there, while no other worker or replica does."""
        with self._engine.begin() as connection:
            is_file = self._engine.dialect.name == "sqlite"
            lock = "BEGIN IMMEDIATE" if is_file else f"SELECT pg_advisory_xact_lock({_LOCK})"
            connection.exec_driver_sql(lock)
            metadata.create_all(connection)

    def _connection(self, row: Any) -> Connection:
        return Connection(row.id, row.name, row.kind, row.shown, self._secret.unseal(row.target) or "")

    def _rows(self, query: Any) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(query))

    def _do(self, statement: Any) -> int:
        with self._engine.begin() as connection:
            return int(connection.execute(statement).rowcount)


def _engine(url: str) -> Any:
    """Return SQLAlchemy's engine; SQLite with a log that readers do not wait for."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Let writers wait for each other, and readers for nobody."""
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")


def _digest(secret: str) -> bytes:
    """Return the digest of a key: it is as random as it is long, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _past(row: Any) -> Past:
    started = row.started if row.started.tzinfo else row.started.replace(tzinfo=dt.UTC)
    return Past(row.id, row.connection, row.code, started, row.seconds, row.rows, row.error, row.wrote)
