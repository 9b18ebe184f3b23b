"""Where settings come from: the site's files, the user's file, the environment, a front end; and what is locked."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from bestfix.config import Settings, SettingsError, config_file

__all__ = ["InForce", "changes_of", "in_force", "site_files"]

SITE_VARIABLE = "BESTFIX_SITE_CONFIG"
"""The variable that names one more site-wide file."""

_Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings that hold, and those among them that only an administrator can change.

    Attributes:
        settings: the settings.
        locked: the site-wide file that locks a setting, by the setting's dotted name, such as `llm.model`.
    """

    settings: Settings
    locked: Mapping[str, Path]

    def flat(self) -> dict[str, object]:
        """Return every setting by its dotted name."""
        return _defaults(self.settings)


def in_force(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> InForce:
    """Return the settings that hold.

    What comes later wins: the site's files, the user's file, `BESTFIX_<NAME>` variables, `overrides`. A setting that a
    site's file locks has the value of that file, or its default, whatever the others say.

    Args:
        path: the user's file; the one in the user's configuration folder where not given.
        environ: the environment; the process's own where not given. Variables of a table are called
            `BESTFIX_<TABLE>_<NAME>`; lists are separated by commas, entries of a mapping are written `name=value`.
        overrides: what a front end asks for, by dotted names.

    Raises:
        SettingsError: when a file is no TOML, or a setting does not exist or has a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    defaults = _defaults(Settings())
    locked: dict[str, Path] = {}
    fixed: _Values = {}
    values: _Values = {}
    for file in site_files(environ):
        given, names = _site(file, defaults)
        values |= given
        for name in (name for name in names if name not in locked):
            locked[name] = file
            fixed[name] = given.get(name, defaults[name])
    values |= _file(path or config_file(), defaults)
    values |= {name: environ[key] for name in defaults if (key := _variable(name)) in environ}
    values |= _known(overrides or {}, defaults, "the front end")
    values |= fixed
    return InForce(_settings({name: _converted(name, value, defaults[name]) for name, value in values.items()}), locked)


def site_files(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Return the site-wide files that exist, the one whose locks win first.

    Raises:
        SettingsError: when the variable names a file that is not there.
    """
    from platformdirs import site_config_path

    environ = os.environ if environ is None else environ
    files = [site_config_path("bestfix") / "bestfix.toml"]
    if named := environ.get(SITE_VARIABLE):
        if not Path(named).is_file():
            raise SettingsError(f"{SITE_VARIABLE} names {named}, and there is no such file")
        files.append(Path(named))
    return tuple(file for file in files if file.is_file())


def changes_of(table: Mapping[str, object], origin: str) -> dict[str, object]:
    """Return what a table of a TOML file changes in the default settings, by dotted names and in their own types.

    Raises:
        SettingsError: when a setting does not exist or has a value that does not fit; it names the table's `origin`.
    """
    defaults = _defaults(Settings())
    given = _known(dict(_flattened(table, defaults, origin)), defaults, origin)
    changes = {name: _converted(name, value, defaults[name]) for name, value in given.items()}
    _settings(changes)
    return changes


def _site(file: Path, defaults: Mapping[str, object]) -> tuple[_Values, tuple[str, ...]]:
    """Return what a site-wide file says, and the names that it locks; a table's name locks all of the table."""
    document = _toml(file)
    locks = document.pop("locked", [])
    if not isinstance(locks, list) or not all(isinstance(lock, str) for lock in locks):
        raise SettingsError(f'{file}: locked must be a list of names, such as ["llm.model", "network"]')
    names: list[str] = []
    for lock in locks:
        meant = [name for name in defaults if name == lock or name.startswith(f"{lock}.")]
        if not meant:
            raise SettingsError(f"{file}: locked names {lock!r}; there are {', '.join(defaults)}")
        names += meant
    return _known(dict(_flattened(document, defaults, file)), defaults, str(file)), tuple(names)


def _file(path: Path, defaults: Mapping[str, object]) -> _Values:
    return _known(dict(_flattened(_toml(path), defaults, path)), defaults, str(path)) if path.is_file() else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _flattened(
    document: Mapping[str, object], defaults: Mapping[str, object], origin: Path | str, table: str = ""
) -> Iterator[tuple[str, object]]:
    """Yield what a document says by dotted names."""
    for key, value in document.items():
        name = table + key
        is_table = any(known.startswith(f"{name}.") for known in defaults)
        if not is_table:
            yield name, value
        elif isinstance(value, dict):
            yield from _flattened(value, defaults, origin, f"{name}.")
        else:
            raise SettingsError(f"{origin}: {name} must be a table, [{name}]")


def _known(values: Mapping[str, object], defaults: Mapping[str, object], origin: str) -> _Values:
    """Return the values, when each is of a setting that exists."""
    if unknown := sorted(values.keys() - defaults.keys()):
        raise SettingsError(f"{origin}: no setting is called {unknown[0]!r}; there are {', '.join(defaults)}")
    return dict(values)


def _defaults(group: Any, table: str = "") -> dict[str, object]:
    """Return every value of a group of settings, and of its tables, by dotted names."""
    found: dict[str, object] = {}
    for f in fields(group):
        value = getattr(group, f.name)
        found |= _defaults(value, f"{table}{f.name}.") if is_dataclass(value) else {table + f.name: value}
    return found


def _settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings with these values, given by dotted names."""
    default = Settings()
    tables = {f.name: getattr(default, f.name) for f in fields(default) if is_dataclass(getattr(default, f.name))}
    groups = {
        name: type(group)(**{key.partition(".")[2]: v for key, v in values.items() if key.startswith(f"{name}.")})
        for name, group in tables.items()
    }
    return Settings(**{key: value for key, value in values.items() if "." not in key}, **groups)


def _variable(name: str) -> str:
    return f"BESTFIX_{name}".replace(".", "_").upper()


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
        if isinstance(default, tuple):
            return _names(value)
        if isinstance(default, Mapping):
            pairs = value.items() if isinstance(value, Mapping) else (name.split("=", 1) for name in _names(value))
            return {str(key).strip(): str(text).strip() for key, text in pairs}
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"setting {name}: {value!r} is not of type {type(default).__name__}") from error
    raise SettingsError(f"setting {name}: {value!r} is not of type {type(default).__name__}")


def _names(value: object) -> tuple[str, ...]:
    """Return the entries of a list; as text they are separated by commas."""
    parts = value.split(",") if isinstance(value, str) else list(value) if isinstance(value, tuple) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise TypeError
    return tuple(part.strip() for part in parts if part.strip())
