"""Warnings of the compiler are not heard, and nobody else's filters are exchanged."""

import ast
import threading
import warnings

import pytest

from bestfix.lang.python import compiles, parsed
from bestfix.lang.python.quiet import quietly
from bestfix.lang.python.scope import unresolved

WARNED = "x = '\\d' if 1 is 1 else 1if 2 else 0"


@pytest.mark.parametrize("action", ["error", "always", "default"])
def test_a_warning_is_neither_raised_nor_shown(action, recwarn):
    warnings.simplefilter(action)
    assert compiles(WARNED + f"  # {action}") is None
    assert parsed(WARNED + f"  # {action}") is not None
    assert unresolved(WARNED + f"  # {action}") == frozenset()
    assert not recwarn.list


def test_warnings_of_others_are_heard_as_before():
    quietly(lambda name: ast.parse(WARNED, name))
    with pytest.warns(SyntaxWarning, match="is"):
        compile("1 is 1", "<user>", "exec")


def test_one_filter_is_added_once():
    before = list(warnings.filters)
    for number in range(5):
        compiles(WARNED + f"  # {number}")
    assert [entry for entry in warnings.filters if entry not in before] == list(warnings.filters[:1])
    assert warnings.filters.count(warnings.filters[0]) == 1


def test_a_syntax_error_is_raised_as_it_is_and_has_its_file_name():
    with pytest.raises(SyntaxError) as caught:
        quietly(lambda name: ast.parse("x = (", name))
    assert caught.value.filename == "<bestfix>"
    assert compiles("x = (", name="mine.py").filename == "mine.py"


def test_threads_that_exchange_the_filters_neither_break_it_nor_lose_their_own(recwarn):
    stop = threading.Event()

    def exchange():
        while not stop.is_set():
            with warnings.catch_warnings():
                warnings.simplefilter("error")

    before = [entry for entry in warnings.filters if entry[0] == "error"]
    other = threading.Thread(target=exchange)
    other.start()
    try:
        for number in range(3_000):
            assert compiles(f"{WARNED}  # {number}", name="<raced>") is None
    finally:
        stop.set()
        other.join()
    assert [entry for entry in warnings.filters if entry[0] == "error"] == before
    assert not recwarn.list
