"""The search with every slip and the learned model: what it finds first, that all of it compiles, and in time."""

import textwrap
import time
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestfix.capture.exception import report_syntax
from bestfix.core import Applicability, Deadline, EmptyContext, Source
from bestfix.generate.python.syntax.base import Broken
from bestfix.generate.python.syntax.search import load_slips, search, syntax_error
from bestfix.lang.python import compiles

SOUND = textwrap.dedent(
    '''
    import math

    class Shape:
        """A shape."""

        def __init__(self, sides, *, name="none"):
            self.sides = [float(s) for s in sides]
            self.name = name

        def area(self):
            if len(self.sides) == 2:
                a, b = self.sides
                return a * b
            elif not self.sides:
                raise ValueError(f"no sides: {self.name!r}")
            return math.prod(self.sides[:-1]) + 1

    shapes = {"one": Shape([1, 2]), "two": Shape((3, 4), name="x")}
    for key, shape in sorted(shapes.items()):
        print(key, shape.area(), end="\\n")
    %matplotlib inline
    '''
).lstrip()


def candidates(code):
    report = report_syntax(Source("<cell>", code))
    found = list(syntax_error(report, EmptyContext(), Deadline.never()))
    return [(candidate, candidate.patch.apply(code)) for candidate in found]


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("total = sum([1, 2, 3]\nprint(total)\n", "total = sum([1, 2, 3])\nprint(total)\n"),
        ("values = [1, 2, 3\nprint(values)\n", "values = [1, 2, 3]\nprint(values)\n"),
        ("for i in range(3)\n    print(i)\n", "for i in range(3):\n    print(i)\n"),
        ("ages = {'ann': 3 'bob': 4}\n", "ages = {'ann': 3, 'bob': 4}\n"),
        ("x = max(1, 2))\n", "x = max(1, 2)\n"),
        ("def area(w, h):\nreturn w * h\n", "def area(w, h):\n    return w * h\n"),
        ("if x = 3:\n    pass\n", "if x == 3:\n    pass\n"),
        ("for i range(3):\n    pass\n", "for i in range(3):\n    pass\n"),
    ],
)
def test_the_likeliest_fix_comes_first(broken, fixed):
    assert candidates(broken)[0][1] == fixed


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("if x > 4:\n    y = 1\nelse if x:\n    y = 2\n", "if x > 4:\n    y = 1\nelif x:\n    y = 2\n"),
        ("y = max(a, b\n\nfor i in range(3):\n    print(i)\n", "y = max(a, b)\n\nfor i in range(3):\n    print(i)\n"),
        ("y = max(a, b\nif y:\n    print(y)\n", "y = max(a, b)\nif y:\n    print(y)\n"),
    ],
)
def test_the_next_statement_shows_where_one_ends(broken, fixed):
    assert candidates(broken)[0][1] == fixed


def test_no_fix_makes_an_escape_of_plain_code():
    broken = "x = 1\n/* used below */\nprint(x)\n"
    assert "x = 1\n/used below */\nprint(x)\n" not in [f.whole for f in search(broken, load_slips(), Deadline.never())]


def test_several_errors_are_mended_together():
    broken = "def f(a, b)\n    return max(a, b\n\nx = f(1, 2)\nif x = 3\n    print x\n"
    fixed = "def f(a, b):\n    return max(a, b)\n\nx = f(1, 2)\nif x == 3:\n    print(x)\n"
    assert candidates(broken)[0][1] == fixed


def test_priors_are_probabilities_in_order_and_reasons_one_line():
    found = [candidate for candidate, _ in candidates("print((1, 2)\nx = [3\n")]
    priors = [candidate.prior for candidate in found]
    assert priors == sorted(priors, reverse=True)
    assert 0 < sum(priors) <= 1
    assert all(candidate.reason and "\n" not in candidate.reason for candidate in found)


def test_an_invented_name_is_unsafe():
    invented = [c for c, text in candidates("total = \n") if text.split() == ["total", "=", "value"]]
    assert invented
    assert invented[0].patch.applicability is Applicability.UNSAFE


def test_prose_leaves_something_that_compiles():
    found = candidates("Dear all, here is what I did:\nx = 1\n((( and it ]] fails !! at 3rd line\n\ty = 2\n")
    assert found
    assert all(compiles(text) is None for _, text in found)


def test_a_long_cell_is_mended_where_it_is_broken():
    block = SOUND.replace("%matplotlib inline\n", "")
    text = block * 40 + "def last(a, b:\n    return a\n" + block * 5
    started = time.perf_counter()
    [first, *_] = candidates(text)
    assert first[1] == text.replace("def last(a, b:", "def last(a, b):")
    assert len(first[0].patch.edits) == 1
    assert time.perf_counter() - started < 5


def test_errors_far_apart_in_a_long_cell_are_both_mended():
    block = SOUND.replace("%matplotlib inline\n", "")
    text = "x = [1, 2\ny = 3\n" + block * 8 + "for i in x\n    print(i)\n"
    fixed = "x = [1, 2]\ny = 3\n" + block * 8 + "for i in x:\n    print(i)\n"
    assert candidates(text)[0][1] == fixed


@pytest.mark.parametrize("each", load_slips(), ids=lambda each: each.name)
def test_every_slip_is_documented(each):
    assert all(part in (each.function.__doc__ or "") for part in ("Why:", "Example:", "Safety:"))


mutilations = st.lists(
    st.tuples(
        st.integers(0, len(SOUND) - 1),
        st.integers(0, 3),
        st.sampled_from(["", "", "(", "]", "'", '"""', ":", "\n", "\t", "é"]),
    ),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(mutilations)
def test_mutilated_code_gives_what_compiles_in_time(cuts):
    text = SOUND
    for at, length, new in cuts:
        text = text[:at] + new + text[at + length :]
    error = compiles(text)
    if error is None:
        assert search(text, load_slips(), Deadline.after(1)) == []
        return
    started = time.perf_counter()
    found = search(text, load_slips(), Deadline.after(0.3))
    assert time.perf_counter() - started < 4
    assert all(each.whole != text for each in found)
    assert found == [] or compiles(found[0].whole) is None


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab1 \n\t()[]{}:,.'\"=#\\%!?+-", max_size=40))
def test_slips_never_raise(text):
    error = compiles(text)
    if error is not None:
        broken = Broken.of(text, error)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for each in load_slips():
                for move in each(broken):
                    assert 0 <= move.p <= 1
                    move.apply(text)


@pytest.mark.parametrize(
    "text",
    [
        "this is not code at all\n" * 400,
        "the quick brown fox " * 300,
        ")" * 300,
        "(" * 250 + "1",
        'x = """abc\n' + "y = 1\n" * 500,
        "x = 1\0\ny = (",
        "x = [" + '{"a": 1, "b": [1, 2, 3]}, ' * 500 + '{"c" 3}]',
        "x = (1\n" + "def g(a):\n    return a\n" * 6000,
    ],
    ids=["prose", "words", "closed", "deep", "quote", "null", "one line", "too long"],
)
def test_hopeless_and_huge_texts_end_in_time(text):
    error = compiles(text)
    assert error is not None
    started = time.perf_counter()
    found = list(syntax_error(report_syntax(Source("<cell>", text)), EmptyContext(), Deadline.after(1)))
    assert time.perf_counter() - started < 4
    assert all(candidate.prior <= 1 for candidate in found)
