"""What the labextension calls in a kernel before it opens its comm."""

from __future__ import annotations

__all__ = ["TARGET", "attach"]

TARGET = "bestfix"
"""The comm target that a page opens."""


def attach() -> None:
    """Load bestfix into this kernel and let pages connect to it; calling it again changes nothing.

    The cell that failed just before, which may be the session's first, is answered as soon as a page connects.
    """
    from comm import get_comm_manager
    from IPython import get_ipython

    from bestfix.surfaces.ipython import load
    from bestfix.surfaces.jupyter.pages import Pages

    session = load(get_ipython())
    session.warm()
    if session.front is None:
        pages = Pages(session)
        session.front = pages
        get_comm_manager().register_target(TARGET, pages.opened)
