"""What checking a candidate finds without running it."""

import pytest

from bestfix.capture.exception import report_exception, report_syntax
from bestfix.capture.namespace import LiveContext
from bestfix.core import Candidate, Edit, Outcome, Source
from bestfix.validate import static


def verdict(code, old, new, namespace=None):
    """Run `code`, replace the first `old` in it by `new`, and check that."""
    source = Source("<cell>", code)
    namespace = {} if namespace is None else namespace
    failure = None
    try:
        exec(compile(code, "<cell>", "exec"), namespace)
    except SyntaxError:
        report = report_syntax(source)
    except Exception as error:  # noqa: BLE001 - the failure is the purpose
        failure = error
        report = report_exception(error, source)
    context = LiveContext.of(namespace, failure)
    at = code.index(old)
    candidate = Candidate.edit(source, Edit(at, at + len(old), new), reason="because")
    return static.check(report, context, candidate, source, candidate.patch.apply(code))


LONG = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(300))


@pytest.mark.parametrize("start", ["", LONG])
@pytest.mark.parametrize(
    ("code", "old", "new", "outcome"),
    [
        ("print(reslt)", "reslt", "len", Outcome.UNVERIFIED),
        ("print(reslt)", "reslt", "len(", Outcome.BROKEN),
        ("print(reslt)", "reslt", "resulted", Outcome.BROKEN),
        ("print(reslt)", "print(reslt)", "import math\nprint(math)", Outcome.UNVERIFIED),
        ("x = reslt\ny = 1", "y = 1", "y = 2", Outcome.BROKEN),
        ("'a'.uper()", "uper", "upper", Outcome.UNVERIFIED),
        ("'a'.uper()", "uper", "supper", Outcome.BROKEN),
        ("1 / 0\nreturn_ = 2", "0", "2", Outcome.UNVERIFIED),
    ],
)
def test_outcomes(start, code, old, new, outcome):
    assert verdict(start + code, old, new).outcome is outcome


def test_a_name_that_is_read_twice_must_be_defined_twice():
    found = verdict("print(reslt + reslt)", "reslt", "1")
    assert found.outcome is Outcome.BROKEN
    assert found.recurs
    assert found.notes == ("'reslt' is still not defined",)


def test_taking_a_definition_away_is_noticed():
    found = verdict("def f():\n    size = 1\n    return size / 0\n\nf()", "size", "sizes")
    assert found.unresolved == ("size",)
    assert found.outcome is Outcome.BROKEN


def test_a_syntax_fix_may_use_a_name_that_nothing_defines_and_the_verdict_says_so():
    found = verdict("print(1", "print(1", "show(1)")
    assert found.outcome is Outcome.UNVERIFIED
    assert found.unresolved == ("show",)
    assert found.notes == ("'show' is not defined",)


def test_an_object_that_answers_every_attribute_is_not_judged():
    class Answers:
        def __getattr__(self, name):
            raise AttributeError(name, name=name, obj=self)

    assert verdict("a.uper", "uper", "supper", {"a": Answers()}).outcome is Outcome.UNVERIFIED
