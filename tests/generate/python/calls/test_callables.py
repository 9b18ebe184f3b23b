"""Calls of what is no function, and functions that are not called."""

import pytest

CASES = [
    ("list = [1]\nlist('ab')", "list_ = [1]\nlist('ab')", ""),
    ("str(5)", "del str\nstr(5)", "str = 'x'"),
    ("point.x()", "point.x", "class P: pass\npoint = P()\npoint.x = 3"),
    ("names(0)", "names[0]", "names = ['a']"),
    ("test(max)", "max(test)", "test = [1, 2]"),
    ("pairs = [(1, 2) (3, 4)]", "pairs = [(1, 2), (3, 4)]", ""),
    ("2(3 + 4)", "2*(3 + 4)", ""),
    ("datetime(2020, 1, 1)", "datetime.datetime(2020, 1, 1)", "import datetime"),
    ("xs.append[1]\nxs.pop[0]", "xs.append(1)\nxs.pop(0)", "xs = []"),
    ("rows = [[1]]\nlist[0][0]", "rows = [[1]]\nrows[0][0]", ""),
    ("for k, v in d.items:\n    pass", "for k, v in d.items():\n    pass", "d = {}"),
    (
        "words = text.split\nfor w in words:\n    pass",
        "words = text.split()\nfor w in words:\n    pass",
        "text = 'a b'",
    ),
    ("first = word.split[0]", "first = word.split()[0]", "word = 'a b'"),
    ("len(word.split)", "len(word.split())", "word = 'a b'"),
    ("length = 4\nlen // 2", "length = 4\nlength // 2", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "callables", setup=setup)[0] == fixed
