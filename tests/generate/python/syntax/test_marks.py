"""Commas that are missing or lack their quotes, and lines that go on."""

import pytest

CASES = [
    ("parts = line.split(;)", 'parts = line.split(";")'),
    ("x = [1 2 3]", "x = [1, 2, 3]"),
    ("m = [[1 2 3]\n     [4 5 6]]", "m = [[1, 2, 3],\n     [4, 5, 6]]"),
    ("total = price +\n    tax", "total = price + \\\n    tax"),
    ('table =\n\n{"a": 1,\n "b": 2}', 'table = {"a": 1,\n "b": 2}'),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "marks")[0] == fixed
