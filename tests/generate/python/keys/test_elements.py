"""An element taken for its field, its index, or the other way round."""

import pytest

CASES = [
    (
        (
            "def best(rows):\n"
            "    top = rows[0][1]\n"
            "    for row in rows:\n"
            "        if row[1] > top:\n"
            "            top = row[1]\n"
            "    rows.remove(top)\n"
            "    return top\n"
            "best([('a', 1), ('b', 2)])"
        ),
        (
            "def best(rows):\n"
            "    top = rows[0]\n"
            "    for row in rows:\n"
            "        if row[1] > top[1]:\n"
            "            top = row\n"
            "    rows.remove(top)\n"
            "    return top\n"
            "best([('a', 1), ('b', 2)])"
        ),
        "",
    ),
    ("for x in xs:\n    x[0]", "for x in xs:\n    x", "xs = [3, 1]"),
    (
        "i = 0\nwhile i < len(rows):\n    i[0]\n    i += 1",
        "i = 0\nwhile i < len(rows):\n    rows[i][0]\n    i += 1",
        "rows = ['ab']",
    ),
    (
        "rows[0][1], rows[1][1] = rows[1][1], rows[0][1]",
        "rows[0], rows[1] = rows[1], rows[0]",
        "rows = [(1, 2), (3, 4)]",
    ),
    ("for x in xs:\n    print(xs[x])", "for x in xs:\n    print(x)", "xs = [30, 10]"),
    ("xs.pop(max(xs))", "xs.remove(max(xs))", "xs = [30, 10]"),
    ("top = xs.pop(max(xs))", "top = xs.pop(xs.index(max(xs)))", "xs = [30, 10]"),
    ("pair > 3", "pair[1] > 3", "pair = ('a', 4)"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "elements", setup=setup)[0] == fixed
