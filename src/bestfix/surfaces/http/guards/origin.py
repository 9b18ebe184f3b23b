"""Requests that a foreign page sends are refused: by their Host (DNS rebinding), by their origin (CSRF)."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bestfix.surfaces.http.options import ServeOptions
from bestfix.surfaces.http.problems import Problem

__all__ = ["OriginGuard", "names_of"]

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def names_of(options: ServeOptions) -> frozenset[str]:
    """Return the host names, with ports, that requests may be addressed to."""
    own = {f"{name}:{options.port}" for name in _LOOPBACK}
    bare = {*_LOOPBACK} if options.port == 80 else set()
    return frozenset(own | bare | {name.lower() for name in options.access.names})


class OriginGuard:
    """Refuses what is not addressed to us, and what a page of another origin sends.

    Args:
        app: what comes behind.
        names: the host names that are ours.
        origins: the origins of other pages that may call.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], origins: Collection[str]) -> None:
        self._app, self._names, self._origins = app, names, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong."""
        if scope["type"] == "http" and (problem := self._problem(scope)) is not None:
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", "").lower(), headers.get("origin")
        if host not in self._names:
            return Problem(421, "wrong_host", "this service is not called that; its operator names it with --name")
        if origin is not None and origin not in self._origins and origin not in {f"http://{host}", f"https://{host}"}:
            return Problem(403, "foreign_page", "pages of other origins may not call this service")
        site = headers.get("sec-fetch-site", "none")
        is_visit = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
        if site not in {"same-origin", "none"} and origin not in self._origins and not is_visit:
            return Problem(403, "foreign_page", "pages of other origins may not call this service")
        return None
