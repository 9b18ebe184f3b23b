"""`None` where a value was expected."""

import pytest

CASES = [
    ("ys = xs.sort()\nys[0]", "ys = sorted(xs)\nys[0]", "xs = [2, 1]"),
    ("xs = xs.sort()\nxs[0]", "xs.sort()\nxs[0]", "xs = [2, 1]"),
    ("for x in xs.reverse():\n    pass", "for x in xs[::-1]:\n    pass", "xs = [2, 1]"),
    ("len(xs.append(1))", "len(xs + [1])", "xs = [2]"),
    ("def double(x):\n    y = 2 * x\ndouble(3) + 1", "def double(x):\n    y = 2 * x\n    return y\ndouble(3) + 1", ""),
    (
        "def fact(n):\n    if n == 0:\n        return 1\n    n * fact(n - 1)\nfact(2) + 1",
        "def fact(n):\n    if n == 0:\n        return 1\n    return n * fact(n - 1)\nfact(2) + 1",
        "",
    ),
    (
        "def even(xs):\n    out = []\n    for x in xs:\n        out.append(x)\nlen(even([1]))",
        "def even(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    return out\nlen(even([1]))",
        "",
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "returns", setup=setup)[0] == fixed
