"""The result of a query as a small table for a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

from bestfix.surfaces.card import visible

__all__ = ["table"]

ROWS = 20
"""Rows that are shown."""
CELL = 40
"""Characters of a value that are shown."""


def table(cursor: Any) -> str:
    """Return the first rows of a cursor's result, as wide as the terminal is."""
    names = [str(column[0]) for column in cursor.description]
    rows = cursor.fetchmany(ROWS + 1)
    lines = [[_shown(name) for name in names], *([_shown(value) for value in row] for row in rows[:ROWS])]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    fitting = _fitting(widths, shutil.get_terminal_size((120, 24)).columns)
    rule = "─┼─".join("─" * width for width in widths[:fitting])
    head, *body = (_line(line, widths[:fitting]) for line in lines)
    return "\n".join([head, rule, *body, *_notes(len(rows), len(names) - fitting)])


def _fitting(widths: Sequence[int], room: int) -> int:
    """Return how many of the columns fit; at least one."""
    used = 0
    for count, width in enumerate(widths):
        used += width + (3 if count else 0)
        if used > room and count:
            return count
    return len(widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " │ ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)).rstrip()


def _notes(rows: int, left_out: int) -> list[str]:
    count = f"more than {ROWS} rows" if rows > ROWS else f"{rows} row{'' if rows == 1 else 's'}"
    return [f"({count}{f'; {left_out} more columns' if left_out else ''})"]


def _shown(value: object) -> str:
    text = visible("NULL" if value is None else str(value))
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
