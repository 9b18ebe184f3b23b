"""Every setting in one frozen object: environment, then `bestfix.toml` in the user's configuration folder."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

__all__ = ["Settings", "SettingsError"]


class SettingsError(ValueError):
    """A setting is unknown or has a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How bestfix behaves.

    Attributes:
        selector: which selector orders the candidates: one of `bestfix.rank.selectors`, such as `first`.
        k: how many candidates are checked and ranked at most.
        deadline: seconds from the report to the decision.
        threshold: the least probability at which a fix is shown, 0 to 1.
        automatic: whether a failing cell is answered unasked.
        verify: `sandbox` runs candidates in a confined copy of the session, where the machine can; `static` runs none.
    """

    selector: str = "first"
    k: int = 10
    deadline: float = 1.0
    threshold: float = 0.8
    automatic: bool = True
    verify: str = "sandbox"

    def __post_init__(self) -> None:
        if self.k < 1:
            raise SettingsError(f"k must be at least 1, got {self.k}")
        if not self.deadline > 0:
            raise SettingsError(f"deadline must be a positive number of seconds, got {self.deadline}")
        if not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold must lie between 0 and 1, got {self.threshold}")
        if self.verify not in {"sandbox", "static"}:
            raise SettingsError(f"verify must be 'sandbox' or 'static', got {self.verify!r}")

    @classmethod
    def load(cls, path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of the configuration file, overridden by `BESTFIX_<NAME>` variables.

        Raises:
            SettingsError: when the file is no TOML or holds a setting that does not exist or does not fit.
        """
        path = path or _config_file()
        values: dict[str, Any] = {}
        if path.is_file():
            try:
                values = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{path}: {error}") from error
        known = {f.name: f for f in fields(cls)}
        if unknown := sorted(values.keys() - known.keys()):
            raise SettingsError(f"{path}: no setting is called {unknown[0]!r}; there are {', '.join(known)}")
        for name in known:
            if (text := (os.environ if environ is None else environ).get(f"BESTFIX_{name.upper()}")) is not None:
                values[name] = text
        changes: dict[str, Any] = {n: _converted(n, value, getattr(cls(), n)) for n, value in values.items()}
        return replace(cls(), **changes)


def _config_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("bestfix") / "bestfix.toml"


def _converted(name: str, value: object, default: object) -> object:
    """Return `value` as the type of the setting's default."""
    try:
        if isinstance(default, bool):
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}[str(value).lower()]
        if isinstance(default, int | float) and isinstance(value, str | int | float) and not isinstance(value, bool):
            return type(default)(value)
        if isinstance(default, str) and isinstance(value, str):
            return value
    except (ValueError, KeyError) as error:
        raise SettingsError(f"setting {name}: {value!r} is not of type {type(default).__name__}") from error
    raise SettingsError(f"setting {name}: {value!r} is not of type {type(default).__name__}")
