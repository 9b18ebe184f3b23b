"""Brackets whose right place the layout of the lines shows."""

import pytest

CASES = [
    ("show(len(x[0]\ny = 3", "show(len(x[0]))\ny = 3"),
    ("if f(n, g(m:\n    go()", "if f(n, g(m)):\n    go()"),
    ("x = [\n    1,\n    2,\n", "x = [\n    1,\n    2,\n]\n"),
    ("x = [1, 2)", "x = [1, 2]"),
    ("f(x[1)", "f(x[1])"),
    ('".".join([n for n in x)]', '".".join([n for n in x])'),
    (
        "def f(n: List<int>) -> Dict<str, List<int>>:\n    pass",
        "def f(n: List[int]) -> Dict[str, List[int]]:\n    pass",
    ),
    ("for n in x(1:):\n    go(n)", "for n in x[1:]:\n    go(n)"),
    ("for n in range(1:4):\n    go(n)", "for n in range(1, 4):\n    go(n)"),
    ("d[key = 3", "d[key] = 3"),
    ("d[x[0] += 1", "d[x[0]] += 1"),
    ("y = x[:i] + [j:]", "y = x[:i] + x[j:]"),
    ("if f(len(x: go()", "if f(len(x)): go()"),
    ("def f(n: int, m: int -> int:\n    return n", "def f(n: int, m: int) -> int:\n    return n"),
    ("f(1))\ng(2))\nh(3))", "f(1)\ng(2)\nh(3)"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "brackets")[0] == fixed
