"""Arguments in an order or form that a call does not take; stars and comprehensions."""

import pytest

CASES = [
    ('plot(color="red", x, y)', 'plot(x, y, color="red")'),
    ("f(a=1, b=2, a=1)", "f(a=1, b=2)"),
    ('join(n for n in x, ",")', 'join((n for n in x), ",")'),
    ("x = *y", "x = [*y]"),
    ("f(options=**d)", "f(**d)"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "calls")[0] == fixed
