"""The one object through which a door tells the event store what it saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bestfix.config import Settings
from bestfix.core import Action, Decision, Exposure, Habit
from bestfix.feedback.clock import now
from bestfix.feedback.place import Place
from bestfix.feedback.sink import identifier
from bestfix.feedback.writer import Writer, writer_of
from bestfix.recording.rows import ActionEvent, FailureEvent, referred

__all__ = ["Recorder", "installed"]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Hands failures and actions to the thread that writes them; no call waits or raises.

    Cheap to make, so that a server has one for each user and each assignment of settings.

    Attributes:
        settings: those that decisions were made by.
        surface: the door.
        user: who is in front of it; empty for the one user of this install.
        writer: where events go; `None` when nothing is logged.
    """

    settings: Settings = field(default_factory=Settings)
    surface: str = ""
    user: str = ""
    writer: Writer | None = None

    @classmethod
    def of(cls, settings: Settings, surface: str, user: str = "", *, brief: bool = False) -> Recorder:
        """Return the recorder of a door; it does nothing when the settings say so, or the extra is not installed.

        Args:
            settings: those that decisions are made by.
            surface: the door.
            user: who is in front of it; empty for the one user of this install.
            brief: whether the process ends soon: its events then wait in a file for one that lasts.
        """
        log = settings.log
        wanted = log.enabled and installed()
        return cls(settings, surface, user, writer_of(Place.of(log), log.days, brief=brief) if wanted else None)

    def failure(
        self, decision: Decision, exposures: Sequence[Exposure] = (), *, after: str = "", follows: str = ""
    ) -> str:
        """Record a failure and the decision about it; return the reference by which actions name both.

        Args:
            decision: what was decided. The last one, where it changes nothing for the user which came first.
            exposures: what experiments had assigned, where it mattered.
            after: the reference of an earlier decision about the same failure, which this one replaces.
            follows: the reference of an earlier failure of the same code, which was changed and run again.

        Returns:
            The reference, to be used from now on; empty when nothing is logged.
        """
        if self.writer is None:
            return ""
        failure, revision = referred(after) if after else (identifier(), -1)
        event = FailureEvent(
            failure, revision + 1, now(), decision, tuple(exposures), self.settings, self.surface, self.user,
            follows, self._habit(decision),
        )  # fmt: skip
        self.writer.put(event)
        return f"{failure}:{revision + 1}" if after else failure

    def noticed(self, decision: Decision) -> None:
        """Record a failure of which no more will be heard, and that its fix was shown, if it was."""
        failure = self.failure(decision)
        if decision.shown is not None:
            self.action(failure, Action.SHOWN, 0)

    def action(self, failure_id: str, action: Action, candidate: int | None = None) -> None:
        """Record what the user did, or what happened.

        Args:
            failure_id: what `failure` returned; nothing is recorded for an empty one.
            action: what happened.
            candidate: the index in the decision's ranking of the candidate that it is about, if any.
        """
        if self.writer is not None and failure_id:
            self.writer.put(ActionEvent(identifier(), failure_id, Action(action), candidate, now()))

    def personal(self, decision: Decision) -> Decision:
        """Return a decision that shows what this user's history speaks for; the order of the candidates stays.

        The history is read in the background: until it is known, the decision stands.
        """
        habit = self._habit(decision)
        if not habit.shown:
            return decision
        from bestfix.rank.policy import decide

        shown, reason = decide(decision.ranked, self.settings.threshold, habit)
        return (
            decision if (shown is None) == (decision.shown is None) else replace(decision, shown=shown, reason=reason)
        )

    def _habit(self, decision: Decision) -> Habit:
        """Return how the user takes what is shown for such a failure."""
        report = decision.report
        if self.writer is None or report is None or not decision.ranked:
            return Habit()
        from bestfix.rank.families import family

        return self.writer.habits(self.user).get((str(report.language), family(report)), Habit())

    def close(self) -> None:
        """Wait, for seconds at most, until all that was recorded is written. The end of the process does so, too."""
        if self.writer is not None:
            self.writer.flush()


@cache
def installed() -> bool:
    """Whether the extra `bestfix[events]` is there."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("sqlalchemy", "alembic"))
