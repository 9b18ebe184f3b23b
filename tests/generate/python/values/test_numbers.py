"""Text that is to become a number and is written in another way, and numbers out of bounds."""

import pytest

CASES = [
    ("import math\nmath.sqrt(-4)", "import cmath\nimport math\ncmath.sqrt(-4)", ""),
    ("float('1,234.5')", 'float(\'1,234.5\'.replace(",", ""))', ""),
    ("float('3,5')", 'float(\'3,5\'.replace(",", "."))', ""),
    ("float(price)", 'float(price.strip("$"))', "price = '$5'"),
    ("float('12%')", "float('12%'.rstrip(\"%\")) / 100", ""),
    ("int('12.0')", "int(float('12.0'))", ""),
    ("int('ff')", "int('ff', 16)", ""),
    ("float('12 kg')", "float('12 kg'.removesuffix(\" kg\"))", ""),
    ("int('1 2')", "list(map(int, '1 2'.split()))", ""),
    ("int('7'[1:])", "int('7')", ""),
    ("date(2021, 13, 1)", "date(2021, 1, 13)", "from datetime import date"),
    ("for i in range(3):\n    1 / i", "for i in range(1, 3):\n    1 / i", ""),
    ("mean = sum(xs) / len(xs)", "mean = sum(xs) / len(xs) if xs else 0", "xs = []"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "numbers", setup=setup)[0] == fixed
