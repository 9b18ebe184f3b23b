"""Which settings a user gets: salted, sticky, in mutually exclusive layers, by the standard library alone.

A user's place in a layer, and the draw among an experiment's arms, are two independent numbers in [0, 1): the first
53 bits, as a binary fraction, of the eight-byte BLAKE2b of `purpose:salt`, a zero byte and the user's id in UTF-8.
Nothing is stored: the same user gets the same arm in every process, on every machine, and in any other language.

Layers are those of Tang, Agarwal, O'Brien & Meyer, "Overlapping Experiment Infrastructure: More, Better, Faster
Experimentation", KDD 2010: experiments of one layer share its users out among them; layers are dealt independently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from bestfix.config import LLM, Settings
from bestfix.core import Exposure

__all__ = ["HELD_OUT", "HOLDOUT", "Arm", "Experiment", "Experiments", "drawn"]

HELD_OUT = "held-out"
HOLDOUT = "holdout"
"""The experiment that compares the users held out of all others (`held-out`) with the rest (`included`)."""


def drawn(purpose: str, salt: str, user: str) -> float:
    """Return the user's number in [0, 1) for a purpose and a salt; uniform over users, independent across salts."""
    digest = blake2b(f"{purpose}:{salt}\0{user}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / 2**53


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the ways that an experiment compares.

    Attributes:
        name: what it is called.
        weight: its part of the experiment's users, relative to the other arms'.
        changes: the settings that it changes; none for the user's own.
        llm: the settings of the language model that it changes.
    """

    name: str
    weight: float = 1.0
    changes: Mapping[str, Any] = field(default_factory=dict)
    llm: Mapping[str, Any] = field(default_factory=dict)

    def applied(self, settings: Settings) -> Settings:
        """Return a user's settings as this arm changes them."""
        if self.llm:
            return replace(settings, **self.changes, llm=replace(settings.llm, **self.llm))
        return replace(settings, **self.changes) if self.changes else settings


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is compared, among which users, and what it is to find.

    Attributes:
        name: what it is called.
        arms: what is compared; the first is the control.
        layer: experiments of one layer have no user in common.
        salt: decides, with the user's id, the arm; another salt deals the users anew.
        slot: the part of the layer's users that it may have, from and to.
        ramp: the share of its slot that is in it, 0 to 1; whoever is in stays in as it grows.
        version: a digest of salt and arms; users seen under different versions are not compared.
        effect: the least gain in fixes kept per error seen that is worth finding, 0 to 1.
        power: the probability with which a gain of that size is to be found.
        alpha: the probability with which a gain is found where there is none.
        slower: seconds by which a treatment may lengthen the mean decision.
        late: how much a treatment may raise the share of decisions that take over one second, 0 to 1.
    """

    name: str
    arms: tuple[Arm, ...]
    layer: str
    salt: str
    slot: tuple[float, float] = (0.0, 1.0)
    ramp: float = 1.0
    version: int = 1
    effect: float = 0.02
    power: float = 0.8
    alpha: float = 0.05
    slower: float = 0.1
    late: float = 0.02

    def arm_of(self, user: str) -> Arm | None:
        """Return the user's arm; `None` for a user who is not in it."""
        low, high = self.slot
        if not low <= drawn("layer", self.layer, user) < low + self.ramp * (high - low):
            return None
        return self.dealt(user)

    def dealt(self, user: str) -> Arm:
        """Return the arm that a user has who is in it."""
        rest = drawn("arm", self.salt, user) * sum(arm.weight for arm in self.arms)
        for arm in self.arms:
            rest -= arm.weight
            if rest < 0:
                return arm
        return self.arms[-1]

    @property
    def varied(self) -> frozenset[str]:
        """The dotted names of the settings that its arms change."""
        own = (name for arm in self.arms for name in arm.changes)
        return frozenset((*own, *(f"llm.{name}" for arm in self.arms for name in arm.llm)))

    def matters(self, settings: Settings) -> bool:
        """Whether the arms differ for a user with these settings in anything that has an effect."""
        first, *others = (_effective(arm.applied(settings)) for arm in self.arms)
        return any(other != first for other in others)

    def exposure(self, arm: str) -> Exposure:
        """Return what is logged of a failure that was decided under an arm."""
        return Exposure(experiment=self.name, arm=arm, layer=self.layer, version=self.version)


@dataclass(frozen=True, slots=True)
class Experiments:
    """The experiments of an `experiments.toml`; none where there is no such file.

    Attributes:
        running: the experiments, in the order of the file.
        holdout: the comparison of those who are in none of them with the rest; `None` where nobody is held out.
    """

    running: tuple[Experiment, ...] = ()
    holdout: Experiment | None = None

    def settings_for(self, user: str, settings: Settings) -> tuple[Settings, tuple[Exposure, ...]]:
        """Return how a user's failures are decided, and the exposures to log with each that is; microseconds.

        An experiment whose arms would not differ for this user (they vary the language model, and none is connected)
        gives no exposure: its users could only dilute what it measures.

        Args:
            user: the id under which the event store knows the user; empty for nobody in particular, who is in none.
            settings: the user's own settings.
        """
        if not user or not self.running:
            return settings, ()
        exposures: list[Exposure] = []
        held = self.holdout.dealt(user).name if self.holdout is not None else ""
        if self.holdout is not None and any(e.matters(settings) for e in self.running):
            exposures.append(self.holdout.exposure(held))
        if held == HELD_OUT:
            return settings, tuple(exposures)
        decided = settings
        for experiment in self.running:
            if (arm := experiment.arm_of(user)) is not None and experiment.matters(decided):
                decided = arm.applied(decided)
                exposures.append(experiment.exposure(arm.name))
        return decided, tuple(exposures)

    def named(self, name: str) -> Experiment:
        """Return the experiment of a name.

        Raises:
            KeyError: when there is none.
        """
        return {experiment.name: experiment for experiment in self.all}[name]

    @property
    def all(self) -> Sequence[Experiment]:
        """Every experiment, and the holdout as one."""
        return (*self.running, self.holdout) if self.holdout is not None else self.running


def _effective(settings: Settings) -> Settings:
    """Return settings in which what has no effect is at its default."""
    return settings if settings.asks_model else replace(settings, llm=_NO_MODEL, network=True)


_NO_MODEL = LLM()
