"""bestfix: the right fix for a failing notebook cell, script or SQL query."""

from bestfix._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bestfix.api import fix
    from bestfix.config import Settings, SettingsError
    from bestfix.core import Candidate, Decision, Patch
    from bestfix.engine import QuickFix

__all__ = ["Candidate", "Decision", "Patch", "QuickFix", "Settings", "SettingsError", "__version__", "fix"]

_HOMES = {
    "fix": "bestfix.api", "Settings": "bestfix.config", "SettingsError": "bestfix.config", "QuickFix": "bestfix.engine",
    "Candidate": "bestfix.core", "Decision": "bestfix.core", "Patch": "bestfix.core",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import bestfix` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bestfix' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
