"""What the store holds, for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from bestfix.core import Action
from bestfix.feedback.place import Place
from bestfix.feedback.spool import Spool
from bestfix.feedback.store import Store
from bestfix.feedback.tables import actions, candidates, failures, losses

__all__ = ["Contents", "Seen", "contents", "opened", "recent"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A failure, and what became of it.

    Attributes:
        id: the failure's.
        at: when it was seen, in microseconds since 1970-01-01 UTC.
        surface: the door.
        family: the family of errors.
        error_type: the class of the error.
        message: its message, where messages are kept.
        ranked: how many candidates there were.
        silence: why nothing was shown; empty when something was.
        proposer: what proposed the first candidate; empty when there was none.
        p_accept: the probability of that one.
        fate: what happened, in order: the action, and the candidate that it is about.
    """

    id: str
    at: int
    surface: str
    family: str
    error_type: str
    message: str
    ranked: int
    silence: str
    proposer: str
    p_accept: float | None
    fate: tuple[tuple[Action, int | None], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a store holds.

    Attributes:
        failures: how many failures.
        actions: how many actions.
        oldest: when the oldest failure was seen, in microseconds since 1970-01-01 UTC; `None` for an empty store.
        lost: how many events are missing, by the reason.
    """

    failures: int
    actions: int
    oldest: int | None
    lost: Mapping[str, int]


def opened(place: Place) -> Store:
    """Return the store of a place, with what waited for it written; close it after use, such as by `with`.

    Raises:
        StoreError: when it cannot be opened or written.
    """
    store = Store.open(place)
    Spool(place.spool).drain(store.write)
    return store


def contents(store: Store) -> Contents:
    """Return how much a store holds.

    Raises:
        StoreError: when it cannot be read.
    """
    with store.reading() as connection:
        count, oldest = connection.execute(select(func.count(), func.min(failures.c.at)).select_from(failures)).one()
        lost = connection.execute(select(losses.c.reason, func.sum(losses.c.events)).group_by(losses.c.reason))
        missing = {reason: int(events) for reason, events in lost}
        acted = connection.execute(select(func.count()).select_from(actions)).scalar_one()
    return Contents(int(count), int(acted), oldest, missing)


def recent(store: Store, limit: int, user: str = "") -> list[Seen]:
    """Return the latest failures, the last one first; with a user only theirs.

    Raises:
        StoreError: when the store cannot be read.
    """
    first = (candidates.c.failure_id == failures.c.id) & (candidates.c.revision == failures.c.revision)
    query = (
        select(
            *(failures.c[name] for name in ("id", "at", "surface", "family", "error_type", "ranked", "silence")),
            func.coalesce(failures.c.message, "").label("message"),
            func.coalesce(candidates.c.proposer, "").label("proposer"), candidates.c.p_accept,
        )
        .select_from(failures.outerjoin(candidates, first & (candidates.c.rank == 0)))
        .order_by(failures.c.at.desc(), failures.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    if user:
        query = query.where(failures.c.user == user)
    with store.reading() as connection:
        rows = connection.execute(query).all()
        fates = connection.execute(
            select(actions.c.failure_id, actions.c.action, actions.c.rank)
            .where(actions.c.failure_id.in_([row.id for row in rows]))
            .order_by(actions.c.at, actions.c.id)
        ).all()
    by_failure: dict[str, list[tuple[Action, int | None]]] = defaultdict(list)
    for failure, action, rank in fates:
        by_failure[failure].append((Action(action), rank))
    return [Seen(**row._mapping, fate=tuple(by_failure[row.id])) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
