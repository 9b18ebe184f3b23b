"""bestfix: the right fix for a failing notebook cell, script or SQL query."""

from bestfix._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bestfix.api import fix, stream
    from bestfix.config import Settings, SettingsError
    from bestfix.core import Candidate, Decision, Patch
    from bestfix.engine import QuickFix
    from bestfix.sql import fix_sql
    from bestfix.surfaces.crash import install_excepthook

__all__ = [
    "Candidate", "Decision", "Patch", "QuickFix", "Settings", "SettingsError", "__version__", "fix", "fix_sql",
    "install_excepthook", "stream",
]  # fmt: skip

_HOMES = {
    "fix": "bestfix.api", "stream": "bestfix.api", "fix_sql": "bestfix.sql",
    "Settings": "bestfix.config", "SettingsError": "bestfix.config",
    "QuickFix": "bestfix.engine", "Candidate": "bestfix.core", "Decision": "bestfix.core", "Patch": "bestfix.core",
    "install_excepthook": "bestfix.surfaces.crash",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import bestfix` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bestfix' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(ip: object) -> None:
    """Answer failing cells in this shell: `%load_ext bestfix`."""
    from bestfix.surfaces.ipython import load

    load(ip)


def unload_ipython_extension(ip: object) -> None:
    """Leave this shell as it was: `%unload_ext bestfix`."""
    from bestfix.surfaces.ipython import unload

    unload(ip)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Say where the labextension's built files are, for `jupyter labextension develop`."""
    return [{"src": "surfaces/jupyter/labextension", "dest": "@bestfix/labextension"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say which module extends a Jupyter server."""
    return [{"module": "bestfix.surfaces.jupyter.server"}]
