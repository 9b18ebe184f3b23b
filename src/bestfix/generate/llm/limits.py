"""How long an endpoint wants to be left alone, by the headers of its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["hold_off"]

_PREFIXES = ("x-ratelimit-{what}-requests", "anthropic-ratelimit-requests-{what}")
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?")
_UNITS = (86400.0, 3600.0, 60.0, 1.0, 0.001)


def hold_off(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds after which another request may be sent, or `None` where nothing is said.

    An explicit wait (`retry-after-ms`, `retry-after`) comes first. Where the endpoint says that no request is left
    until its limit is full again, one more is allowed after the share of that time which one request takes.
    """
    now = now or datetime.now(UTC)
    if (wait := _number(headers.get("retry-after-ms", ""))) is not None:
        return wait / 1000
    if text := headers.get("retry-after", ""):
        return _seconds(text, now)
    for prefix in _PREFIXES:
        left, limit, reset = (headers.get(prefix.format(what=what), "") for what in ("remaining", "limit", "reset"))
        if _number(left) == 0 and (wait := _seconds(reset, now)) is not None:
            return wait / max(1.0, _number(limit) or 1.0)
    return None


def _seconds(text: str, now: datetime) -> float | None:
    """Return the seconds that a header means: a number, a duration such as `6m0s`, or a date."""
    if (number := _number(text)) is not None:
        return number
    if text and (match := _DURATION.fullmatch(text.strip())):
        return sum(float(part or 0) * unit for part, unit in zip(match.groups(), _UNITS, strict=True))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = parse(text)
        except ValueError:
            continue
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
