"""Program text as it may leave the machine, and the way back."""

from __future__ import annotations

import bisect
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.capture.redact.pieces import Piece, Place, pieces
from bestfix.capture.redact.plain import is_plain_text
from bestfix.capture.redact.prose import loosely
from bestfix.capture.redact.secrets import is_secret_name, secret_spans
from bestfix.capture.redact.veil import Hidden, RestoreError, Veil
from bestfix.core import Language

__all__ = ["Shown", "names_in", "restored", "shown"]

_META = re.compile(r"[;&|`$<>(){}\r\n]")
"""Characters that mean something to a shell."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with its values hidden.

    Attributes:
        text: what may be sent.
        parts: for each placeholder the place of what it hides, and its own.
    """

    text: str
    parts: tuple[tuple[int, int, int, int], ...] = ()

    def forward(self, offset: int) -> int:
        """Return the place in the shown text of a character of the user's."""
        at = bisect.bisect_right(self.parts, offset, key=lambda part: part[0]) - 1
        if at < 0:
            return offset
        start, end, new_start, new_end = self.parts[at]
        return new_end + offset - end if offset >= end else new_start + min(offset - start, new_end - new_start)


def names_in(text: str, language: Language) -> Iterator[str]:
    """Yield the names that a program text holds as code."""
    return (text[p.start : p.end] for p in pieces(text, language) if p.place is Place.NAME)


def shown(text: str, language: Language, veil: Veil) -> Shown:
    """Return a program text with its values hidden; `restored` gives the text back.

    Raises:
        RestoreError: when it would not: so odd a text is better not sent.
    """
    out, parts, at, size = list[str](), [], 0, 0
    for piece in pieces(text, language):
        raw = text[piece.start : piece.end]
        new = _hidden(raw, piece, veil)
        if new == raw:
            continue
        out += [text[at : piece.start], new]
        size += piece.start - at
        parts.append((piece.start, piece.end, size, size + len(new)))
        size += len(new)
        at = piece.end
    hidden = "".join([*out, text[at:]])
    if restored(hidden, language, veil) != text:
        raise RestoreError("the text reads otherwise with its values hidden")
    return Shown(hidden, tuple(parts))


def _hidden(raw: str, piece: Piece, veil: Veil) -> str:
    """Return what stands for a piece."""
    if piece.place is Place.NAME or not raw:
        return raw
    if veil.values:
        return _without_secrets(raw, piece, veil)
    if piece.place is Place.NUMBER:
        return veil.say_number(raw)
    if piece.place is Place.STRING:
        return literal(raw, veil, piece.style)
    if piece.place is Place.LOOSE:
        return loosely(raw, veil)
    head = raw[: len(raw) - len(raw.lstrip())]
    return head + veil.hide(piece.place.value, raw[len(head) :]) if raw.strip() else raw


def literal(raw: str, veil: Veil, style: str = "") -> str:
    """Return what stands for the inside of a string; names of the schema, formats and well-known words stay."""
    if is_plain_text(raw):
        return raw
    if veil.known(raw):
        return veil.say_name(raw, style)
    return veil.hide(next((kind for kind, _ in secret_spans(raw)), "text"), raw, style)


def _without_secrets(raw: str, piece: Piece, veil: Veil) -> str:
    if piece.place is Place.STRING and raw and is_secret_name(piece.before):
        return veil.hide("secret", raw, piece.style)
    return raw if piece.place is Place.NUMBER else veil.hide_secrets(raw, piece.style)


def restored(text: str, language: Language, veil: Veil) -> str:
    """Return an answer's text with what the placeholders stand for; `restored(shown(t).text) == t`.

    Raises:
        RestoreError: when a placeholder stands where what it hides cannot be written, or was never given.
    """
    out, at = [], 0
    for piece in pieces(text, language):
        raw = text[piece.start : piece.end]
        out += [text[at : piece.start], _put_back(raw, piece, veil)]
        at = piece.end
    return "".join([*out, text[at:]])


def _put_back(raw: str, piece: Piece, veil: Veil) -> str:
    if piece.place is Place.NUMBER:
        return veil.number(raw)
    return veil.put_back(raw, lambda hidden: _written(hidden, piece))


def _written(hidden: Hidden, piece: Piece) -> str:
    """Return the characters of a value where a piece of an answer holds its placeholder: data never becomes code.

    Raises:
        RestoreError: when they would mean something else there.
    """
    single = not re.search(r"[\r\n]|\*/", hidden.raw)
    fits = {
        Place.STRING: lambda: hidden.fits(piece.style),
        Place.NAME: lambda: hidden.raw.isidentifier() and not keyword.iskeyword(hidden.raw),
        Place.LINE: lambda: hidden.kind == "line" or not _META.search(hidden.raw),
        Place.COMMENT: lambda: hidden.kind == "comment" or single,
        Place.LOOSE: lambda: single,
    }
    if not fits[piece.place]():
        raise RestoreError(f"the answer uses a placeholder where its text does not fit: in a {piece.place}")
    return hidden.raw
