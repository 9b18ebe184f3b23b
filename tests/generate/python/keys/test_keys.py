"""Keys that a dictionary does not have."""

import pytest

CASES = [
    ('d["alhpa"]', 'd["alpha"]', "d = {'alpha': 1, 'beta': 2}"),
    ("k = 'name'\nd[k]", "k = 'Name'\nd[k]", "d = {'Name': 1}"),
    ("d[1]", 'd["1"]', "d = {'1': 1}"),
    ("d[k]", "d[int(k)]", "d, k = {1: 1}, '1'"),
    ("answer['name']", "answer['user']['name']", "answer = {'user': {'name': 'Ann'}}"),
    ("counts[w] += 1", "counts[w] = counts.get(w, 0) + 1", "counts, w = {}, 'a'"),
    ("groups[k].append(1)", "groups.setdefault(k, []).append(1)", "groups, k = {}, 'a'"),
    ("t['a']['b'] = 1", "t.setdefault('a', {})['b'] = 1", "t = {}"),
    ("d[42]", "d.get(42)", "d = {}"),
    ("s.remove(3)", "s.discard(3)", "s = {1}"),
    ("'{name}'.format(nme='Ann')", "'{name}'.format(name='Ann')", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "keys", setup=setup)[0] == fixed
