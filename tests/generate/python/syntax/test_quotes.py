"""Quotes that are missing, of the wrong kind, or nested."""

import pytest

CASES = [
    ('print("ready)', 'print("ready")'),
    ('save(row["name])', 'save(row["name"])'),
    ('if word == "yes:\n    go()', 'if word == "yes":\n    go()'),
    ("if grade == 'A\":\n    go()", "if grade == 'A':\n    go()"),
    ("text = 'it doesn't matter'", 'text = "it doesn\'t matter"'),
    ("text = 'it doesn't say \"no\"'", "text = 'it doesn\\'t say \"no\"'"),
    ('f"{user["name"]} is {user["age"]}"', "f\"{user['name']} is {user['age']}\""),
    ('text = "they say "well done" to all"', "text = \"they say 'well done' to all\""),
    ("age = int(input(how old are you? '))", "age = int(input('how old are you? '))"),
    ('folder = "temp\\"', 'folder = "temp\\\\"'),
    ('city = "Rome"\nprint("city, city)', 'city = "Rome"\nprint("city", city)'),
    ('total = 3\nprint(total")', "total = 3\nprint(total)"),
    ('total = 3\nx = "total', "total = 3\nx = total"),
    ('def f():\n    """Add one.\n    return 1', 'def f():\n    """Add one."""\n    return 1'),
    ('text = """one\ntwo""', 'text = """one\ntwo"""'),
    ('text = "one\ntwo"', 'text = """one\ntwo"""'),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "quotes")[0] == fixed
