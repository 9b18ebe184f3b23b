"""Operators of other languages, and operators confused with each other."""

import pytest

CASES = [
    ("if a && b && c: pass", "if a and b and c: pass"),
    ("if a||b: pass", "if a or b: pass"),
    ("if n =< 3: pass", "if n <= 3: pass"),
    ("if n === 3: pass", "if n == 3: pass"),
    ("if n !== 3: pass", "if n != 3: pass"),
    ("if n <> 3: pass", "if n != 3: pass"),
    ("total + = n", "total += n"),
    ("if !ready: pass", "if not ready: pass"),
    ("if n = 3 or n = 4: pass", "if n == 3 or n == 4: pass"),
    ("while (line = read()): pass", "while (line == read()): pass"),
    ("count++", "count += 1"),
    ("count--\nx = 1", "count -= 1\nx = 1"),
    ("sign = n > 0 ? 1 : -1", "sign = 1 if n > 0 else -1"),
    ('show(n > 1 ? "s" : "")', 'show("s" if n > 1 else "")'),
    ("head->next = tail", "head.next = tail"),
    ("r = map(n => n * 2, x)", "r = map(lambda n: n * 2, x)"),
    ("r = reduce((a, b) => a + b, x)", "r = reduce(lambda a, b: a + b, x)"),
    ("n := 3", "n = 3"),
    ("x = [1; 2; 3]", "x = [1, 2, 3]"),
    ("print(n += 1)", "print(n + 1)"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "operators")[0] == fixed


def test_a_keyword_argument_in_a_condition_is_no_comparison(mended):
    assert mended("if f(a=1) = 3: pass", "operators")[0] == "if f(a=1) == 3: pass"
