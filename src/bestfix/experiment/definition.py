"""`experiments.toml`: what may stand in it, and what is said when something else does."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Any, TypeGuard

from bestfix.config import SettingsError, config_file
from bestfix.config_layers import changes_of
from bestfix.experiment.assign import HELD_OUT, HOLDOUT, Arm, Experiment, Experiments

__all__ = ["ExperimentsError", "experiments_file", "load_experiments"]

_RANGES = {
    "ramp": (0.0, 1.0), "effect": (1e-4, 1.0), "power": (0.5, 0.999), "alpha": (1e-4, 0.5), "slower": (1e-3, 60.0),
    "late": (1e-4, 1.0),
}  # fmt: skip
"""The numbers of an experiment, and the least and the most that each may be."""
_KEYS = ("arms", "layer", "salt", "slot", *_RANGES)
_OWN = frozenset({"automatic", "network", "llm.privacy"})
"""What a user allows, be it that it is in an experiment or not."""


class ExperimentsError(ValueError):
    """An `experiments.toml` cannot be read, or defines what cannot be."""


def experiments_file() -> Path:
    """Return where experiments are defined: `BESTFIX_EXPERIMENTS`, or `experiments.toml` beside the user's settings."""
    named = os.environ.get("BESTFIX_EXPERIMENTS")
    return Path(named) if named else config_file().with_name("experiments.toml")


def load_experiments(path: Path | None = None) -> Experiments:
    """Return the experiments that a file defines, by default `experiments.toml` beside the user's settings.

    There are none where there is no such file.

    Raises:
        ExperimentsError: when it cannot be read or defines what cannot be; the message names file and key.
    """
    path = path or experiments_file()
    if not path.is_file():
        return Experiments()
    try:
        return _experiments(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ExperimentsError) as error:
        raise ExperimentsError(f"{path}: {error}") from error


def _experiments(document: Mapping[str, Any]) -> Experiments:
    _known(document, ("experiments", HOLDOUT), "the file")
    share = _number(document.get(HOLDOUT, 0), (0.0, 0.5), HOLDOUT)
    tables = _table(document, "experiments", "")
    if HOLDOUT in tables:
        raise ExperimentsError(f"experiments.{HOLDOUT}: the name is taken by the share of users in no experiment")
    running = tuple(_experiment(name, _table(tables, name, "experiments.")) for name in tables)
    for one, other in combinations(running, 2):
        _compatible(one, other)
    return Experiments(running, _holdout(share) if share else None)


def _holdout(share: float) -> Experiment:
    arms = (Arm(HELD_OUT, share), Arm("included", 1 - share))
    return Experiment(HOLDOUT, arms, layer="", salt=HOLDOUT, version=_digest(HOLDOUT, arms))


def _experiment(name: str, table: Mapping[str, Any]) -> Experiment:
    at = f"experiments.{name}."
    _known(table, _KEYS, at[:-1])
    arms = tuple(_arm(arm, value, at) for arm, value in _table(table, "arms", at).items())
    if len(arms) < 2:
        raise ExperimentsError(f"{at}arms: needs at least two arms, the control first; there are {len(arms)}")
    salt = _text(table, "salt", name, at)
    numbers = {key: _number(table[key], bounds, f"{at}{key}") for key, bounds in _RANGES.items() if key in table}
    layer, slot = _text(table, "layer", name, at), _slot(table, at)
    return Experiment(name, arms, layer, salt, slot, version=_digest(salt, arms), **numbers)


def _arm(name: str, table: object, at: str) -> Arm:
    key = f"{at}arms.{name}"
    if not isinstance(table, Mapping):
        raise ExperimentsError(f"{key}: must be a table of settings, got {table!r}")
    weight = _number(table.get("weight", 1), (1e-3, 1e6), f"{key}.weight")
    try:
        changes = changes_of({setting: value for setting, value in table.items() if setting != "weight"}, key)
    except SettingsError as error:
        raise ExperimentsError(str(error) if str(error).startswith(key) else f"{key}: {error}") from error
    if own := [setting for setting in changes if setting in _OWN or setting.startswith("log.")]:
        raise ExperimentsError(f"{key}.{own[0]}: is the user's own choice, which no arm may change")
    model = {setting.removeprefix("llm."): value for setting, value in changes.items() if setting.startswith("llm.")}
    return Arm(name, weight, {setting: value for setting, value in changes.items() if "." not in setting}, model)


def _compatible(one: Experiment, other: Experiment) -> None:
    """Refuse two experiments that would meet in one user's settings, or share users of one layer.

    Raises:
        ExperimentsError: when they do.
    """
    if one.layer != other.layer:
        if both := sorted(one.varied & other.varied):
            raise ExperimentsError(
                f"experiments.{one.name} and experiments.{other.name} both set {both[0]}, but stand in different"
                " layers; give them one `layer`, and each a `slot` of it"
            )
    elif one.slot[0] < other.slot[1] and other.slot[0] < one.slot[1]:
        raise ExperimentsError(
            f"experiments.{other.name}.slot: {list(other.slot)} overlaps with experiments.{one.name}'s {list(one.slot)}"
            f" in layer {one.layer!r}"
        )


def _slot(table: Mapping[str, Any], at: str) -> tuple[float, float]:
    value = table.get("slot", [0.0, 1.0])
    if not (isinstance(value, list) and len(value) == 2 and all(_is_number(v) for v in value)):
        raise ExperimentsError(f"{at}slot: must be two numbers, as in [0.0, 0.5], got {value!r}")
    low, high = value
    if not 0 <= low < high <= 1:
        raise ExperimentsError(f"{at}slot: must be a part of [0, 1] from left to right, got {value!r}")
    return float(low), float(high)


def _number(value: object, bounds: tuple[float, float], key: str) -> float:
    low, high = bounds
    if not _is_number(value) or not low <= value <= high:
        raise ExperimentsError(f"{key}: must be a number from {low:g} to {high:g}, got {value!r}")
    return float(value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(table: Mapping[str, Any], key: str, default: str, at: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value:
        raise ExperimentsError(f"{at}{key}: must be a text, got {value!r}")
    return value


def _table(table: Mapping[str, Any], key: str, at: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise ExperimentsError(f"{at}{key}: must be a table, [{at}{key}], got {value!r}")
    return value


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    if unknown := sorted(table.keys() - set(keys)):
        raise ExperimentsError(f"{where}: has no key {unknown[0]!r}; there are {', '.join(keys)}")


def _digest(salt: str, arms: tuple[Arm, ...]) -> int:
    """Return a number of 31 bits that changes when users would be dealt anew, or an arm becomes something else."""
    told = repr((salt, [(arm.name, arm.weight, sorted(arm.changes.items()), sorted(arm.llm.items())) for arm in arms]))
    return int.from_bytes(blake2b(told.encode(), digest_size=4).digest()) >> 1
