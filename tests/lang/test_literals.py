"""An edit of what a literal says is an edit of how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.core import Edit, Patch
from bestfix.lang.python import parsed
from bestfix.lang.python.literals import literal_of

CODES = [
    r'q("SELECT \"a b\" FROM t")',
    "q(r'a\\d+ b')",
    'q("""SELECT\n  "x y"\nFROM t""")',
    "q(f\"SELECT {a} FROM {b!r} WHERE x = '{c}' {{x}}\")",
    'q("SELECT a " + t + " FROM x")',
    'q("SEL" \\\n  "ECT a")',
    'q("""a\\\nb""")',
    'q("\\x41\\n\\u00e9é")',
    'q((\n "SELECT a "  # why\n  f"FROM {t} "\n "WHERE x"))',
]


def literal(code):
    tree = parsed(code)
    return literal_of(tree, tree.root.body[0].value.args[0]) if tree else None


def test_what_literals_say():
    assert literal(CODES[0]).value == 'SELECT "a b" FROM t'
    assert literal(CODES[3]).value == "SELECT {{ a }} FROM {{ … }} WHERE x = '{{ c }}' {x}"
    assert literal(CODES[4]).value == "SELECT a {{ t }} FROM x"
    assert literal(CODES[5]).value == "SELECT a"
    assert literal(CODES[7]).value == "A\néé"
    assert literal("q(1)") is None
    assert literal("q(t)") is None


def test_expressions_are_filled_in_from_what_was_sent():
    filled = literal(CODES[8]).filled("SELECT a FROM orders WHERE x")
    assert filled.value == "SELECT a FROM orders WHERE x"
    assert filled.edits(Edit(7, 8, "b")) == (Edit(CODES[8].index("a "), CODES[8].index("a ") + 1, "b"),)
    assert filled.edits(Edit(14, 20, "customers")) is None
    assert literal(CODES[8]).filled("SELECT b FROM orders WHERE x") is None


@given(st.sampled_from(CODES), st.data(), st.sampled_from(["", "x", '"a"', "'", "\\", "\n", "{}", '"' * 3, "é"]))
def test_edits_give_what_they_say(code, data, text):
    before = literal(code)
    start = data.draw(st.integers(0, len(before.value)))
    edit = Edit(start, data.draw(st.integers(start, min(start + 6, len(before.value)))), text)
    edits = before.edits(edit)
    if edits is None:
        return
    after = literal(Patch("q", edits).apply(code))
    if after is not None:
        assert after.value == Patch("q", (edit,)).apply(before.value)


@pytest.mark.parametrize(("code", "at", "text", "expected"), [
    ('q("ab")', 1, '"', 'q("a\\"b")'),
    ("q('ab')", 1, '"', "q('a\"b')"),
    ('q("""ab""")', 1, '"', 'q("""a"b""")'),
    ('q("""ab""")', 2, '"', 'q("""ab\\"""")'),
    ('q("ab")', 1, "\n", 'q("a\\nb")'),
    ('q(f"ab")', 1, "{", 'q(f"a{{b")'),
])  # fmt: skip
def test_how_text_is_written(code, at, text, expected):
    assert Patch("q", literal(code).edits(Edit.insert(at, text))).apply(code) == expected
