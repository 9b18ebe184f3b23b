"""Loops that run too often, and what they empty on the way."""

import pytest

CASES = [
    (
        "n = 2\nwhile n >= 0:\n    xs.remove(max(xs))\n    n -= 1",
        "n = 2\nwhile n > 0:\n    xs.remove(max(xs))\n    n -= 1",
        "xs = [1, 2]",
    ),
    ("for i in range(n + 1):\n    xs.pop()", "for i in range(n):\n    xs.pop()", "xs, n = [1, 2], 2"),
    (
        "i, out = 0, []\nwhile i < 2:\n    out.append(xs.pop())",
        "i, out = 0, []\nwhile i < 2:\n    out.append(xs.pop())\n    i += 1",
        "xs = [1, 2]",
    ),
    ("xs.remove(max(xs))\nout.append(max(xs))", "out.append(max(xs))\nxs.remove(max(xs))", "xs, out = [1], []"),
    ("for key in d:\n    d.pop(key)", "for key in list(d):\n    d.pop(key)", "d = {1: 1, 2: 2}"),
    ("for n in s:\n    s.remove(n)", "for n in list(s):\n    s.remove(n)", "s = {1, 2}"),
    (
        "def least(xs):\n    return min(xs)\nleast([])",
        "def least(xs):\n    if not xs:\n        return None\n    return min(xs)\nleast([])",
        "",
    ),
    (
        (
            "while xs:\n"
            "    top = xs[0]\n"
            "    for x in xs:\n"
            "        if x > top:\n"
            "            top = x\n"
            "        xs.remove(top)\n"
            "        out.append(top)"
        ),
        (
            "while xs:\n"
            "    top = xs[0]\n"
            "    for x in xs:\n"
            "        if x > top:\n"
            "            top = x\n"
            "    xs.remove(top)\n"
            "    out.append(top)"
        ),
        "xs, out = [3, 1, 2], []",
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "rounds", setup=setup)[0] == fixed
