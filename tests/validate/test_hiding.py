import pytest

from bestfix.capture import report_exception
from bestfix.core import Patch, Source
from bestfix.validate.hiding import hides


def hidden(before: str, after: str, space: dict[str, object] | None = None) -> bool:
    source = Source("<cell>", before)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each case has its own error
        exec(compile(before, "<cell>", "exec"), space or {})
    report = report_exception(caught.value, source)
    return hides(report, Patch.between(before, after, source="<cell>"), after)


@pytest.mark.parametrize(
    "after",
    [
        "x = 1\nprint(x)",
        "x = 1\npass\nprint(x)",
        "x = 1\n# y = x.foo()\nprint(x)",
        "x = 1\ntry:\n    y = x.foo()\nexcept Exception:\n    pass\nprint(x)",
        "x = 1\ntry:\n    y = x.foo()\nexcept AttributeError as error:\n    print(error)\nprint(x)",
        "import contextlib\nx = 1\nwith contextlib.suppress(AttributeError):\n    y = x.foo()\nprint(x)",
    ],
)
def test_a_fix_that_only_hides_the_error_is_known(after):
    assert hidden("x = 1\ny = x.foo()\nprint(x)", after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\ny = x.foo()\nprint(x)", "x = 1\ny = x.bit_length()\nprint(x)"),
        ("d = {}\nprint(d['a'])", "d = {}\nprint(d.get('a'))"),
        ("d = {}\nv = d['a']", "d = {}\nif 'a' in d:\n    v = d['a']"),
        ("v = int('x')", "try:\n    v = int('x')\nexcept ValueError:\n    v = 0"),
        ("try:\n    1\nexcept ValueError:\n    pass\nfoo", "try:\n    1\nexcept ValueError:\n    pass\nfoo = 1"),
        ("a = [1]\nprint(a[1], 2)", "a = [1]\nprint(a[0], 2)"),
    ],
)
def test_a_fix_that_changes_what_failed_does_not_hide_it(before, after):
    assert not hidden(before, after)
