"""What becomes of the failures of one session: one state machine for every door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.config import Settings, SettingsError
from bestfix.core import Action, Decision, Exposure
from bestfix.recording.recorder import Recorder

__all__ = ["Tracker"]

PATIENCE = 50
"""Other cells that may run before a failure is given up: whoever has gone on so far does not come back to it."""
ALIKE = 0.6
"""The similarity from which a text is taken for a new version of another one, where cells have no identity."""
COMPARED = 4000
"""Characters that are compared at most."""
_OUTCOMES = frozenset({Action.RAN_CLEAN, Action.FAILED_AGAIN})


@dataclass(slots=True)
class _Open:
    """The failure that is looked at.

    Attributes:
        decision: the last decision about it.
        code: the text that failed.
        cell: the identity of its cell, where the front end has one.
        seen: the candidates that were shown of that decision.
        looking: the candidate that is before the user.
        taken: the candidate that the user took.
        awaited: the text whose next run tells whether that one was right.
        settled: whether that is known.
        left: other cells that may still run.
    """

    decision: Decision
    code: str
    cell: str
    seen: set[int]
    looking: int | None = None
    taken: int | None = None
    awaited: str = ""
    settled: bool = False
    left: int = PATIENCE

    def same(self, code: str, cell: str) -> bool:
        """Whether a text is that of the cell that failed, changed or not."""
        if self.cell and cell:
            return self.cell == cell
        from rapidfuzz.distance import Indel

        known = (self.code, self.awaited) if self.awaited else (self.code,)
        return any(Indel.normalized_similarity(code[:COMPARED], text[:COMPARED]) >= ALIKE for text in known)


class Tracker:
    """Knows which failure is open and what the user took, and records what happens.

    Every method may be called at any time: what does not fit is left out.

    Attributes:
        recorder: where it is recorded.
        reference: the last failure's, as `Recorder.failure` returned it.
        reported: whether a front end reports by itself what is shown and taken; only outcomes are recorded then.
    """

    def __init__(self, recorder: Recorder | None = None) -> None:
        self.recorder = recorder or Recorder()
        self.reference = ""
        self.reported = False
        self._open: _Open | None = None
        self._again = ""

    @classmethod
    def of(cls, surface: str) -> Tracker:
        """Return the tracker of a command with the user's settings; a silent one where they cannot be read."""
        try:
            return cls(Recorder.of(Settings.load(), surface, brief=True))
        except SettingsError:
            return cls()

    def failed(self, decision: Decision, code: str, *, cell: str = "", exposures: Sequence[Exposure] = ()) -> str:
        """Record a failure of `code` and the decision about it; return its reference."""
        self._ignored()
        self.reference = self.recorder.failure(decision, exposures, follows=self._again)
        self._again = ""
        self._open = _Open(decision, code, cell, set()) if self.reference else None
        return self.reference

    def better(self, decision: Decision) -> str:
        """Record a better decision about the failure that is open; return the reference from now on."""
        if self._open is not None:
            self.reference = self.recorder.failure(decision, after=self.reference)
            self._open.decision = decision
            self._open.seen.clear()
            self._open.looking = None
        return self.reference

    def shown(self, candidate: int) -> None:
        """Record that a candidate was put before the user."""
        if (it := self._open) is not None and candidate not in it.seen:
            it.seen.add(candidate)
            self._record(Action.SHOWN, candidate)
        if it is not None:
            it.looking = candidate

    def dismissed(self, candidate: int) -> None:
        """Record that the user does not want a candidate."""
        if (it := self._open) is not None and candidate in it.seen:
            self._record(Action.DISMISSED, candidate)
            it.looking = None

    def took(self, candidate: int, text: str, *, run: bool = False) -> None:
        """Record that the user took a candidate.

        Args:
            candidate: its index in the decision's ranking.
            text: the text that it gives; where it changes another source, that one's.
            run: whether it is run at once, too.
        """
        if (it := self._open) is None or not 0 <= candidate < len(it.decision.ranked):
            return
        self.shown(candidate)
        self._record(Action.ACCEPTED_AND_RUN if run else Action.ACCEPTED, candidate)
        it.taken, it.looking = candidate, None
        it.awaited = it.code if self._elsewhere(it, candidate) else text

    @property
    def taken(self) -> tuple[str, int]:
        """The reference of the decision, and the candidate of it, that the user took last; an empty one for none."""
        it = self._open
        return (self.reference, it.taken) if it is not None and it.taken is not None else ("", 0)

    def undone(self) -> None:
        """Record that the user took back what was taken."""
        if (it := self._open) is not None and it.taken is not None:
            self._record(Action.UNDONE, it.taken)
            it.taken, it.awaited = None, ""

    def ended(self, *, clean: bool) -> None:
        """Record how the next run of what failed went; once."""
        if (it := self._open) is None or it.settled:
            return
        self._record(Action.RAN_CLEAN if clean else Action.FAILED_AGAIN, it.taken)
        it.settled = True
        self._again = "" if clean else self.reference
        if it.taken is None or not clean:
            self._open = None

    def ran(self, code: str, *, clean: bool, cell: str = "") -> None:
        """Note that code of the session has run, and record what that says of the failure that is open."""
        if (it := self._open) is None:
            return
        self._again = ""
        text = code.strip()
        if it.settled:
            self._after(it, text)
        elif it.taken is not None and text == it.awaited.strip():
            self.ended(clean=clean)
        elif it.taken is None and (typed := self._proposed(it, text)) is not None:
            self.took(typed, code, run=True)
            self.ended(clean=clean)
        elif it.same(code, cell):
            self._changed(it, text, clean=clean)
        else:
            self._ignored()
            self._passed(it)

    def _after(self, it: _Open, text: str) -> None:
        """Note what runs after the fix has: the text that failed, where the user has gone back to it."""
        if text == it.code.strip():
            self.undone()
            self._open = None
        else:
            self._passed(it)

    def _passed(self, it: _Open) -> None:
        """Note that another cell has run."""
        it.left -= 1
        if it.left <= 0:
            self._open = None

    def _changed(self, it: _Open, text: str, *, clean: bool) -> None:
        """Record what follows when the cell that failed has run with a text that is nobody's proposal."""
        if it.taken is None:
            self._ignored()
        elif text == it.code.strip():
            self.undone()
        else:
            self._record(Action.EDITED_AFTER, it.taken)
        self.ended(clean=clean)

    def _ignored(self) -> None:
        """Record that the user left alone what is looked at, if anything is."""
        if (it := self._open) is not None and it.looking is not None:
            self._record(Action.IGNORED, it.looking)
            it.looking = None

    def _proposed(self, it: _Open, text: str) -> int | None:
        """Return the candidate that has this text, among those that the user has seen."""
        seen = range(len(it.decision.ranked)) if self.reported else sorted(it.seen)
        return next((rank for rank in seen if it.decision.ranked[rank].text.strip() == text), None)

    def _record(self, action: Action, candidate: int | None) -> None:
        if not self.reported or action in _OUTCOMES:
            self.recorder.action(self.reference, action, candidate)

    @staticmethod
    def _elsewhere(it: _Open, candidate: int) -> bool:
        """Whether a candidate changes another source than the one that failed."""
        report = it.decision.report
        return report is not None and it.decision.ranked[candidate].candidate.patch.source != report.failing.name
