"""What the service records of a user's failures, and by which settings they are decided."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.config import Settings
from bestfix.core import Action, Decision, Exposure
from bestfix.experiment.doors import assigned
from bestfix.recording import Recorder
from bestfix.surfaces.http.access.users import LOCAL
from bestfix.surfaces.http.fixing import service_settings
from bestfix.surfaces.http.problems import missing
from bestfix.surfaces.http.state.sealed import Secret

__all__ = ["Recorded"]

_MARK = "~"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One user's failures.

    Attributes:
        recorder: where they are recorded.
        exposures: what experiments have assigned to the user.
        secret: what the names of failures are signed with, so that nobody tells of another user's.
    """

    recorder: Recorder
    exposures: tuple[Exposure, ...]
    secret: Secret

    @classmethod
    def of(cls, user: str, settings: Settings, deadline: float, secret: Secret) -> Recorded:
        """Return what records a user's failures, which take no longer than `deadline` seconds."""
        name = "" if user == LOCAL else user
        changed, exposures = assigned(settings, name)
        return cls(Recorder.of(service_settings(changed, deadline), "http", name), exposures, secret)

    @property
    def settings(self) -> Settings:
        """The settings by which the user's failures are decided."""
        return self.recorder.settings

    def failure(self, decision: Decision, after: str = "") -> str:
        """Record a decision; return the name by which the user tells what became of it, empty when nothing is recorded.

        Args:
            decision: the decision.
            after: the name of an earlier decision about the same failure.
        """
        reference = self.recorder.failure(decision, self.exposures, after=self._reference(after) if after else "")
        return f"{reference}{_MARK}{self._signed(reference)}" if reference else ""

    def action(self, name: str, action: Action, candidate: int | None) -> None:
        """Record what became of a failure.

        Raises:
            Problem: when the failure is not this user's.
        """
        self.recorder.action(self._reference(name), action, candidate)

    def _reference(self, name: str) -> str:
        reference, _, signature = name.partition(_MARK)
        if not self.secret.is_signature(signature, reference, self.recorder.user):
            raise missing("failure")
        return reference

    def _signed(self, reference: str) -> str:
        return self.secret.signature(reference, self.recorder.user)
