"""Decisions to record: real ones, and any that could be."""

from bestfix import fix
from bestfix.config import Settings
from bestfix.core import Decision

CELL = "total = sum(pirces)\nprint(total)"
FIXED = "total = sum(prices)\nprint(total)"


def decided(cell: str = CELL) -> Decision:
    """Return the decision about a cell that names what is not there."""
    try:
        exec(compile(cell, "<cell>", "exec"), {"prices": [3, 4]})
    except NameError as error:
        return fix(cell, error=error, settings=Settings(verify="static"))
    raise AssertionError("the cell must fail")
