"""Names that another cell of the notebook defines."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, Cell, Context, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import usage
from bestfix.lang.python.scope import bound_names

__all__ = ["run_cell_first"]


@repair("NameError")
def run_cell_first(report: Report, context: Context) -> Iterator[Candidate]:
    """Say which cell defines the missing name and has not been run.

    Why: cells are run out of order, or the kernel was restarted and only some were run again.
    Example: `NameError: name 'frame' is not defined` → run cell 3 first
    Safety: display only; no cell is run unasked.
    """
    name = usage.error_name(report)
    if not name or report.error.is_a("UnboundLocalError"):
        return
    cells = [cell for cell in context.cells() if name in cell.text and name in bound_names(cell.text)]
    for place, cell in enumerate(sorted(cells, key=_order)[:3]):
        prior = (0.96 if not cell.ran else 0.6) if place == 0 else 0.3
        yield Candidate.advice(
            report.failing,
            reason=f"`{name}` is defined in {cell.label}: {_advice(cell)}",
            prior=prior,
            run_first=cell.label,
        )


def _order(cell: Cell) -> tuple[bool, bool]:
    """Sort cells that have not run, and those above, to the front."""
    return cell.ran, not cell.before


def _advice(cell: Cell) -> str:
    if cell.ran:
        return "run it again"
    return "run it first" if cell.before else "run it first, or move it up"
