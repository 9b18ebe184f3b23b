"""`bestfix doctor`: what this machine can do, what is in force, and why not more."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bestfix._version import __version__
from bestfix.surfaces.card import emit

__all__ = ["doctor"]

SECONDS = 10.0
_REQUIREMENT = re.compile(r"([\w.-]+).*?(?:extra == ['\"]([\w-]+)['\"])?$")
_JUPYTER = ("ipython", "ipykernel", "jupyterlab", "notebook", "jupysql")
_DATABASES = ("duckdb", "psycopg", "psycopg2", "sqlalchemy", "sqlglot")


def doctor(*, as_json: bool = False) -> int:
    """Print the findings; return 1 when the settings cannot be read or the sandbox does not hold, 0 otherwise."""
    found = {
        "bestfix": {"version": __version__, "folder": str(Path(__file__).parents[1])},
        "python": {"version": platform.python_version(), "executable": sys.executable},
        "settings": _settings(),
        "verification": _verification(),
        "log": _log(),
        "extras": _extras(),
        "jupyter": _versions(_JUPYTER),
        "databases": {"sqlite": _sqlite(), **_versions(_DATABASES)},
    }
    emit(json.dumps(found) if as_json else _text(found), sys.stdout)
    return int("problem" in found["settings"] or "problem" in found["verification"])


def _settings() -> dict[str, str]:
    """Return where settings come from, and which of them only an administrator can change."""
    from bestfix.config import SettingsError, config_file
    from bestfix.config_layers import in_force, site_files

    found = {"file": str(config_file()), "exists": "yes" if config_file().is_file() else "no"}
    try:
        found["site files"] = ", ".join(map(str, site_files())) or "none"
        held = in_force()
    except SettingsError as error:
        return {**found, "problem": str(error)}
    found["experiments"] = _experiments()
    locked = "; ".join(f"{name} (by {file})" for name, file in held.locked.items())
    return {**found, "locked": locked or "nothing", "verify": held.settings.verify}


def _log() -> dict[str, str]:
    """Return whether failures are kept, and where."""
    from bestfix.config import Settings, SettingsError
    from bestfix.surfaces.cli_log import standing

    try:
        return {"failures": standing(Settings.load())}
    except SettingsError:
        return {"failures": "unknown: the settings cannot be read"}


def _experiments() -> str:
    """Return which experiments are defined, or why none runs."""
    from bestfix.experiment.definition import ExperimentsError, load_experiments

    try:
        return ", ".join(one.name for one in load_experiments().all) or "none"
    except ExperimentsError as error:
        return f"none: {error}"


def _verification() -> dict[str, str]:
    """Return how fixes are checked here, and what the sandbox was seen to refuse."""
    from bestfix.validate.sandbox import capabilities

    able = capabilities()
    found = {
        "platform": f"{able.platform} {platform.release()}",
        "landlock": f"version {able.landlock}" if able.landlock else "none",
        "seccomp": "yes" if able.seccomp else "no",
    }
    if not able.full:
        return {"in force": f"static: {'; '.join(able.missing)}", **found}
    if _settings().get("verify") == "static":
        return {"in force": "static: the setting `verify` says so", **found}
    checked = _checked()
    if not checked.startswith("a child"):
        return {"in force": "static", **found, "problem": checked}
    return {"in force": "sandbox: fixes run in confined copies of the session", **found, "checked": checked}


def _checked() -> str:
    """Return what a child here could not do, or what went wrong."""
    from bestfix.core.deadline import Deadline
    from bestfix.validate.sandbox import run_apart

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "written"
        [ended] = run_apart([lambda: _tried(file)], Deadline.after(SECONDS))
        if file.exists():
            return "a file was written from inside the sandbox"
    if ended.answer is None:
        return f"nothing can be run in the sandbox: {ended.why}"
    if ended.answer:
        return f"inside the sandbox it is possible to {ended.answer.decode(errors='replace')}"
    return f"a child ran; it could not write a file, nor open a socket ({1000 * ended.seconds:.0f} ms)"


def _tried(file: Path) -> bytes:
    possible: list[str] = []
    for name, attempt in (("write a file", file.touch), ("open a socket", socket.socket)):
        try:
            attempt()
        except OSError:
            continue
        possible.append(name)
    return " and ".join(possible).encode()


def _extras() -> dict[str, str]:
    """Return for each extra whether it is installed, or what it lacks."""
    needed: dict[str, list[str]] = {}
    for requirement in importlib.metadata.requires("bestfix") or ():
        if (match := _REQUIREMENT.match(requirement)) and match[2]:
            needed.setdefault(match[2], []).append(match[1])
    lacking = {extra: [name for name in names if _version(name) is None] for extra, names in needed.items()}
    return {extra: f"lacks {', '.join(names)}" if names else "installed" for extra, names in lacking.items()}


def _versions(names: tuple[str, ...]) -> dict[str, str]:
    return {name: _version(name) or "not installed" for name in names}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _sqlite() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _text(found: Mapping[str, Mapping[str, Any]]) -> str:
    lines: list[str] = []
    for title, entries in found.items():
        lines += [title, *(f"  {name:12} {value}" for name, value in entries.items())]
    return "\n".join(lines)
