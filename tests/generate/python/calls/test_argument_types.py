"""Arguments of a class that a function does not take."""

import pytest

CASES = [
    ("re.findall('5', 5)", "re.findall('5', str(5))", "import re"),
    ("f.write(5)", "f.write(str(5))", "import io\nf = io.TextIOWrapper(io.BytesIO())"),
    ("3 in '345'", "str(3) in '345'", ""),
    ("math.sqrt('16')", "math.sqrt(int('16'))", "import math"),
    ("sum('1 2'.split())", "sum(map(int, '1 2'.split()))", ""),
    ("b'a,b'.split(',')", "b'a,b'.split(b',')", ""),
    ("hashlib.md5(text)", "hashlib.md5(text.encode())", "import hashlib\ntext = 'a'"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "argument_types", setup=setup)[0] == fixed
