"""Recording what fails and what becomes of it, for every door in the same way."""

from bestfix.recording.recorder import Recorder

__all__ = ["Recorder"]
