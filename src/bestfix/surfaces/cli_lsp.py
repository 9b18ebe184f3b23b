"""`bestfix lsp`."""

from __future__ import annotations

import sys

from bestfix.config import Settings, SettingsError
from bestfix.surfaces.card import emit

__all__ = ["serve"]

INSTALL = "pip install 'bestfix[lsp,sql]'"


def serve() -> int:
    """Serve an editor over standard input and output until it says goodbye; return 2 when that cannot be."""
    try:
        from bestfix.surfaces.lsp.server import make_server

        server = make_server(Settings.load())
    except ImportError as error:
        emit(f"bestfix: the language server needs {error.name}: {INSTALL}", sys.stderr)
        return 2
    except SettingsError as error:
        emit(f"bestfix: {error}", sys.stderr)
        return 2
    wire, sys.stdout = sys.stdout.buffer, sys.stderr
    server.start_io(stdout=wire)
    return 0
