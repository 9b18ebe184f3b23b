"""Usage that must type-check: the public API as its users write it."""

from __future__ import annotations

from bestfix import Candidate, Decision, Patch, QuickFix, Settings, fix, install_excepthook


def show(code: str, error: Exception) -> str:
    decision: Decision = fix(code, error=error, settings=Settings(selector="majority"))
    if decision.shown is None:
        return decision.reason
    candidate: Candidate = decision.shown.candidate
    patch: Patch = candidate.patch
    return patch.diff(code) or candidate.reason


engine: QuickFix = QuickFix(Settings(k=3))

install_excepthook()
