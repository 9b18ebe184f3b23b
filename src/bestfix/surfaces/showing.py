"""The card that every front end can show: HTML in a notebook's output, text in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bestfix.surfaces.offer import Offer

__all__ = ["Showing"]


class Showing:
    """What is shown under the cell that runs.

    Attributes:
        begun: whether a card is shown that a later one takes the place of.
    """

    def __init__(self) -> None:
        self._card: Any = None

    @property
    def begun(self) -> bool:
        """Whether a card of this cell is shown that a later one can replace."""
        return self._card is not None

    def forget(self) -> None:
        """Begin a new card with the next fix."""
        self._card = None

    def show(self, offer: Offer, *, graphical: bool) -> None:
        """Show the fix that is looked at."""
        import sys

        from bestfix.surfaces import card

        if (scored := offer.current) is None:
            return
        hint = f"%fix{' · %fix run' if offer.applicable else ''} · %fix next · %fix why"
        hint += " · a model is being asked" if offer.decision.pending else ""
        if not graphical:
            card.emit(card.terminal(offer.decision, scored, color=card.colored(sys.stdout), footer=hint), sys.stdout)
            return
        plain = card.terminal(offer.decision, scored, color=False, footer=hint)
        self._display({"text/plain": plain, "text/html": card.html(offer.decision, scored, footer=hint)})

    def _display(self, bundle: dict[str, str]) -> None:
        from IPython.display import display

        if self._card is not None:
            self._card.update(bundle, raw=True)
        else:
            self._card = display(bundle, raw=True, display_id=True)
