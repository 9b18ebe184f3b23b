"""Characters that look like Python's own, and invisible ones."""

import pytest

CASES = [
    ("print(“hi”, ‘there’)", "print(\"hi\", 'there')"),
    ("print(“it's”)", 'print("it\'s")'),
    ("if x ≤ 3 and y ≠ 4: pass", "if x <= 3 and y != 4: pass"),
    ("y = 2 × x − 1", "y = 2 * x - 1"),
    ("print（x，y）", "print(x,y)"),
    ("x\xa0=\xa03", "x = 3"),
    ("x =\u200b 3", "x = 3"),
    ("share = ¾", "share = 0.75"),
    ("size = 2½", "size = 2.5"),
    ("area = r²", "area = r**2"),
    ("print(´hi´)", "print('hi')"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "lookalikes")[0] == fixed


def test_strings_and_comments_keep_their_characters(mended):
    assert mended("x = “a” + 'b – c'  # – d", "lookalikes")[0] == "x = \"a\" + 'b – c'  # – d"
