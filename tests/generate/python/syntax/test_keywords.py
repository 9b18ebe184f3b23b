"""Keywords misspelt, of other languages, or missing."""

import pytest

CASES = [
    ("whlie n:\n    n -= 1", "while n:\n    n -= 1"),
    ("For n in x:\n    go(n)\nFor m in x:\n    go(m)", "for n in x:\n    go(n)\nfor m in x:\n    go(m)"),
    ("from os imoprt path", "from os import path"),
    ("if a AND b:\n    go()", "if a and b:\n    go()"),
    ("ok = a nad b", "ok = a and b"),
    ("def f(n):\n    retrun n", "def f(n):\n    return n"),
    ("if a:\n    x\nelse if b:\n    y", "if a:\n    x\nelif b:\n    y"),
    ("if a:\n    x\nelsif b:\n    y", "if a:\n    x\nelif b:\n    y"),
    ("func area(r):\n    return r * r", "def area(r):\n    return r * r"),
    ("try:\n    go()\ncatch OSError:\n    stop()", "try:\n    go()\nexcept OSError:\n    stop()"),
    ('throw ValueError("n")', 'raise ValueError("n")'),
    ("let n = 3\nconst m = new Point(1)", "n = 3\nm = Point(1)"),
    ("int n = 3", "n = 3"),
    ("if n > 3\n    go()", "if n > 3:\n    go()"),
    ("for n in x;\n    go(n)", "for n in x:\n    go(n)"),
    ("while n then\n    n -= 1", "while n:\n    n -= 1"),
    ("if n go(n)", "if n: go(n)"),
    ("while True go(n)", "while True: go(n)"),
    ("n in range(3):\n    go(n)", "for n in range(3):\n    go(n)"),
    ("area(r):\n    return r * r", "def area(r):\n    return r * r"),
    ("n == 3:\n    go()", "if n == 3:\n    go()"),
    ("go(n):", "go(n)"),
    ("for for n in x: pass", "for n in x: pass"),
    ("rest = 17 mod 5", "rest = 17 % 5"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "keywords")[0] == fixed
