"""Expressions inside the braces of f-strings."""

import pytest

CASES = [
    ('f"{}".format(x)', '"{}".format(x)'),
    ('f"{n items"', 'f"{n} items"'),
    ('f"{n}} items"', 'f"{n} items"'),
    ('f"{d[\\"k\\"]}"', "f\"{d['k']}\""),
    ('f"{ages[\'Ann]} years"', "f\"{ages['Ann']} years\""),
    ('f"{} of {n}"', 'f"{{}} of {n}"'),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "fstrings")[0] == fixed
