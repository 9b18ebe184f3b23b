"""Imported in a kernel by `bench/notebook.py`: what `bestfix.fix` decides about the cell that failed last."""

from __future__ import annotations

import sys

from IPython import get_ipython

import bestfix
from bestfix.capture.ipython import cell_name, cell_sources
from bestfix.surfaces.ipython import session_of
from bestfix.surfaces.kernel import Answer
from bestfix.surfaces.wire import decision_to


def again(code: str) -> Answer:
    """Return the document of the decision; an empty one where what failed last is not `code`."""
    ip = get_ipython()
    session = session_of(ip)
    failed = session.failed
    if failed is None or failed.raw != code:
        return Answer({})
    decision = bestfix.fix(
        failed.raw,
        error=sys.last_value,
        namespace=ip.user_ns,
        name=cell_name(failed.count),
        sources=cell_sources(ip, running=failed.raw),
        cells=session.cells(),
    )
    return Answer(decision_to(decision))
