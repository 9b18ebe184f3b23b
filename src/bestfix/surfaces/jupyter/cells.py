"""The cells of a notebook as a page tells them, and as the kernel has run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bestfix.core import Cell, Decision
from bestfix.surfaces.failed import Failed

__all__ = ["NotebookCells", "Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A code cell as a page tells it.

    Attributes:
        text: its source.
        label: how the page calls it, such as `cell 3`.
    """

    text: str
    label: str


@dataclass(slots=True)
class NotebookCells:
    """The code cells of a notebook, in order, by their ids.

    Attributes:
        order: the ids.
        told: what the page has said of each.
    """

    order: tuple[str, ...] = ()
    told: dict[str, Told] = field(default_factory=dict)

    def update(self, order: Sequence[str], changed: Mapping[str, Told]) -> None:
        """Take in what has changed since the last time."""
        self.told = {place: told for place, told in {**self.told, **changed}.items() if place in set(order)}
        self.order = tuple(place for place in order if place in self.told)

    def others(self, failed: Failed, run: Sequence[Cell], places: Mapping[int, str]) -> list[Cell]:
        """Return the other cells: the notebook's in its order, after those that ran and are in it no more.

        Args:
            failed: the cell that failed.
            run: the cells that the session has run.
            places: the ids of cells that have run, by their execution counts.
        """
        own = self.place(failed, places)
        texts = {told.text for told in self.told.values()}
        gone = [cell for cell in run if places.get(_count(cell.label) or 0) not in self.told and cell.text not in texts]
        return [*gone, *self._in_order(own, run, places)]

    def _in_order(self, own: str | None, run: Sequence[Cell], places: Mapping[int, str]) -> list[Cell]:
        ran = {cell.text for cell in run if cell.ran}
        labels = self.labels(run, places)
        at = self.order.index(own) if own in self.order else len(self.order)
        return [
            Cell(labels[place], self.told[place].text, ran=self.told[place].text in ran, before=number < at)
            for number, place in enumerate(self.order)
            if place != own and self.told[place].text.strip()
        ]

    def labels(self, run: Sequence[Cell], places: Mapping[int, str]) -> dict[str, str]:
        """Return how each cell is called: by its execution count where it has run, else as the page calls it.

        A prompt that stems from an earlier kernel may show a number that another cell has now; its first line then says
        which cell is meant.
        """
        counted = {place: f"cell {count}" for count, place in sorted(places.items())}
        by_text = {cell.text: cell.label for cell in run}
        labels: dict[str, str] = {}
        for place in self.order:
            told = self.told[place]
            known = counted.get(place) or by_text.get(told.text)
            taken = told.label in counted.values() or told.label in by_text.values()
            labels[place] = known or (first_line(told.text) if taken else told.label)
        return labels

    def place(self, failed: Failed, places: Mapping[int, str]) -> str | None:
        """Return the id of the cell that failed; by its text, the last one, where it was run without an id."""
        if failed.place is not None:
            return failed.place
        return self.of(failed.count, failed.raw, places)

    def of(self, count: int | None, text: str, places: Mapping[int, str]) -> str | None:
        """Return the id of the cell that ran with a count or, where that is not known, that has a text."""
        if count is not None and (place := places.get(count)) is not None:
            return place
        same = [place for place in self.order if self.told[place].text.strip() == text.strip()]
        return same[-1] if same else None

    def named(
        self, decision: Decision, failed: Failed, run: Sequence[Cell], places: Mapping[int, str]
    ) -> dict[str, str]:
        """Return the ids of the cells that a decision names, by the name or label that it gives them."""
        found: dict[str, str | None] = {}
        by_label = {label: place for place, label in self.labels(run, places).items()}
        for candidate in (scored.candidate for scored in decision.ranked):
            name = candidate.patch.source
            if name.startswith("<cell"):
                found[name] = self._place_of(name, decision.sources.get(name, ""), failed, places)
            if candidate.run_first:
                found[candidate.run_first] = by_label.get(candidate.run_first)
        return {name: place for name, place in found.items() if place is not None}

    def _place_of(self, name: str, text: str, failed: Failed, places: Mapping[int, str]) -> str | None:
        count = _count(name.strip("<>"))
        return self.place(failed, places) if count == failed.count else self.of(count, text, places)


def first_line(text: str) -> str:
    """Return a label for a cell that no number names."""
    line = text.strip().partition("\n")[0]
    return f"the cell `{line[:40]}{'…' if len(line) > 40 else ''}`"


def _count(label: str) -> int | None:
    number = label.removeprefix("cell ")
    return int(number) if number.isdecimal() else None
