"""Edits and patches: apply, invert, diff."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.core import Edit, EditError, Patch

TEXT = st.text(alphabet="ab\n é😀", max_size=40)


@st.composite
def patched(draw):
    text = draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits = [Edit(a, b, draw(TEXT)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return text, Patch("s", tuple(edits))


@given(patched())
def test_invert_undoes_apply(case):
    text, patch = case
    assert patch.invert(text).apply(patch.apply(text)) == text


@given(TEXT, TEXT)
def test_between_turns_one_text_into_the_other(before, after):
    assert Patch.between(before, after, source="s").apply(before) == after


@given(patched(), st.data())
def test_two_patches_in_a_row_are_one(case, data):
    text, first = case
    after = first.apply(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(after)), min_size=2, max_size=4)))
    second = Patch("s", tuple(Edit(a, b, data.draw(TEXT)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)))
    assert first.followed_by(second, text).apply(text) == second.apply(after)


def test_edits_are_sorted_and_applied_together():
    assert Patch("s", (Edit(2, 3, "C"), Edit(0, 1, "A"))).apply("abc") == "AbC"


def test_overlap_is_refused():
    with pytest.raises(EditError, match="overlap"):
        Patch("s", (Edit(0, 2, "x"), Edit(1, 3, "y")))


def test_an_edit_beyond_the_text_is_refused():
    with pytest.raises(EditError, match="beyond"):
        Patch("s", (Edit(0, 9, "x"),)).apply("abc")


def test_diff_shows_the_changed_line_with_context():
    diff = Patch("s", (Edit(2, 3, "B"),)).diff("a\nb\nc")
    assert diff.splitlines()[2:] == ["@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"]
