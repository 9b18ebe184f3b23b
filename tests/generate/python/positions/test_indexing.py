"""Positions beyond the end of a sequence."""

import pytest

CASES = [
    ("for i in range(len(xs) + 1):\n    xs[i]", "for i in range(len(xs)):\n    xs[i]", "xs = [1, 2]"),
    (
        "i = 0\nwhile i <= len(xs):\n    xs[i]\n    i += 1",
        "i = 0\nwhile i < len(xs):\n    xs[i]\n    i += 1",
        "xs = [1, 2]",
    ),
    ("j = len(xs)\nxs[j]", "j = len(xs) - 1\nxs[j]", "xs = [1, 2]"),
    ("i, j = 0, len(xs)\nxs[i], xs[j]", "i, j = 0, len(xs) - 1\nxs[i], xs[j]", "xs = [1, 2]"),
    (
        "for i in range(len(xs)):\n    xs[i] > xs[i + 1]",
        "for i in range(len(xs) - 1):\n    xs[i] > xs[i + 1]",
        "xs = [1, 2]",
    ),
    ("for i in range(len(xs)):\n    print(xs[i + 1])", "for i in range(len(xs)):\n    print(xs[i])", "xs = [1, 2]"),
    ("xs[3]", "xs[2]", "xs = [1, 2, 3]"),
    ("part = word[0:2]\npart[2]", "part = word[0:3]\npart[2]", "word = 'abcdef'"),
    (
        "def first(xs):\n    return xs[0]\nfirst([])",
        "def first(xs):\n    if not xs:\n        return None\n    return xs[0]\nfirst([])",
        "",
    ),
    (
        "def order(xs):\n    out = [xs[0]]\n    return out\norder([])",
        "def order(xs):\n    if not xs:\n        return []\n    out = [xs[0]]\n    return out\norder([])",
        "",
    ),
    (
        "squares = []\nfor i in range(3):\n    squares[i] = i * i",
        "squares = []\nfor i in range(3):\n    squares.append(i * i)",
        "",
    ),
    ("x, y = 2, 0\ngrid[x][y]", "x, y = 2, 0\ngrid[y][x]", "grid = [[1, 2, 3], [4, 5, 6]]"),
    (
        (
            "def walk(i, xs):\n"
            "    n = len(xs)\n"
            "    if i >= n + 1:\n"
            "        return 0\n"
            "    return xs[i] + walk(i + 1, xs)\n"
            "walk(0, [1])"
        ),
        (
            "def walk(i, xs):\n"
            "    n = len(xs)\n"
            "    if i >= n:\n"
            "        return 0\n"
            "    return xs[i] + walk(i + 1, xs)\n"
            "walk(0, [1])"
        ),
        "",
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "indexing", setup=setup)[0] == fixed
