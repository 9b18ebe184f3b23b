"""The time of events: microseconds since 1970-01-01 UTC."""

from __future__ import annotations

import time

__all__ = ["DAY", "now"]

DAY = 86_400_000_000
"""Microseconds of a day."""


def now() -> int:
    """Return the time in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000
