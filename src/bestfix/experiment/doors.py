"""What every door asks before it decides a failure: which settings its user has."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bestfix.config import Settings
from bestfix.core import Exposure
from bestfix.experiment.assign import Experiments
from bestfix.experiment.definition import ExperimentsError, experiments_file, load_experiments

__all__ = ["assigned"]


def assigned(settings: Settings, user: str = "") -> tuple[Settings, tuple[Exposure, ...]]:
    """Return the settings by which a user's failures are decided, and the exposures to record with each that is.

    Without an `experiments.toml` this looks for the file and does no more. Nobody is in an experiment whose failures
    are not recorded, or who would be another user tomorrow. Never raises: a file with a fault stands for no
    experiments, and `bestfix doctor` and `bestfix experiment status` say what the fault is.

    Args:
        settings: the user's own settings.
        user: the id under which the failures are recorded; empty for the one user of this install.
    """
    file = experiments_file()
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return settings, ()
    from bestfix.feedback.place import data_folder

    if not _recorded(settings):
        return settings, ()
    return _experiments(file, changed).settings_for(user or _own(data_folder()), settings)


def _recorded(settings: Settings) -> bool:
    from bestfix.feedback.place import Place
    from bestfix.recording.recorder import installed

    return settings.log.enabled and installed() and not Place.of(settings.log).off


@lru_cache(maxsize=4)
def _experiments(file: Path, _changed: int) -> Experiments:
    """Return what a file defined when it was last changed, less what an administrator does not let it change."""
    from bestfix.config import SettingsError
    from bestfix.config_layers import in_force

    try:
        loaded = load_experiments(file)
        locked = in_force().locked.keys()
    except (ExperimentsError, SettingsError):
        return Experiments()
    return Experiments(tuple(e for e in loaded.running if not e.varied & locked), loaded.holdout)


@lru_cache(maxsize=4)
def _own(folder: Path) -> str:
    """Return the id of the user of this install; empty where none can be kept."""
    from bestfix.feedback.place import Install

    install = Install.load(folder)
    return install.id if install.kept else ""
