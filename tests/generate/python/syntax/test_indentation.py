"""Blocks that are indented wrongly, or not at all."""

import pytest

CASES = [
    ("for n in x:\ngo(n)\nstop()", "for n in x:\n    go(n)\nstop()"),
    ("def f(n):\nm = n + 1\nreturn m\nf(3)", "def f(n):\n    m = n + 1\n    return m\nf(3)"),
    (
        "class A:\ndef f(self):\n    return 1\ndef g(self):\n    return 2\na = A()",
        "class A:\n    def f(self):\n        return 1\n    def g(self):\n        return 2\na = A()",
    ),
    ("if a:\nx = 1\nelse:\n    x = 2", "if a:\n    x = 1\nelse:\n    x = 2"),
    ("with open(p) as f:\ntext = f.read()\nprint(text)", "with open(p) as f:\n    text = f.read()\nprint(text)"),
    ("class A:", "class A:\n    pass"),
    ("def f():\n    # later\n\nx = 1", "def f():\n    # later\n    pass\n\nx = 1"),
    ("def f():\ndef g():\n    return 1", "def f():\n    pass\ndef g():\n    return 1"),
    ("    x = 1\n    y = 2", "x = 1\ny = 2"),
    ("x = 1\n    y = 2\nz = 3", "x = 1\ny = 2\nz = 3"),
    ("def f():\n    a = 1\n  b = 2\n    return a", "def f():\n    a = 1\n    b = 2\n    return a"),
    ("for n in x:\n    if n:\n   go(n)\n    stop()", "for n in x:\n    if n:\n        go(n)\n    stop()"),
    (
        "def f(x):\n    if x:\n        return 1\n  else:\n        return 2",
        "def f(x):\n    if x:\n        return 1\n    else:\n        return 2",
    ),
    (
        "def f():\n    if a:\n        x = 1\n        else:\n            x = 2",
        "def f():\n    if a:\n        x = 1\n    else:\n        x = 2",
    ),
    ("def f():\n    a = 1\n\tb = 2", "def f():\n    a = 1\n    b = 2"),
    ('def f():\n    a = 1\n"""\nolder\n"""\n    return a', 'def f():\n    a = 1\n    """\nolder\n"""\n    return a'),
    ("def f(x):\n  if x:\n      return 1\n    return 2", "def f(x):\n  if x:\n      return 1\n  return 2"),
    ("y = (x\n     .a)\nz = y\n     .b()", "y = (x\n     .a)\nz = (y\n     .b())"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "indentation")[0] == fixed
