"""Showing a fix in a terminal, and asking whether to take it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

from bestfix.core import Decision, Scored
from bestfix.recording import Tracker
from bestfix.surfaces.card import colored, emit, styled, terminal, visible
from bestfix.surfaces.offer import Offer

__all__ = ["Asker", "Consent", "Round"]

_WORDS = {"y": "yes", "n": "next", "w": "why", "q": "no"}


class Consent(StrEnum):
    """Where the consent to change a file comes from."""

    ASK = "ask"
    GIVEN = "given"
    WITHHELD = "withheld"

    @classmethod
    def of(cls, *, yes: bool, diff: bool, json: bool) -> Consent:
        """Return what a command's options say; a program that reads JSON cannot be asked."""
        if yes:
            return cls.GIVEN
        return cls.WITHHELD if diff or json else cls.ASK


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt waiting for input, whatever handles it otherwise."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@dataclass(frozen=True, slots=True)
class Round:
    """A failure that was shown, and the fix that the user took."""

    decision: Decision
    taken: Scored | None


@dataclass(slots=True)
class Asker:
    """Shows decisions and learns what the user wants.

    Attributes:
        stream: where fixes are shown.
        answers: where the user types; must be a terminal to be asked.
        consent: whether the user is asked, or has said yes or no beforehand.
        quiet: whether nothing is shown, since a program reads `rounds`.
        rounds: what was shown and taken so far.
        tracker: what becomes of what was shown.
    """

    stream: TextIO
    answers: TextIO
    consent: Consent = Consent.ASK
    quiet: bool = False
    rounds: list[Round] = field(default_factory=list)
    tracker: Tracker = field(default_factory=Tracker)

    def choose(self, decision: Decision, *, then: str) -> Scored | None:
        """Show a decision and return the fix that is to be applied, if any; `then` says what happens with it."""
        offer = Offer(decision)
        self.tracker.ended(clean=False)
        self.tracker.failed(decision, decision.report.code if decision.report is not None else "")
        self._card(offer)
        taken = self._taken(offer, then)
        if taken is not None:
            self.tracker.took(offer.index, taken.text, run=True)
        self.rounds.append(Round(decision, taken))
        return taken

    def say(self, text: str) -> None:
        """Show a line."""
        if not self.quiet:
            emit(text, self.stream)

    def failed(self, where: str, error: str) -> None:
        """Show what failed, and how."""
        color = colored(self.stream)
        self.say(f"\n{styled('31;1', '✗', color)} {styled('1', where, color)}  {styled('31', visible(error), color)}")

    def passed(self, where: str, what: str) -> None:
        """Show what went well."""
        self.tracker.ended(clean=True)
        self.say(f"{styled('32;1', '✓', colored(self.stream))} {where}  {what}")

    def _taken(self, offer: Offer, then: str) -> Scored | None:
        if self.consent is Consent.GIVEN:
            return offer.current if offer.applicable else None
        if self.consent is Consent.WITHHELD or not offer.decision.ranked:
            return None
        if not self.answers.isatty():
            self.say("bestfix: nothing was changed; --yes before the file applies fixes where nobody can be asked")
            return None
        return self._asked(offer, then)

    def _asked(self, offer: Offer, then: str) -> Scored | None:
        actions: dict[str, Callable[[Offer], None]] = {"next": self._next, "why": self._why}
        while True:
            prompt = f"{then}? [y]es " if offer.applicable else ""
            word = self._typed(f"{prompt}[n]ext [w]hy [q] no: ")
            if word == "no":
                self.tracker.dismissed(offer.index)
                return None
            if word == "yes" and offer.applicable:
                return offer.current
            actions.get(word, self._card)(offer)

    def _typed(self, prompt: str) -> str:
        """Return the word that the user typed; `no` at the end of the input and for Ctrl-C."""
        self.stream.write(prompt)
        self.stream.flush()
        with _interruptible():
            try:
                typed = self.answers.readline()
            except KeyboardInterrupt:
                typed = ""
        if not typed:
            self.stream.write("\n")
            return "no"
        word = typed.strip().lower()
        return _WORDS.get(word, word)

    def _next(self, offer: Offer) -> None:
        self.tracker.dismissed(offer.index)
        if offer.advance() is None:
            self.say("bestfix: that was the last one")
        else:
            self._card(offer)

    def _why(self, offer: Offer) -> None:
        self.say(offer.why())

    def _card(self, offer: Offer) -> None:
        if (scored := offer.current) is None:
            self.say(f"bestfix: {offer.decision.reason}")
        else:
            self.tracker.shown(offer.index)
            self.say(terminal(offer.decision, scored, color=colored(self.stream)))
