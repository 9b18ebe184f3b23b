"""Statements that stand where they may not."""

import pytest

CASES = [
    ("def f(n):\n    m = n\nreturn m", "def f(n):\n    m = n\n    return m"),
    (
        "def f(n):\n    m = 0\nfor i in n:\n    m += i\nreturn m",
        "def f(n):\n    m = 0\n    for i in n:\n        m += i\n    return m",
    ),
    ("for n in x:\n    go(n)\nif n:\n    break", "for n in x:\n    go(n)\n    if n:\n        break"),
    ("def f():\n    async with g():\n        pass", "async def f():\n    async with g():\n        pass"),
    ("def f():\n    n = 1\n    global n", "def f():\n    global n\n    n = 1"),
    ("def f():\n    nonlocal n\n    n = 1", "def f():\n    global n\n    n = 1"),
    ("import os\nfrom __future__ import annotations", "from __future__ import annotations\nimport os"),
    ("def f():\n    from math import *\n    return pi", "from math import *\ndef f():\n    return pi"),
    ("x = [(n := n + 1) for n in y]", "x = [(n2 := n + 1) for n in y]"),
    ("def f():\n    global n\n    n: int = 1", "def f():\n    global n\n    n = 1"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "placement")[0] == fixed
