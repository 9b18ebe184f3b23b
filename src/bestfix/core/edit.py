"""Edits of a user's own text: what is replaced, in which source, and how safe that is."""

from __future__ import annotations

import difflib
import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Applicability", "Edit", "EditError", "Patch"]


class EditError(ValueError):
    """Edits overlap, are reversed, or do not fit the text they are applied to."""


class Applicability(enum.IntEnum):
    """How far a patch may be trusted; ordered, so that the less safe compares as smaller."""

    DISPLAY_ONLY = 0
    """Advice: shown to the user, never applied (`Run cell 3 first`, `%pip install …`)."""
    UNSAFE = 1
    """May change what the program means beyond removing the error; applied only when the user accepts it."""
    SAFE = 2
    """Removes the error and keeps what the author evidently meant."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces the characters `start:end` of a source with `text`; an insertion has `start == end`."""

    start: int
    end: int
    text: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise EditError(f"an edit needs 0 <= start <= end, got {self.start}:{self.end}")

    @classmethod
    def insert(cls, at: int, text: str) -> Edit:
        """Insert `text` before the character at offset `at`."""
        return cls(at, at, text)

    @classmethod
    def delete(cls, start: int, end: int) -> Edit:
        """Delete the characters `start:end`."""
        return cls(start, end)


@dataclass(frozen=True, slots=True)
class Patch:
    """Edits of one source, in order and without overlap, that are taken or refused together.

    Attributes:
        source: the name of the `Source` that is edited; it need not be the one that failed.
        edits: the edits, sorted by position; insertions at one place keep their order.
        applicability: how far the patch may be trusted.

    Raises:
        EditError: when two edits overlap.
    """

    source: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.edits, key=lambda edit: (edit.start, edit.end)))
        for before, after in itertools.pairwise(ordered):
            if after.start < before.end:
                raise EditError(f"edits overlap: {before} and {after}")
        object.__setattr__(self, "edits", ordered)

    @classmethod
    def between(
        cls, before: str, after: str, *, source: str, applicability: Applicability = Applicability.SAFE
    ) -> Patch:
        """Return the patch that turns `before` into `after` by the lines that differ, trimmed to the characters."""
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        starts = [0]
        for line in old:
            starts.append(starts[-1] + len(line))
        edits = []
        for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                edits.append(_trimmed(before, Edit(starts[i1], starts[i2], "".join(new[j1:j2]))))
        return cls(source, tuple(edits), applicability)

    @property
    def display_only(self) -> bool:
        """Whether the patch is advice and must not be applied."""
        return self.applicability is Applicability.DISPLAY_ONLY

    def apply(self, text: str) -> str:
        """Return `text` with the edits made.

        Raises:
            EditError: when an edit ends beyond the text.
        """
        if self.edits and self.edits[-1].end > len(text):
            raise EditError(f"{self.edits[-1]} ends beyond the {len(text)} characters of {self.source!r}")
        parts, at = [], 0
        for edit in self.edits:
            parts += [text[at : edit.start], edit.text]
            at = edit.end
        return "".join(parts) + text[at:]

    def invert(self, text: str) -> Patch:
        """Return the patch that undoes this one; `text` is the text before it.

        `patch.invert(text).apply(patch.apply(text)) == text`.
        """
        shift, undone = 0, []
        for edit in self.edits:
            start = edit.start + shift
            undone.append(Edit(start, start + len(edit.text), text[edit.start : edit.end]))
            shift += len(edit.text) - (edit.end - edit.start)
        return Patch(self.source, tuple(undone), self.applicability)

    def followed_by(self, later: Patch, text: str) -> Patch:
        """Return the one patch of `text` that does what this one does and then `later`.

        `patch.followed_by(later, text).apply(text) == later.apply(patch.apply(text))`.
        """
        origins: list[int | str] = list(range(len(text)))
        for patch in (self, later):
            origins = _replaced(origins, patch.edits)
        edits, at, brought = [], 0, ""
        for origin in (*origins, len(text)):
            if isinstance(origin, str):
                brought += origin
            else:
                if origin > at or brought:
                    edits.append(Edit(at, origin, brought))
                at, brought = origin + 1, ""
        return Patch(self.source, tuple(edits), min(self.applicability, later.applicability))

    def diff(self, text: str, *, context: int = 1) -> str:
        """Return the unified diff of the patch against `text`, with `context` lines around each change."""
        before, after = text.splitlines(), self.apply(text).splitlines()
        lines = difflib.unified_diff(before, after, self.source, self.source, lineterm="", n=context)
        return "\n".join(lines)


def _replaced(items: Sequence[int | str], edits: Sequence[Edit]) -> list[int | str]:
    """Return the items of a text, one for each character, with the edits made."""
    result: list[int | str] = []
    at = 0
    for edit in edits:
        result += [*items[at : edit.start], *edit.text]
        at = edit.end
    return [*result, *items[at:]]


def _trimmed(text: str, edit: Edit) -> Edit:
    """Return `edit` without the characters at its ends that it leaves as they were."""
    old, new = text[edit.start : edit.end], edit.text
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Edit(edit.start + head, edit.end - tail, new[head : len(new) - tail])
