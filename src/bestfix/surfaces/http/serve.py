"""Starting the service: one process, or a parent with worker processes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import socket

from bestfix.surfaces.http.options import ServeOptions

__all__ = ["serve"]

_GRACE = 30
"""Seconds that requests under way have when the service is stopped."""
_STARTING = 60
"""Seconds without a sign of life after which a worker process is replaced; starting takes long on a slow machine."""
_CONNECTIONS = 512
"""Connections of clients that one worker process holds; more are answered 503."""


def serve(options: ServeOptions) -> int:
    """Serve until stopped by SIGINT or SIGTERM; requests under way are finished.

    Returns:
        The exit code.
    """
    options.hand_over()
    with _together(options.workers):
        return _run(options)


def _run(options: ServeOptions) -> int:
    import uvicorn
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    print(f"bestfix serves http://{_shown(options)}/ (Ctrl+C stops it)", file=sys.stderr)
    config = uvicorn.Config(
        "bestfix.surfaces.http.app:worker_app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        http="bestfix.surfaces.http.guards.protocol:PatientProtocol",
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=30,
        timeout_worker_healthcheck=_STARTING,
    )
    if options.workers > 1:
        Multiprocess(config, sockets=[_shared(config.bind_socket())]).run()
        return 0
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILURE


def _shared(bound: socket) -> socket:
    """Return the socket as worker processes take connections from it: in turn."""
    if os.name == "nt":  # its event loop accepts one connection at a time by itself
        return bound
    from bestfix.surfaces.http.listening import SharedListener

    return SharedListener.of(bound)


@contextmanager
def _together(workers: int) -> Iterator[None]:
    """Give worker processes a folder in which their measurements meet."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="bestfix-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _shown(options: ServeOptions) -> str:
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{host}:{options.port}"
