"""Blocks in braces, and comments of other languages."""

import pytest

CASES = [
    ("if (n > 3) {\n    m = 2;\n} else {\n    m = 3;\n}", "if (n > 3):\n    m = 2;\nelse:\n    m = 3;\n"),
    ("function twice(n) {\n    return n * 2\n}", "def twice(n):\n    return n * 2\n"),
    ("int add(int a, int b) {\n    return a + b\n}", "def add(a, b):\n    return a + b\n"),
    ("n = 3  // the number of rows", "n = 3  # the number of rows"),
    ("const area = (w, h) => {\n    return w * h\n}", "def area(w, h):\n    return w * h\n"),
    ("if (n == 1) { go(n); }", "if (n == 1): go(n)"),
    ("// count the rows\nn = 3", "# count the rows\nn = 3"),
    ("/* the number\n * of rows */\nn = 3", "# the number\n # of rows\nn = 3"),
    ("/* the number of rows */\nn = 3", "# the number of rows\nn = 3"),
    ("def f(n):\n    if n:\n        /*return n*/\n    n += 1", "def f(n):\n    if n:\n        return n\n    n += 1"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "braces")[0] == fixed
