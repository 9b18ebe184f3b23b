"""Positions of an editor: they are those of the protocol, whatever the text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from bestfix.core import Language, Span
from bestfix.surfaces.lsp.document import Document, language_of

TEXTS = st.text(alphabet=st.sampled_from("ab\n\r\x0c\u2028é😀"), max_size=40)
ENCODINGS = st.sampled_from(list(types.PositionEncodingKind))


def document(text: str, encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16) -> Document:
    return Document("file:///a.py", Language.PYTHON, 1, text, encoding)


@given(TEXTS, ENCODINGS, st.data())
def test_an_offset_and_its_position_are_the_same_place(text, encoding, data):
    opened = document(text, encoding)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    inside = any(text[at - 1 : at + 1] == "\r\n" for at in (start, end))
    if not inside:
        assert opened.span(opened.range(Span(start, end))) == Span(start, end)


@given(TEXTS, TEXTS, st.data())
def test_a_change_of_a_range_is_the_change_of_its_characters(text, new, data):
    opened = document(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = opened.range(Span(start, end))
    span = opened.span(place)
    changed = opened.changed(2, [types.TextDocumentContentChangePartial(place, new)])
    assert (changed.version, changed.text) == (2, text[: span.start] + new + text[span.end :])


def test_a_position_beyond_the_line_or_the_text_is_its_end():
    opened = document("ab\ncd")
    assert opened.offset(types.Position(0, 99)) == 2
    assert opened.offset(types.Position(9, 0)) == 5


@pytest.mark.parametrize(
    ("uri", "name", "language"),
    [
        ("file:///a.py", "python", Language.PYTHON),
        ("file:///a.SQL", "plaintext", Language.SQL),
        ("untitled:Untitled-1", "sql", Language.SQL),
        ("vscode-notebook-cell:/a.ipynb#1", "python", None),
        ("file:///a.txt", "plaintext", None),
    ],
)
def test_a_text_is_of_a_language_by_what_the_editor_says_or_by_its_name(uri, name, language):
    assert language_of(types.TextDocumentItem(uri, name, 1, "")) is language
