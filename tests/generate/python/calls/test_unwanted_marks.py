"""Quotes around a number, stars before a value."""

import pytest

SETUP = "import numpy as np\nfrom decimal import Decimal\nages = [1, 2]"


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("np.zeros((3, '5'))", "np.zeros((3, 5))"),
        ("range('5')", "range(5)"),
        ("ages['1']", "ages[1]"),
        ("-'1.5'", "-1.5"),
        ("min(**ages)", "min(ages)"),
        ("Decimal(**'0')", "Decimal('0')"),
        ("print(*3)", "print(3)"),
        ("int(['3'])", "int('3')"),
    ],
)
def test_the_mark_is_taken_away(repaired, code, fixed):
    assert repaired(code, "unwanted_marks", setup=SETUP)[0] == fixed


def test_text_that_is_no_number_stays(repaired):
    assert repaired("range('five')", "unwanted_marks", setup=SETUP) == []
