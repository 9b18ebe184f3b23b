"""Texts of one meaning."""

import pytest

from bestfix.lang.python.meaning import meaning

LONG = "y = 1\n" * 2000


@pytest.mark.parametrize("start", ["", LONG])
def test_layout_and_comments_do_not_count(start):
    broken = f"{start}x = f(1\n"
    assert meaning(f"{start}x = f(1)\n", broken) == meaning(f"{start}x = f( 1 )  # done\n", broken)
    assert meaning(f"{start}x = f(1)\n", broken) != meaning(f"{start}x = f, 1\n", broken)


@pytest.mark.parametrize("start", ["", LONG])
def test_a_text_that_changes_nothing_has_no_meaning_of_its_own(start):
    assert meaning(f"{start}x = 1  # one\n", f"{start}x = 1\n") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = True", "x = 1"),
        ("x = 1.0", "x = 1"),
        ("def f(a, b=1): return a", "def f(a=1, b=1): return a"),
        ("def f(a, b=1): return a", "def f(a, b=2): return a"),
        ("def f(): return a", "def f(): return b"),
        ("try:\n f()\nexcept A:\n g()", "try:\n f()\nexcept B:\n g()"),
        ("if x:\n    y()\nz()", "if x:\n    y()\n    z()"),
        ("%matplotlib inline", "%matplotlib notebook"),
        ("x = (", "x = ["),
    ],
)
def test_different_meanings(one, other):
    for before in ("", LONG):
        assert meaning(before + one, before + "?") != meaning(before + other, before + "?")


def test_needless_brackets_do_not_count_where_the_text_compiles():
    assert meaning("x = (1)", "x = (1") == meaning("x = 1", "x = (1")
