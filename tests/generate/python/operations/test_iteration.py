"""Loops and functions over what is no sequence."""

import pytest

CASES = [
    ("for i in n:\n    pass", "for i in range(n):\n    pass", "n = 3"),
    ("[i for i in 3]", "[i for i in range(3)]", ""),
    ("sum(xs[0])", "sum(xs)", "xs = [1, 2]"),
    ("sum(1, 2)", "sum([1, 2])", ""),
    ("xs.extend(3)", "xs.append(3)", "xs = []"),
    ("next([1, 2])", "next(iter([1, 2]))", ""),
    ("', '.join([1, 2])", "', '.join(map(str, [1, 2]))", ""),
    ("','.join(x for x in [1])", "','.join(str(x) for x in [1])", ""),
    ("len(1234)", "len(str(1234))", ""),
    (
        "def digits(n):\n    for i in range(len(n)):\n        n[i]\ndigits(12)",
        "def digits(n):\n    n = str(n)\n    for i in range(len(n)):\n        n[i]\ndigits(12)",
        "",
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "iteration", setup=setup)[0] == fixed
