"""What a prompt may say of a failure, already redacted, with the way back to the user's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.core import Attempt, Context, Report

__all__ = ["Attempt", "Briefing", "brief"]

BUDGET = 6_000
"""Tokens of a request at most, its answer left out."""


@dataclass(frozen=True)
class Briefing:
    """What the prompts may say; built once a failure and shared by all strategies.

    Attributes:
        report: the failure, for what stays here: prompts never read it.
        budget: tokens of a request at most, its answer left out.
    """

    report: Report
    budget: int = BUDGET


def brief(
    report: Report,
    context: Context,
    *,
    values: bool = False,
    budget: int = BUDGET,
    previous: Sequence[Attempt] = (),
) -> Briefing:
    """Return the briefing of a failure.

    Args:
        report: the failure.
        context: what the failing program could see.
        values: whether literals, comments and small values go along (level `with-values`); secrets never do.
        budget: tokens of a request at most, its answer left out.
        previous: fixes that were tried before.
    """
    return Briefing(report, budget)
