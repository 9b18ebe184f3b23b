"""Positions and counts of the wrong class."""

import pytest

CASES = [
    ("xs[len(xs) / 2]", "xs[len(xs) // 2]", "xs = [1, 2]"),
    ("mid = len(xs) / 2\nxs[mid]", "mid = len(xs) // 2\nxs[mid]", "xs = [1, 2]"),
    ("xs[:n / 2], xs[n / 2:]", "xs[:n // 2], xs[n // 2:]", "xs, n = [1, 2], 2"),
    ("xs[1.0]", "xs[1]", "xs = [1, 2]"),
    ("range('12')", "range(int('12'))", ""),
    ("range(xs)", "range(len(xs))", "xs = [1, 2]"),
    ("rows[0, 1]", "rows[0][1]", "rows = [[1, 2]]"),
    ("xs[0, 1]", "xs[0:1]", "xs = [1, 2]"),
    (
        "for name in people:\n    name['age']",
        "for name in people:\n    people[name]['age']",
        "people = {'a': {'age': 3}}",
    ),
    ("for row in rows:\n    rows['age']", "for row in rows:\n    row['age']", "rows = [{'age': 3}]"),
    ("d.values()[0]", "list(d.values())[0]", "d = {1: 2}"),
    ("len(x for x in 'ab')", "len([x for x in 'ab'])", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "index_types", setup=setup)[0] == fixed
