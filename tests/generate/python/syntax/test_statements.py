"""Statements whose parts are missing or in the wrong order."""

import pytest

CASES = [
    ("import sin, cos from math", "from math import sin, cos"),
    ('import "json"', "import json"),
    ("import os.path import join", "from os.path import join"),
    ("from os import path.join", "from os.path import join"),
    ("from math import sin and cos", "from math import sin, cos"),
    ("from os import path,", "from os import path"),
    ("from __future__ import anotations", "from __future__ import annotations"),
    ("for (int i = 0; i < n; i++):\n    go(i)", "for i in range(n):\n    go(i)"),
    ("for (i = 10; i > 0; i -= 2):\n    go(i)", "for i in range(10, 0, -2):\n    go(i)"),
    ("for i = 1 to 5:\n    go(i)", "for i in range(1, 6):\n    go(i)"),
    ("for n range(3):\n    go(n)", "for n in range(3):\n    go(n)"),
    ("for k, v of d:\n    go(k)", "for k, v in d:\n    go(k)"),
    ("for n < 3:\n    n += 1", "while n < 3:\n    n += 1"),
    ("words = f()\nfor word in :\n    go(word)", "words = f()\nfor word in words:\n    go(word)"),
    ("def f():\n    global n = 0", "def f():\n    global n\n    n = 0"),
    ("while:\n    go()", "while True:\n    go()"),
    ("try:\n    go()\nstop()", "try:\n    go()\nexcept Exception:\n    raise\nstop()"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "statements")[0] == fixed
