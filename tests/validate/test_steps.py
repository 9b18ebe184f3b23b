from bestfix.core import Source
from bestfix.validate.steps import Plan, Program


def program(text: str, transform=None) -> Program:
    found = Program.of(Source("<cell>", text), transform)
    assert found is not None
    return found


def resuming(before: str, after: str, failing: int) -> Plan:
    return Plan.resuming(program(before), program(after), failing)


def test_an_edit_of_the_failing_statement_is_taken_up_there():
    assert resuming("a = 1\nb = aa\nc = 3", "a = 1\nb = a\nc = 3", 1) == Plan((), 1, 1)


def test_an_import_put_on_top_runs_first():
    assert resuming("a = 1\nnp.b", "import numpy as np\na = 1\nnp.b", 1) == Plan((0,), 2, 2)


def test_a_function_that_is_changed_above_runs_first():
    plan = resuming("def f(): return x\na = 1\nf()", "def f(): return 1\na = 1\nf()", 2)
    assert plan == Plan((0,), 2, 2)


def test_what_follows_the_first_change_can_run_too_unless_it_is_an_import():
    before, after = program("x = '1'\ny = x\ny + 1"), program("x = 1\ny = x\ny + 1")
    assert Plan.resuming(before, after, 2).from_first_change(before, after) == (Plan((), 0, 2), 0)
    after = program("import os\nx = '1'\ny = x\ny + 1")
    assert Plan.resuming(before, after, 2).from_first_change(before, after) is None


def test_a_statement_that_is_gone_leaves_the_next_one():
    assert resuming("a = 1\nb.c\nd = 2", "a = 1\nd = 2", 1) == Plan((), 1, 1)


def test_a_statement_made_of_two_starts_at_the_first():
    assert resuming("a = 1\nb.c\nd = 2", "a = 1\nb = 3\nb.c\nd = 2", 1).start == 1 + 1
    assert resuming("a = 1\nb.c\nd = 2", "a = 1\nif a:\n    b.x\nd = 2", 1) == Plan((), 1, 1)


def test_a_decorated_statement_stands_in_all_its_lines():
    found = program("x = 1\n@d\ndef f():\n    pass\ny = 2")
    assert [found.at(line) for line in (1, 2, 3, 4, 5, 6)] == [0, 1, 1, 1, 2, None]


def test_lines_are_those_of_the_text_that_the_user_wrote():
    found = program("x = 1\n%pylab\n!ls\ny = 2", lambda text: text.replace("%pylab\n!ls", "get()"))
    assert found.at(4) == 2


def test_the_flags_of_future_imports_are_kept():
    assert program("from __future__ import annotations\nx: y").flags
    assert not program("x = 1").flags
