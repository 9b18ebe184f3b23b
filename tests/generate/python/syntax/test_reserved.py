"""Keywords used as names."""

import pytest

CASES = [
    ('find("p", class="big")', 'find("p", class_="big")'),
    ("lambda = 0.5\ny = [lambda ** k for k in x]", "lambda_ = 0.5\ny = [lambda_ ** k for k in x]"),
    ("def pass():\n    stop()", "def pass_():\n    stop()"),
    ("global class", "global class_"),
    ("self.from = x\ny = self.from", "self.from_ = x\ny = self.from_"),
    ("for class in classes:\n    show(class)", "for class_ in classes:\n    show(class_)"),
    ("show(import)", "show(import_)"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "reserved")[0] == fixed


def test_a_column_that_is_a_keyword_can_be_reached_by_its_text(mended):
    assert 'x = df["class"]' in mended("x = df.class", "reserved")
