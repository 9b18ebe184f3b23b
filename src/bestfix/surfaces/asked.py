"""What a language model was asked about a failure, in words."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Asked, Decision

__all__ = ["asked_lines"]


def asked_lines(decision: Decision) -> Iterator[str]:
    """Yield a line for each question and what came of it; then what was wrong with answers that held no fix."""
    for asked in decision.asked:
        yield f"asked: {asked.strategy} of {asked.model}: {_outcome(asked)}"
    told = {asked.failure for asked in decision.asked}
    for failure in decision.failures:
        if failure.where.startswith("llm") and failure.error not in told:
            yield f"{failure.where}: {failure.error}"


def _outcome(asked: Asked) -> str:
    if asked.failure:
        return asked.failure
    usable = "" if asked.usable == asked.answers else f", {asked.usable} usable"
    tokens = (asked.prompt_tokens or 0) + (asked.completion_tokens or 0)
    spent = f", {tokens} tokens" if tokens else ""
    return f"{asked.answers} answer{'s' if asked.answers != 1 else ''}{usable}{spent}, {asked.seconds or 0:.1f} s"
