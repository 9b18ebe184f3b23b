"""What running a candidate showed, in words."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Outcome, Verdict

__all__ = ["brief", "told"]


def brief(verdict: Verdict) -> str:
    """Return what a card says of a verdict; empty where nothing was run."""
    if verdict.hides:
        return "only hides the error"
    if verdict.outcome is Outcome.RAN_CLEAN:
        return "ran clean"
    if verdict.outcome is Outcome.MOVED:
        return "gets further"
    return "new error" if verdict.outcome is Outcome.NEW_ERROR else ""


def told(verdict: Verdict) -> Iterator[str]:
    """Yield what running showed, a line each."""
    where = ", from the failing statement on, in a copy of the session" if verdict.resumed else ""
    if verdict.outcome is Outcome.RAN_CLEAN:
        yield f"ran clean{where}" + (f"; it gives {verdict.result}" if verdict.result else "")
    elif verdict.error is not None:
        at = f" in line {verdict.error.lineno}" if verdict.error.lineno else ""
        message = "".join(f": {line[:100]}" for line in verdict.error.message.splitlines()[:1])
        got = "got past the error" if verdict.outcome is Outcome.MOVED else "did not get past the error"
        yield f"{got}{where}, and met {verdict.error.type}{message}{at}"
    elif verdict.outcome is Outcome.MOVED:
        yield f"got past the error{where}; no further, because {verdict.untried}"
    elif verdict.untried:
        yield f"not run: {verdict.untried}"
    if verdict.hides:
        yield "but: it only hides the error"
