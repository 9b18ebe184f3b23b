"""Recording what fails and what becomes of it, for every door in the same way."""

from bestfix.recording.recorder import Recorder
from bestfix.recording.tracker import Tracker

__all__ = ["Recorder", "Tracker"]
