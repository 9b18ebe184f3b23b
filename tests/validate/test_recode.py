"""Which definitions need not run again: only what their functions do was changed."""

from __future__ import annotations

import ast

import pytest

from bestfix.validate.recode import only_bodies_differ

PLAIN = "def f(a, *, b=1):\n    return a\n"
CLASS = "class C(Base):\n    x = 1\n    def f(self):\n        return 1\n"


def definition(code: str) -> ast.stmt:
    return ast.parse(code).body[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, PLAIN.replace("return a", "return a + 1")),
        (PLAIN, PLAIN.replace("a, *", "a, c, *")),
        (CLASS, CLASS.replace("return 1", "return 2")),
    ],
)
def test_another_body_alone(before: str, after: str) -> None:
    assert only_bodies_differ(definition(before), definition(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, PLAIN.replace("f(", "g(")),
        (PLAIN, PLAIN.replace("b=1", "b=2")),
        (PLAIN, PLAIN.replace("b=1", "c=1")),
        (PLAIN, "@cached\n" + PLAIN),
        (PLAIN, "async " + PLAIN),
        (CLASS, CLASS.replace("x = 1", "x = 2")),
        (CLASS, CLASS.replace("Base", "Other")),
        (CLASS, CLASS.replace("f(self)", "g(self)")),
        (CLASS, PLAIN),
    ],
)
def test_more_than_a_body(before: str, after: str) -> None:
    assert not only_bodies_differ(definition(before), definition(after))


def test_what_a_library_hangs_on_shared_nodes_is_not_followed() -> None:
    """`executing`, by which IPython shows tracebacks, gives each node a parent, and `Load` is one for all trees."""
    shared = ast.parse("x").body[0].value.ctx
    assert shared is ast.parse("y").body[0].value.ctx
    shared.parent = _Untouchable()
    try:
        assert only_bodies_differ(definition(PLAIN), definition(PLAIN.replace("return a", "return b")))
    finally:
        del shared.parent


class _Untouchable:
    def __deepcopy__(self, memo: object) -> object:
        raise AssertionError("what hangs on a node was copied")
