"""When a text counts as right."""

import pytest

from bestfix.core import Language
from bestfix.evaluate.cases import Case
from bestfix.evaluate.checks import TEXT_CHECKS, token_distance
from bestfix.lang.python.lexical import lexical


def case(*fixed, code="x", **check):
    return Case("c", "s", Language.PYTHON, code, False, "", "", {"check": check}, fixed, ("exact-ast",), "A")


@pytest.mark.parametrize(
    ("method", "text", "right"),
    [
        ("exact-ast", "print( 1 )  # note", True),
        ("exact-ast", "print(2)", False),
        ("exact-ast", "print(", False),
        ("exact-lex", "show(2)", True),
        ("exact-lex", "show(2, 3)", False),
        ("parses", "anything", True),
        ("parses", "any thing", False),
        ("parses", "", False),
    ],
)
def test_text_checks(method, text, right):
    assert TEXT_CHECKS[method](case("print(1)"), text) is right


def test_contains_any_looks_through_white_space():
    assert TEXT_CHECKS["contains-any"](case(any_of=["len(text)"]), "len( text )")


def test_lexical_abstracts_names_numbers_and_strings():
    text = "if x1 == 3.5:  # why\n\n    say('hi')\n"
    assert " ".join(lexical(text)) == "if NAME == NUMBER : NEWLINE INDENT NAME ( STRING ) NEWLINE DEDENT"
    assert lexical("x = 1") == lexical("y = 2\n") == ("NAME", "=", "NUMBER")
    assert lexical("x = (") is None


def test_token_distance_counts_tokens():
    assert token_distance("a b c", "a c") == 1
    assert token_distance("print(x", "print(x)") == 1
