"""Starting the service: one process, or a parent with worker processes."""

from __future__ import annotations

import sys

from bestfix.surfaces.http.options import ServeOptions

__all__ = ["serve"]

_GRACE = 30
"""Seconds that requests under way have when the service is stopped."""
_CONNECTIONS = 512
"""Connections of clients that one worker process holds; more are answered 503."""


def serve(options: ServeOptions) -> int:
    """Serve until stopped by SIGINT or SIGTERM; requests under way are finished.

    Returns:
        The exit code.
    """
    import uvicorn

    options.hand_over()
    print(f"bestfix serves http://{_shown(options)}/ (Ctrl+C stops it)", file=sys.stderr)
    uvicorn.run(
        "bestfix.surfaces.http:worker_app",
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
    )
    return 0


def _shown(options: ServeOptions) -> str:
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{host}:{options.port}"
