"""How a user takes what is shown, read from the store."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, select

from bestfix.core import Action, Habit, Habits
from bestfix.feedback.clock import DAY, now
from bestfix.feedback.store import Store
from bestfix.feedback.tables import actions, candidates, failures

__all__ = ["DAYS", "habits"]

DAYS = 90
"""How far back habits reach, in days: people change."""
_TAKEN = (Action.ACCEPTED, Action.ACCEPTED_AND_RUN)


def habits(store: Store, user: str) -> Habits:
    """Return the habits of a user, by language and family of errors.

    What a command took unasked (`--yes`) tells nothing of its user and is left out.

    Raises:
        StoreError: when the store cannot be read.
    """
    done = actions.c.action

    def ever(*wanted: Action) -> ColumnElement[int]:
        return func.max(case((done.in_([str(action) for action in wanted]), 1), else_=0))

    fates = (
        select(
            actions.c.failure_id, actions.c.revision, actions.c.rank,
            ever(Action.SHOWN).label("shown"), ever(*_TAKEN).label("taken"), ever(Action.UNDONE).label("undone"),
        )
        .join(failures, failures.c.id == actions.c.failure_id)
        .where(
            failures.c.user == user,
            failures.c.at > now() - DAYS * DAY,
            failures.c.surface.not_like("%, unasked"),
            actions.c.rank.is_not(None),
        )
        .group_by(actions.c.failure_id, actions.c.revision, actions.c.rank)
        .subquery()
    )  # fmt: skip
    same = and_(*(fates.c[name] == candidates.c[name] for name in ("failure_id", "revision", "rank")))
    query = (
        select(
            failures.c.language, failures.c.family, func.count(),
            func.sum(fates.c.taken * (1 - fates.c.undone)), func.sum(candidates.c.p_accept),
        )
        .select_from(fates)
        .join(candidates, same)
        .join(failures, failures.c.id == fates.c.failure_id)
        .where(fates.c.shown == 1, candidates.c.p_accept.is_not(None))
        .group_by(failures.c.language, failures.c.family)
    )  # fmt: skip
    with store.reading() as connection:
        return {
            (language, family): Habit(int(shown), int(taken), float(expected))
            for language, family, shown, taken, expected in connection.execute(query)
        }
