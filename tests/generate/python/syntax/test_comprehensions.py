"""Comprehensions, and choices without their other half."""

import pytest

CASES = [
    ("pairs = [n, n + 1 for n in x]", "pairs = [(n, n + 1) for n in x]"),
    ("flat = [*row for row in rows]", "flat = [item for row in rows for item in row]"),
    ("all = {**d for d in dicts}", "all = {k: v for d in dicts for k, v in d.items()}"),
    ("z = [n if n > 3 for n in x]", "z = [n for n in x if n > 3]"),
    ("z = [1 for n in x if n else 0]", "z = [1 if n else 0 for n in x]"),
    ("z = [n in x if n > 3]", "z = [n for n in x if n > 3]"),
    ("z = [for n in x]", "z = [n for n in x]"),
    ("z = 1 if x > 3", "z = 1 if x > 3 else None"),
    ("print(n) if n > 3", "if n > 3: print(n)"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "comprehensions")[0] == fixed
