"""Keys and members of sets that cannot be hashed, and values that cannot change."""

import pytest

CASES = [
    ("seen.add([1, 2])", "seen.add((1, 2))", "seen = set()"),
    ("{[1]: 2}", "{(1,): 2}", ""),
    ("d[key]", "d[tuple(key)]", "d, key = {}, [1]"),
    ("set([set()])", "set([frozenset()])", ""),
    ("set(rows)", "set(map(tuple, rows))", "rows = [[1]]"),
    ("word[0] = 'W'", "word = word[:0] + 'W' + word[1:]", "word = 'word'"),
    ("del word[i]", "word = word[:i] + word[i + 1:]", "word, i = 'word', 2"),
    ("pair = (1, 2)\npair[0] = 3", "pair = [1, 2]\npair[0] = 3", ""),
    ("range(4)[2] = 1", "list(range(4))[2] = 1", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "hashing", setup=setup)[0] == fixed
