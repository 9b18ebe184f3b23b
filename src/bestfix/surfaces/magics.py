"""`%fix` and `%bestfix`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bestfix.core import Scored
    from bestfix.surfaces.failed import Failed
    from bestfix.surfaces.offer import Offer
    from bestfix.surfaces.session import Session

__all__ = ["Magics"]


@dataclass(frozen=True, slots=True)
class Magics:
    """The magics of one session."""

    session: Session

    def register(self) -> None:
        """Make the magics known to the shell."""
        self.session.ip.register_magic_function(self.fix, "line", "fix")
        self.session.ip.register_magic_function(self.bestfix, "line", "bestfix")

    def fix(self, line: str) -> None:
        """Take the fix for the last cell that failed.

        %fix        put the fixed text into the cell (in a terminal: at the next prompt); fix a file where it is
        %fix run    run it at once
        %fix next   show the next likely fix
        %fix why    say what speaks for the fix
        """
        actions = {"": self._put, "run": self._run, "next": self._next, "why": self._why}
        action = actions.get(line.strip())
        if action is None:
            print("usage: %fix [run | next | why]")
        elif (offer := self.session.asked()) is None:
            print("bestfix: no cell has failed")
        else:
            action(offer)

    def bestfix(self, line: str) -> None:
        """Say whether failing cells are answered, or turn that `on` or `off`: %bestfix on | off | status."""
        word = line.strip() or "status"
        if word in {"on", "off"}:
            if (file := self.session.held().locked.get("automatic")) is not None:
                print(f"bestfix: an administrator has locked `automatic` in {file}")
                return
            self.session.automatic = word == "on"
        elif word != "status":
            print("usage: %bestfix on | off | status")
            return
        from bestfix._version import __version__

        print(f"bestfix {__version__}: {'on' if self.session.wanted() else 'off; %fix still answers'}")
        if self.session.trouble:
            print(f"the last failing cell got no answer: {self.session.trouble}")

    def _put(self, offer: Offer) -> None:
        """Put the fixed text where the user can run it."""
        if not self._taken(offer):
            return
        self.session.took(self._text(offer), offer.index, run=False)
        if other := self._other(offer):
            print(f"bestfix: the mistake is in {other}; this is its fixed text, to be run in its place")
        self.session.ip.set_next_input(self._text(offer), replace=True)

    def _run(self, offer: Offer) -> None:
        """Run the fixed text; where it is an earlier cell's, also the cell that failed."""
        advised = offer.current is not None and not offer.applicable
        if advised and self._recover():
            texts = [self._failed.raw]
        elif not self._taken(offer):
            return
        else:
            texts = self._texts(offer)
            self.session.took(self._text(offer), offer.index, run=True)
            self._recover()
        if self.session.graphical:
            self.session.ip.set_next_input(texts[0], replace=True)
            if any(self._awaits(text) for text in texts):
                print("bestfix: a cell with `await` cannot run inside another one; here it is, to be run")
                return
        for text in texts:
            result = self.session.ip.run_cell(text, store_history=False)
            self.session.ran(text, clean=result.success)
            if not result.success:
                self.session.failing(result)
                return

    def _texts(self, offer: Offer) -> list[str]:
        """Return the fixed text, and the cell that failed where that is another one."""
        if other := self._other(offer):
            print(f"bestfix: running {other}, fixed, and then the cell that failed")
            return [self._text(offer), self._failed.raw]
        return [self._text(offer)]

    def _recover(self) -> bool:
        """Roll back an aborted transaction, and say so."""
        if found := self.session.recovered():
            print("bestfix: rolled back the transaction that an error had aborted")
        return found

    def _awaits(self, text: str) -> bool:
        """Whether a cell needs the event loop, which in a notebook is the one that runs the magic."""
        ip = self.session.ip
        return bool(ip.should_run_async(text, transformed_cell=ip.transform_cell(text)))

    def _next(self, offer: Offer) -> None:
        if self.session.tracker is not None and offer.current is not None:
            self.session.tracker.dismissed(offer.index)
        if offer.advance() is not None:
            self.session.show(offer)
        elif (fresh := self.session.again(offer)) is not None:
            self.session.show(fresh)
        else:
            print("bestfix: there is no other fix" if offer.current else f"bestfix: {offer.decision.reason}")

    def _why(self, offer: Offer) -> None:
        print(offer.why())

    @property
    def _failed(self) -> Failed:
        """The cell that failed; there is one where there is an offer."""
        if self.session.failed is None:
            raise LookupError("no cell has failed")
        return self.session.failed

    def _taken(self, offer: Offer) -> bool:
        """Whether there is the text of a cell to take; otherwise say what there is, and write what is a file."""
        if offer.current is None:
            print(f"bestfix: {offer.decision.reason}{' (%fix next shows it)' if offer.decision.ranked else ''}")
        elif not offer.applicable:
            print(f"bestfix: {offer.current.candidate.reason}")
        elif offer.current.candidate.patch.source.startswith("<"):
            return True
        elif self._written(offer, offer.current):
            self.session.took(self._text(offer), offer.index, run=False)
        return False

    def _text(self, offer: Offer) -> str:
        return offer.current.text if offer.current is not None else ""

    def _other(self, offer: Offer) -> str:
        """Return the name of the source that is fixed, when it is not the cell that failed."""
        from bestfix.capture.ipython import cell_name
        from bestfix.surfaces.card import place

        scored: Any = offer.current
        failing = cell_name(self._failed.count)
        return "" if scored.candidate.patch.source == failing else place(scored)

    def _written(self, offer: Offer, scored: Scored) -> bool:
        """Write the fixed file: the user has seen the diff and asks for it; say whether that could be done."""
        from uuid import uuid4

        from bestfix.surfaces.card import place
        from bestfix.surfaces.files import FileError
        from bestfix.surfaces.journal import Journal

        tracker = self.session.tracker
        origin = (tracker.reference, offer.index) if tracker is not None else ("", 0)
        try:
            Journal.default().apply(offer.decision, scored, group=uuid4().hex, origin=origin)
        except FileError as error:
            print(f"bestfix: {error}")
            return False
        print(f"bestfix: wrote {place(scored)} (`!bestfix undo` takes it back); import it anew to use it")
        return True
