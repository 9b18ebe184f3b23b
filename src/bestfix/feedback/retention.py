"""Forgetting: what is too old, or all that the user wants gone."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from bestfix.feedback.clock import DAY, now
from bestfix.feedback.store import Store
from bestfix.feedback.tables import TABLES, actions, candidates, exposures, failures

__all__ = ["expire", "purge"]


def expire(store: Store, days: int) -> int:
    """Remove what is older than so many days from a file of the user's own; return how many failures that were.

    A database that others share is left to its owner.

    Raises:
        StoreError: when it cannot be written.
    """
    if not days or store.path is None:
        return 0
    oldest = select(failures.c.id).where(failures.c.at < now() - days * DAY).limit(1)
    with store.reading() as connection:
        if connection.execute(oldest).first() is None:
            return 0
    with store.writing() as connection:
        return _removed(connection, now() - days * DAY, None)


def purge(store: Store, *, before: int | None = None, install: str | None = None) -> int:
    """Remove failures and all that belongs to them; return how many failures that were.

    In a file nothing is left of them on the disk.

    Args:
        store: the store.
        before: only those seen before this time, in microseconds since 1970-01-01 UTC.
        install: only those that this install wrote.

    Raises:
        StoreError: when it cannot be written; nothing is removed then.
    """
    with store.writing() as connection:
        removed = _removed(connection, before, install)
    if store.path is not None:
        store.compact()
    return removed


def _removed(connection: Connection, before: int | None, install: str | None) -> int:
    if before is None and install is None:
        count = int(connection.execute(delete(failures)).rowcount)
        for table in TABLES:
            connection.execute(delete(table))
        return count
    wanted = select(failures.c.id)
    if before is not None:
        wanted = wanted.where(failures.c.at < before)
    if install is not None:
        wanted = wanted.where(failures.c.install == install)
    for table in (candidates, actions, exposures):
        connection.execute(delete(table).where(table.c.failure_id.in_(wanted)))
    return int(connection.execute(delete(failures).where(failures.c.id.in_(wanted))).rowcount)
