"""A decision being talked over: which of its fixes is looked at, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Decision, Outcome, Scored
from bestfix.surfaces.asked import asked_lines
from bestfix.surfaces.card import place
from bestfix.surfaces.trials import told

__all__ = ["Offer"]


@dataclass(slots=True)
class Offer:
    """The fixes of one failure, looked at one after the other.

    Attributes:
        decision: what was decided.
        index: the fix that is looked at, in the order of the decision's ranking.
    """

    decision: Decision
    index: int = 0

    @property
    def current(self) -> Scored | None:
        """The fix that is looked at; `None` with nothing shown."""
        if self.index == 0:
            return self.decision.shown
        ranked = self.decision.ranked
        return ranked[self.index] if self.index < len(ranked) else None

    @property
    def applicable(self) -> bool:
        """Whether the fix that is looked at can be applied."""
        return self.current is not None and not self.current.candidate.patch.display_only

    def advance(self) -> Scored | None:
        """Go to the next fix and return it; stay and return `None` after the last.

        Where nothing was shown, the first of the ranked fixes comes next: the user asks to see it.
        """
        if self.decision.shown is None and self.index == 0 and self.decision.ranked:
            self.decision = _insisted(self.decision)
            return self.current
        if self.index + 1 >= len(self.decision.ranked):
            return None
        self.index += 1
        return self.current

    def why(self) -> str:
        """Return what speaks for the fix that is looked at, and what else was considered."""
        scored = self.current
        said = list(_reasons(self.decision, scored)) if scored is not None else [self.decision.reason]
        return "\n".join([*said, *(f"  {line}" for line in asked_lines(self.decision))])


def _insisted(decision: Decision) -> Decision:
    from dataclasses import replace

    return replace(decision, shown=decision.ranked[0], reason=decision.ranked[0].candidate.reason)


def _reasons(decision: Decision, scored: Scored) -> Iterator[str]:
    from bestfix.surfaces.repairs import described

    candidate, verdict = scored.candidate, scored.verdict
    yield candidate.reason
    if scored.p_accept is not None:
        yield f"  likely right: {scored.p_accept:.0%}; checked: {_checked(scored)}"
    votes = candidate.votes or (candidate.proposer,)
    yield f"  proposed by: {', '.join(votes)}; edits {place(scored)}"
    yield from (f"  {line}" for line in told(verdict))
    yield from (f"  but: {note}" for note in verdict.notes)
    if (text := described(candidate.proposer)) is not None:
        yield from (f"  {name.lower()}: {line}" for name, line in (("Why", text.why), ("Safety", text.safety)) if line)
    others = [other for other in decision.ranked if other is not scored]
    yield from (f"  also considered: {other.candidate.reason} ({other.p_accept or 0:.0%})" for other in others[:5])


def _checked(scored: Scored) -> str:
    """Return what checking without running found, in words."""
    if scored.verdict.parses is None:
        return "not verifiable"
    words = "it parses" if scored.verdict.parses else "it does not parse"
    return f"{words}, {scored.verdict.outcome}" if scored.verdict.outcome is Outcome.BINDS else words
