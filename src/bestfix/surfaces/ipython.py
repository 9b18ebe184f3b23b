"""`%load_ext bestfix`: a session and its magics come into a shell, and leave it."""

from __future__ import annotations

from typing import Any

from bestfix.surfaces.magics import Magics
from bestfix.surfaces.session import Session

__all__ = ["load", "session_of", "unload"]


def session_of(ip: Any) -> Session | None:
    """Return bestfix's session in a shell, when it is loaded there."""
    owners = (getattr(callback, "__self__", None) for callback in ip.events.callbacks["post_run_cell"])
    return next((owner for owner in owners if isinstance(owner, Session)), None)


def load(ip: Any) -> Session:
    """Load bestfix into a shell, once; the cell that failed just before is known to `%fix`."""
    if (loaded := session_of(ip)) is not None:
        return loaded
    session = Session(ip)
    ip.events.register("pre_run_cell", session.before)
    ip.events.register("post_run_cell", session.after)
    Magics(session).register()
    if (last := getattr(ip, "last_execution_result", None)) is not None:
        session.remember(last)
    return session


def unload(ip: Any) -> None:
    """Take bestfix out of a shell."""
    if (session := session_of(ip)) is None:
        return
    ip.events.unregister("pre_run_cell", session.before)
    ip.events.unregister("post_run_cell", session.after)
    for name in ("fix", "bestfix"):
        ip.magics_manager.magics["line"].pop(name, None)
