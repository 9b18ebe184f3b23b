"""A fix as it is shown."""

import io
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.core import Candidate, Decision, Edit, Scored, Source, Verdict
from bestfix.surfaces.card import ROWS, emit, html, place, rows, terminal, visible


def _decision(text, *edits, name="<cell 3>", reason="`x` is not defined; `y` is"):
    candidate = Candidate.edit(Source(name, text), *edits, reason=reason)
    scored = Scored(candidate, Verdict(), candidate.patch.apply(text), 0.9)
    return Decision(scored, reason, (scored,), {name: text}, seconds=0.0123), scored


def test_a_terminal_shows_place_time_reason_and_diff():
    decision, scored = _decision("a = 1\nx\nb = 2\nc = 3\n", Edit(6, 7, "y"))
    assert terminal(decision, scored, color=False, footer="%fix").splitlines() == [
        "bestfix cell 3 · 12 ms",
        "`x` is not defined; `y` is",
        "  1 │ a = 1",
        "- 2 │ x",
        "+ 2 │ y",
        "  3 │ b = 2",
        "%fix",
    ]


def test_colour_changes_nothing_but_colour():
    import re

    decision, scored = _decision("x", Edit(0, 1, "y"))
    assert re.sub(r"\x1b\[[0-9;]*m", "", terminal(decision, scored, color=True)) == terminal(
        decision, scored, color=False
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_control_character_of_the_users_reaches_the_screen(before, after):
    decision, scored = _decision(before, Edit(0, len(before), after), reason=f"because {after}")
    plain = terminal(decision, scored, color=False)
    assert all(character.isprintable() or character in "\n\t" or ord(character) > 159 for character in plain)
    assert "\u202e" not in plain


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@given(st.text(max_size=40), st.text("<>&\"'`/ a\n", max_size=40))
def test_nothing_of_the_users_is_markup(before, after):
    decision, scored = _decision(before, Edit(0, len(before), after), name="<script>", reason=after)
    tags = _Tags()
    tags.feed(html(decision, scored, footer=after))
    assert tags.tags <= {"div", "b", "code"}
    assert tags.open == []


def test_a_long_line_is_shown_where_it_changes():
    before = "x = [" + "1, " * 5000 + "2]"
    removed, added = (row for row in rows(before, before.replace("2]", "3]")) if row.mark in "-+")
    assert "2]" in removed.text
    assert "3]" in added.text
    assert len(added.text) < 200


def test_a_long_diff_is_cut():
    found = rows("\n".join(f"a{i}" for i in range(200)), "\n".join(f"b{i}" for i in range(200)))
    assert len(found) == ROWS + 1
    assert found[-1].text == "⋯ 360 more lines"


def test_changes_far_apart_are_shown_apart():
    lines = [f"line {i}" for i in range(30)]
    after = [*lines]
    after[2], after[20] = "two", "twenty"
    assert [row.mark for row in rows("\n".join(lines), "\n".join(after))] == [*" -+ ", "~", *" -+ "]


def test_advice_without_edits_is_its_reason():
    candidate = Candidate.advice(Source("<cell 3>", "x"), reason="run cell 2 first: it defines `x`")
    scored = Scored(candidate, Verdict(), "x", 0.9)
    decision = Decision(scored, candidate.reason, (scored,), {"<cell 3>": "x"})
    assert terminal(decision, scored, color=False).splitlines()[1:] == ["run cell 2 first: it defines `x`"]
    assert "run cell 2 first" in html(decision, scored)


@pytest.mark.parametrize(("name", "shown"), [("<cell 3>", "cell 3"), ("/elsewhere/a.py", "/elsewhere/a.py")])
def test_a_place_is_called_as_the_user_knows_it(name, shown):
    _, scored = _decision("x", Edit(0, 1, "y"), name=name)
    assert place(scored) == shown


def test_a_file_below_is_called_by_its_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, scored = _decision("x", Edit(0, 1, "y"), name=str(tmp_path / "a" / "b.py"))
    assert place(scored) == "a/b.py"


def test_a_stream_that_lacks_characters_gets_marks():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    emit("│ é", stream)
    assert stream.buffer.getvalue() == b"? ?\n"
    assert visible("a\x1b[31m\tb\u202e") == "a\\x1b[31m\tb\\x202e"
