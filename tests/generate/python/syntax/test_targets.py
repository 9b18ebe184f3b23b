"""Assigning to, or deleting, what is neither a name nor a part of something."""

import pytest

CASES = [
    ("7 = n", "n = 7"),
    ('prices = {}\nprices("tea") = 3', 'prices = {}\nprices["tea"] = 3'),
    ("f(n) = n + 1", "def f(n): return n + 1"),
    ("row-count = 3\nshow(row-count)", "row_count = 3\nshow(row_count)"),
    ("row count = 3\nshow(row count)", "row_count = 3\nshow(row_count)"),
    ('dict("a"=1)', "dict(a=1)"),
    ('del prices("tea")', 'del prices["tea"]'),
    ("del (n := 5)", "del n"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "targets")[0] == fixed
