"""What is known of the values at the place of a failure."""

import ast

import pytest

from bestfix.capture import LiveContext, report_exception
from bestfix.core import Source
from bestfix.generate.python.reading.site import Site, short

NAMES = {"xs": [10, 20, 30], "i": 2, "word": "abc", "d": {"k": [1, 2]}, "x": 1.5}


def site_of(code, namespace):
    try:
        exec(compile(code, "<cell>", "exec"), namespace)
    except TypeError as error:
        return Site.of(report_exception(error, Source("<cell>", code)), LiveContext.of(namespace, error))
    raise AssertionError(f"this runs: {code}")


@pytest.fixture(scope="module")
def site():
    return site_of("y = 1\nx + 'a'\n", dict(NAMES))


EXACT = [
    ("xs[i]", 30),
    ("xs[i - 1]", 20),
    ("xs[-1]", 30),
    ("xs[5]", None),
    ("len(xs) + 1", 4),
    ("word[i]", "c"),
    ("word[len(word)]", None),
    ("d['k'][1]", 2),
    ("d['l']", None),
    ("i // 0", None),
    ("nothing", None),
    ("f(i)", None),
    ("10 ** 100 ** 100", None),
]


@pytest.mark.parametrize(("text", "value"), EXACT)
def test_an_expression_is_worked_out_from_the_values_of_the_frame(text, value, site):
    assert site.literal(ast.parse(text, mode="eval").body) == value


def test_the_site_is_the_expression_that_failed(site):
    assert site.text(site.node) == "x + 'a'"
    assert site.statement.lineno == 2
    assert site.function is None
    assert site.kind(site.node.left) == "float"


def test_a_site_in_a_function_knows_its_parameters_and_loops():
    site = site_of("def f(rows, n=2):\n    for row in rows:\n        row + n\nf(['a'])\n", {})
    assert site.parameters() == ["rows", "n"]
    assert [site.text(loop.iter) for loop in site.loops()] == ["rows"]


def test_nothing_is_run_to_look_at_a_value():
    class Loud:
        def __getitem__(self, key):
            raise AssertionError

        __len__ = __getattr__ = __add__ = __getitem__

    site = site_of("x + 'a'", {**NAMES, "loud": Loud()})
    for text in ("loud[0]", "len(loud)", "loud.name", "loud + 1", "-loud"):
        assert site.exact(ast.parse(text, mode="eval").body) is None


def test_of_very_many_names_the_first_are_looked_through():
    site = site_of("x + 'a'", {"x": 1, **{f"name_{n}": n for n in range(100_000)}})
    assert len(site.names()) < 10_000


def test_a_site_needs_text_that_parses_and_a_place(site):
    assert Site.of(report_exception(TypeError("no traceback"), Source("<cell>", "x = 1")), site.context) is None


def test_a_long_piece_of_code_is_quoted_short():
    assert short("a  +\n b") == "`a + b`"
    assert len(short("x" * 100)) < 50
