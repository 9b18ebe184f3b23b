"""The Jupyter server's part: what is locked, and a way for events that needs no kernel."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from bestfix._version import __version__
from bestfix.config import Settings, SettingsError
from bestfix.config_layers import in_force
from bestfix.core.document import DocumentError
from bestfix.recording import Recorder
from bestfix.surfaces.jupyter.reported import record, reports

__all__ = ["EventsHandler", "SettingsHandler"]

BODY = 256 * 1024
"""Bytes of a report at most."""


class SettingsHandler(APIHandler):
    """`GET /bestfix/settings`: what holds here, what only an administrator can change, and what does not work."""

    auth_resource = "bestfix"

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Answer with the settings by their dotted names."""
        try:
            held = in_force()
        except SettingsError as error:
            raise web.HTTPError(500, str(error)) from error
        flat = held.flat()
        self.finish(
            {
                "version": __version__,
                "versions": {name: _version(name) for name in ("jupyter_server", "jupyterlab", "notebook")},
                "settings": flat,
                "locked": {name: flat[name] for name in held.locked},
                "missing": _missing(held.settings),
            }
        )


class EventsHandler(APIHandler):
    """`POST /bestfix/events`: what users did with cards, also when the kernel is busy or has died."""

    auth_resource = "bestfix"

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Record the events; nobody waits until they are written."""
        body = self.request.body
        if len(body) > BODY:
            raise web.HTTPError(413, f"a report must have no more than {BODY:,} bytes, got {len(body):,}")
        try:
            events = reports(json.loads(body))
        except (DocumentError, ValueError, RecursionError) as error:
            raise web.HTTPError(400, str(error)) from error
        try:
            record(Recorder.of(Settings.load(), surface="jupyter"), events)
        except SettingsError as error:
            raise web.HTTPError(500, str(error)) from error
        self.set_status(204)
        self.finish()


def _missing(settings: Settings) -> list[str]:
    from bestfix.recording.recorder import installed

    if settings.log.enabled and not installed():
        return ['events are not kept: in the server\'s environment, pip install "bestfix[jupyter]"']
    return []


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the handlers to a Jupyter server."""
    base = server.web_app.settings["base_url"]
    routes = {"settings": SettingsHandler, "events": EventsHandler}
    server.web_app.add_handlers(
        ".*$", [(url_path_join(base, "bestfix", name), handler) for name, handler in routes.items()]
    )
