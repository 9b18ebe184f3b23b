"""Imported in a kernel by `bench/notebook.py`: what `bestfix.fix` decides about the cell that failed last."""

from __future__ import annotations

from IPython import get_ipython

import bestfix
from bestfix.capture.ipython import cell_name, cell_sources
from bestfix.surfaces.ipython import session_of
from bestfix.surfaces.kernel import Answer
from bestfix.surfaces.wire import decision_to


def again() -> Answer:
    """Return the document of the decision."""
    ip = get_ipython()
    result, session = ip.last_execution_result, session_of(ip)
    raw, error = result.info.raw_cell, result.error_before_exec or result.error_in_exec
    sources = cell_sources(ip, running=raw)
    decision = bestfix.fix(
        raw,
        error=error,
        namespace=ip.user_ns,
        name=cell_name(result.execution_count),
        sources=sources,
        cells=session.cells(),
    )
    return Answer(decision_to(decision))
