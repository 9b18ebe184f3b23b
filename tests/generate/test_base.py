"""How repairs are registered, gated and found."""

import subprocess
import sys

import pytest

from bestfix.core import Deadline, EmptyContext, ErrorInfo, Language, Report, Source
from bestfix.generate.base import Repair, load_repairs, repair


def report(error, language=Language.PYTHON):
    return Report(language, Source("s", "x"), error)


def test_a_repair_answers_the_named_error_and_its_subclasses():
    answer = repair("LookupError")(lambda report, context: iter(()))
    python = Language.PYTHON
    assert answer.answers(python, ErrorInfo("LookupError", "").kinds())
    assert answer.answers(python, ErrorInfo("KeyError", "", ("LookupError", "Exception")).kinds())
    assert not answer.answers(python, ErrorInfo("NameError", "", ("Exception",)).kinds())
    assert not answer.answers(Language.SQL, ErrorInfo("LookupError", "").kinds())


def test_a_repair_answers_an_error_inside_a_group():
    group = ErrorInfo("ExceptionGroup", "", parts=(ErrorInfo("NameError", ""),))
    assert repair("NameError")(lambda report, context: iter(())).answers(Language.PYTHON, group.kinds())


def test_a_repair_that_takes_the_deadline_gets_it():
    def timed(report, context, deadline):
        yield deadline

    deadline = Deadline.after(1)
    registered = repair("NameError")(timed)
    assert list(registered(report(ErrorInfo("NameError", "")), EmptyContext(), deadline)) == [deadline]


def test_a_repair_without_errors_is_refused():
    with pytest.raises(TypeError, match="names of the errors"):
        repair()


def test_every_built_in_repair_loads_and_is_documented():
    repairs, failures = load_repairs()
    assert failures == ()
    assert len({r.name for r in repairs}) == len(repairs) > 0
    for found in repairs:
        assert isinstance(found, Repair)
        for part in ("Why:", "Example:", "Safety:"):
            assert part in (found.function.__doc__ or ""), f"{found.name} does not say {part}"


def test_a_failure_of_one_language_imports_no_repairs_of_another():
    script = (
        "import sys; from bestfix.core import Language; from bestfix.generate.base import load_repairs\n"
        "repairs, _ = load_repairs(Language.PYTHON)\n"
        "print(len(repairs), sum(name.startswith('bestfix.generate.sql') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    number, foreign = map(int, done.stdout.split())
    assert number > 0
    assert foreign == 0
