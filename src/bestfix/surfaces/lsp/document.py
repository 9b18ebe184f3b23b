"""A text that is open in an editor, and the editor's way of counting positions in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from bestfix.core import Language, Source, Span
from bestfix.lang.text import Lines

__all__ = ["Document", "language_of"]

_CODECS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
"""How a line is encoded to count its units, and the bytes of a unit."""
_SCHEMES = frozenset({"file", "untitled"})
"""Where a whole program stands; a cell of a notebook lacks the names of the others."""
_SUFFIXES = {".py": Language.PYTHON, ".sql": Language.SQL}


@dataclass(frozen=True)
class Document:
    r"""One version of an open text.

    Lines end with `\n`, `\r\n` or `\r`, as the protocol says; a form feed or U+2028 ends none.

    Attributes:
        uri: what the editor calls it.
        language: the language that it is written in.
        version: the editor's number for this version.
        text: all of it, saved or not.
        encoding: the units in which the editor counts the characters of a line.
    """

    uri: str
    language: Language
    version: int
    text: str
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16

    @cached_property
    def source(self) -> Source:
        """The text by the name that a diff gives it: the file's."""
        return Source(PurePosixPath(unquote(urlsplit(self.uri).path)).name or "<untitled>", self.text)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def changed(self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent]) -> Document:
        """Return the next version: each change is made in the text that the one before it gave."""
        document = replace(self, version=version)
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangeWholeDocument):
                text = change.text
            else:
                start, end = (document.offset(at) for at in (change.range.start, change.range.end))
                text = document.text[:start] + change.text + document.text[max(start, end) :]
            document = replace(document, text=text)
        return document

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position, in characters; one beyond its line or the text is moved back to the end."""
        codec, width = _CODECS[self.encoding]
        if position.line >= len(self._lines):
            return len(self.text)
        line = self._lines.line(position.line + 1)
        units = line.encode(codec, "surrogatepass")[: position.character * width]
        return self._lines.start(position.line + 1) + len(units.decode(codec, "surrogatepass"))

    def range(self, span: Span) -> types.Range:
        """Return the editor's range for a span of characters."""
        return types.Range(self._position(span.start), self._position(span.end))

    def span(self, place: types.Range) -> Span:
        """Return the span of characters for an editor's range."""
        return Span(self.offset(place.start), self.offset(place.end))

    def lines_around(self, place: Span) -> Span:
        """Return the whole lines that a place stands in."""
        lines = self._lines
        return Span(lines.start(lines.lineno(place.start)), lines.end(lines.lineno(place.end)))

    def _position(self, offset: int) -> types.Position:
        codec, width = _CODECS[self.encoding]
        lineno, column = self._lines.position(offset)
        start = self._lines.start(lineno)
        units = self.text[start : start + column].encode(codec, "surrogatepass")
        return types.Position(lineno - 1, len(units) // width)


def language_of(item: types.TextDocumentItem) -> Language | None:
    """Return the language of a text that the editor opens, or `None` when it is none of ours."""
    address = urlsplit(item.uri)
    if address.scheme not in _SCHEMES:
        return None
    by_name = _SUFFIXES.get(PurePosixPath(address.path).suffix.lower())
    return Language(item.language_id) if item.language_id in {"python", "sql"} else by_name
