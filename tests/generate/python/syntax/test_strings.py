"""Backslashes, bytes and formats."""

import pytest

CASES = [
    ('path = "C:\\Users\\eve"', 'path = r"C:\\Users\\eve"'),
    ("print(name \\n)", 'print(name + "\\n")'),
    ("print(\\n)", 'print("\\n")'),
    ("half = 7 \\ 2", "half = 7 / 2"),
    ("x = 1 + \\  \n    2", "x = 1 + \\\n    2"),
    ('data = b"naïve"', 'data = "naïve".encode()'),
    ('data = b"a" "b"', 'data = b"a" b"b"'),
    ('print("%s years" %s age)', 'print("%s years" % age)'),
    ('print("sum is + str(n) + " in all")', 'print("sum is " + str(n) + " in all")'),
    ("load(D:\\work\\a.csv)", 'load(r"D:\\work\\a.csv")'),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "strings")[0] == fixed
