"""Heads of functions and classes, and their parameters."""

import pytest

CASES = [
    ("def start:\n    pass", "def start():\n    pass"),
    ("def area w, h:\n    return w * h", "def area(w, h):\n    return w * h"),
    ("def (n):\n    return n", "def function(n):\n    return n"),
    ('def "area"(r):\n    return r', "def area(r):\n    return r"),
    ("def f(self, self.n):\n    pass", "def f(self, n):\n    pass"),
    ('def f("n"):\n    pass', "def f(n):\n    pass"),
    ("def f(n.m):\n    pass", "def f(n, m):\n    pass"),
    ("def f(int n):\n    pass", "def f(n: int):\n    pass"),
    ("def f(*):\n    pass", "def f(*args):\n    pass"),
    ("def f(n, **):\n    pass", "def f(n, **kwargs):\n    pass"),
    ("def f(**options, n):\n    pass", "def f(n, **options):\n    pass"),
    ("def f(n=1, m):\n    pass", "def f(n=1, m=None):\n    pass"),
    ("f = lambda _, _: 1", "f = lambda _, _2: 1"),
    ("def 3d(x):\n    pass\n3d(1)", "def _3d(x):\n    pass\n_3d(1)"),
    ("x = 2\ny = 3x + 1", "x = 2\ny = 3 * x + 1"),
    ("z = 2.5i", "z = 2.5j"),
    ("r = map(lambda n: return n + 1, x)", "r = map(lambda n: n + 1, x)"),
    ("f = lambda n -> n + 1", "f = lambda n: n + 1"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "definitions")[0] == fixed
