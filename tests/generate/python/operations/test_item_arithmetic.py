"""Arithmetic with a whole list, set or dictionary."""

import pytest

CASES = [
    ("[1, 2] / 2", "[x / 2 for x in [1, 2]]", ""),
    ("d / 2", "{k: x / 2 for k, x in d.items()}", "d = {'a': 4}"),
    ("xs -= 1", "xs = [x - 1 for x in xs]", "xs = [1]"),
    ("-(1, 2)", "tuple(-x for x in (1, 2))", ""),
    ("'2' * '3'", "int('2') * int('3')", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "item_arithmetic", setup=setup)[0] == fixed
