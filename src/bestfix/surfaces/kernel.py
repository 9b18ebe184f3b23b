"""What `bestfix run notebook.ipynb` calls inside the notebook's kernel, where the live objects are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "answer", "attach"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A document that the kernel hands to its client as JSON."""

    document: dict[str, Any]

    def _repr_json_(self) -> dict[str, Any]:
        return self.document


def attach() -> None:
    """Load bestfix into this kernel; it answers when it is asked."""
    from IPython import get_ipython

    from bestfix.surfaces.ipython import load

    session = load(get_ipython())
    session.automatic = False
    session.warm()


def answer(cells: str, count: int | None) -> Answer:
    """Return the decision about the cell that has just failed, or nothing when it was interrupted or ended the kernel.

    Args:
        cells: the notebook's other cells, as JSON.
        count: the execution count of the cell that failed.
    """
    from IPython import get_ipython

    from bestfix.core import Cell
    from bestfix.surfaces.ipython import session_of
    from bestfix.surfaces.wire import decision_to

    session = session_of(get_ipython())
    if session is None or session.failed is None or session.failed.count != count:
        return Answer({})
    decision = session.failed.decided(session.ip, [Cell(**cell) for cell in json.loads(cells)], session.settings())
    return Answer(decision_to(decision))
