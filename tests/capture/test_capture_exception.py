"""Live exceptions become reports that name the exact place in the user's text."""

import ast
import asyncio
import importlib
import sys

import pytest

from bestfix.capture import LiveContext, Origins, failing_frame, report_exception
from bestfix.core import Source


def run(code, namespace=None, name="<cell>"):
    """Run code that fails; return the exception."""
    try:
        exec(compile(code, name, "exec"), {} if namespace is None else namespace)
    except BaseException as error:  # noqa: BLE001 - any error is a case
        return error
    raise AssertionError("the code did not fail")


def report(code, **kwargs):
    return report_exception(run(code), Source("<cell>", code), **kwargs)


def innermost(found):
    source, span, lineno = found.innermost
    return span and span.of(source.text), lineno


@pytest.mark.parametrize(
    ("code", "text", "lineno"),
    [
        ("x = 1\nüber = 'ä', x.foo", "x.foo", 2),
        ("f = lambda v: v.foo\nf(1)", "v.foo", 1),
        ("def g():\n    yield 1\n    yield [].foo\nlist(g())", "[].foo", 3),
        ("[int(v) for v in ['1', 'a']]", "int(v)", 1),
        ("sorted([1, 'a'])", "sorted([1, 'a'])", 1),
        ("class C:\n    x = missing", "missing", 2),
        ("import functools\n@functools.cache\ndef f(n):\n    return n + ''\nf(1)", "n + ''", 4),
        ("exec('1 / 0')", "exec('1 / 0')", 1),
        ("eval('a b')", "eval('a b')", 1),
        ("import ast\nast.literal_eval('1 +')", "ast.literal_eval('1 +')", 2),
        ("compile('x =', 'f', 'exec')", "compile('x =', 'f', 'exec')", 1),
        ("import asyncio\nasync def f():\n    return nope\nasyncio.run(f())", "nope", 3),
        ("raise ValueError('x')", "raise ValueError('x')", 1),
        ("x = 1\r\nif x:\r\n    y = 'é' + x\r\n", "'é' + x", 3),
        ("\ttry:\n\t\t1/0\n\tfinally:\n\t\t{}['k']".replace("\t", "  ").replace("  try", "if 1:\n  try"), "{}['k']", 5),
    ],
)
def test_the_failing_expression(code, text, lineno):
    assert innermost(report(code)) == (text, lineno)


def test_type_message_bases_and_details():
    error = report("import math\nmath.sqr(2)").error
    assert (error.type, error.message) == ("AttributeError", "module 'math' has no attribute 'sqr'")
    assert error.details["name"] == "sqr"
    assert error.bases == ("Exception", "BaseException", "object")
    assert error.traceback.splitlines()[0] == "Traceback (most recent call last):"


@pytest.mark.parametrize(("code", "key"), [("{}['a']", "'a'"), ("{}[3]", "3"), ("{}[(1, 'b')]", "(1, 'b')")])
def test_a_missing_key_is_a_detail(code, key):
    error = report(code).error
    assert (error.message, error.details["key"]) == (key, key)


def test_causes_are_followed_and_suppressed_ones_are_not():
    chained = report("try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e").error
    assert (chained.cause.type, chained.cause.lineno, chained.cause.cause) == ("KeyError", 2, None)
    assert report("try:\n    1/0\nexcept ZeroDivisionError:\n    nope").error.cause.type == "ZeroDivisionError"
    assert report("try:\n    1/0\nexcept ZeroDivisionError:\n    raise ValueError from None").error.cause is None


def test_a_cycle_of_causes_ends():
    first, second = ValueError("1"), ValueError("2")
    first.__cause__, second.__cause__ = second, first
    assert report_exception(first, Source("<cell>", "")).error.cause.cause.message == "1"


def test_the_part_of_a_group_that_the_users_code_raised_is_the_error():
    code = (
        "def part(x):\n    return x.foo\n"
        "errors = [OSError('library')]\n"
        "try:\n    part(1)\nexcept AttributeError as e:\n    errors.append(ExceptionGroup('inner', [e]))\n"
        "raise ExceptionGroup('all', errors)"
    )
    found = report(code)
    assert (found.error.type, found.error.group.type) == ("AttributeError", "ExceptionGroup")
    assert [part.type for part in found.error.group.parts] == ["OSError", "ExceptionGroup"]
    assert innermost(found) == ("x.foo", 2)
    assert failing_frame(run(code), Origins(Source("<cell>", code))).f_code.co_name == "part"


def test_task_groups():
    code = (
        "import asyncio\nasync def a():\n    return oops\n"
        "async def main():\n    async with asyncio.TaskGroup() as g:\n        g.create_task(a())\nasyncio.run(main())"
    )
    found = report(code)
    assert (found.error.type, innermost(found)) == ("NameError", ("oops", 3))


def test_recursion_keeps_the_innermost_frames_in_no_time():
    found = report("def f(n):\n    return f(n + 1)\nf(0)")
    assert found.error.is_a("RecursionError")
    assert len(found.error.frames) == 200
    assert innermost(found) == ("f(n + 1)", 2)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module of the user's and make it importable."""

    def write(text, name="own_helper"):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8", newline="")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        importlib.invalidate_caches()
        return str(tmp_path / f"{name}.py")

    return write


def test_a_helper_module_is_a_source_and_the_library_is_not(module):
    path = module("import json\n\ndef load(text):\n    return json.loads(txt)\n")
    found = report("import own_helper\nown_helper.load('{')")
    assert [frame.source for frame in found.error.frames] == ["<cell>", path]
    assert innermost(found) == ("txt", 4)
    assert found.others[path].text.startswith("import json")
    module("import json\n\ndef load(text):\r\n    return json.loads(text)\r\n")
    assert innermost(report("import own_helper\nown_helper.load('{')")) == ("json.loads(text)", 4)


def test_a_syntax_error_in_an_imported_module_fails_that_module(module):
    path = module("def f(:\n    pass\n")
    found = report("import own_helper\n")
    assert (found.failing.name, found.error.lineno, found.innermost[0].name) == (path, 1, path)
    assert found.others["<cell>"].text == "import own_helper\n"


def test_a_syntax_error_of_a_string_is_a_run_time_error():
    found = report("x = 1\neval('1 +')")
    assert found.failing.text == "x = 1\neval('1 +')"
    assert (found.error.type, found.error.lineno) == ("SyntaxError", 2)


def test_code_that_does_not_compile():
    code = "x = [1, 2\ny = 3"
    with pytest.raises(SyntaxError) as caught:
        ast.parse(code)
    found = report_exception(caught.value, Source("<cell>", code))
    assert (found.error.type, found.error.message, found.error.frames) == ("SyntaxError", "'[' was never closed", ())


class Hostile:
    """Every hook raises."""

    def _fail(self, *args):
        raise RuntimeError("a hook was run")

    __str__ = __repr__ = __getattribute__ = __eq__ = __hash__ = __len__ = __iter__ = __bool__ = __dir__ = _fail


class BadError(Exception):
    """Spoofs what it can."""

    __class__ = property(lambda self: int)
    args = property(lambda self: 1 / 0)
    __cause__ = property(lambda self: 1 / 0)
    __traceback__ = property(lambda self: 1 / 0)
    __dict__ = property(lambda self: 1 / 0)

    def __str__(self):
        raise AssertionError("the user's __str__ was run")

    def __getattr__(self, name):
        raise AssertionError("the user's __getattr__ was run")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ValueError(Hostile()), "<Hostile>"),
        (lambda: KeyError(Hostile()), "<Hostile>"),
        (lambda: ValueError("a", Hostile()), "'a', <Hostile>"),
        (lambda: BadError("said"), "said"),
        (lambda: ValueError("x" * 3_000_000), "x" * 10_000),
        (ValueError, ""),
        (lambda: OSError(2, "No such file", "a.txt"), "[Errno 2] No such file: 'a.txt'"),
        (lambda: KeyError([Hostile()]), "<list>"),
        (
            lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
            "'utf-8' codec can't decode byte 0xff in position 0: bad",
        ),
        (lambda: ValueError("\ud800"), "\ud800"),
    ],
)
def test_messages_are_bounded_and_run_nothing(make, message):
    code = "raise make()"
    found = report_exception(run(code, {"make": make}), Source("<cell>", code))
    assert found.error.message == message
    assert found.error.frames[0].lineno == 1


def test_a_comprehension_sees_the_names_of_its_function():
    code = "def f():\n    data, other = [1], 2\n    return [dat + x for x in data]\nf()"
    error = run(code)
    frame = failing_frame(error, Origins(Source("<cell>", code)))
    context = LiveContext.of({}, error, frame=frame)
    assert {"data", "other"} <= set(context.local_names())
    assert context.value("other").literal() == 2


def test_locals_of_a_users_mapping_are_left_alone():
    class Space(dict):
        def __getitem__(self, key):
            return dict.__getitem__(self, key)

        def items(self):
            raise AssertionError("the user's items was run")

    code = "x = nothing_there"
    with pytest.raises(NameError) as caught:
        exec(compile(code, "<cell>", "exec"), {}, Space())
    frame = failing_frame(caught.value, Origins(Source("<cell>", code)))
    assert LiveContext.of({}, caught.value, frame=frame).local_names() == set()


def test_generators_and_coroutines_that_are_closed_have_frames():
    async def main():
        async for _ in agen():
            pass

    async def agen():
        yield 1
        raise LookupError("end")

    with pytest.raises(LookupError) as caught:
        asyncio.run(main())
    found = report_exception(caught.value, Source("<cell>", ""))
    assert [frame.function for frame in found.error.frames][-2:] == ["main", "agen"]


@pytest.mark.parametrize("said", ["'Lazy' object has no attribute 'colour'", "`lz.colour` was removed in lazy 2.0"])
def test_the_name_that_a_librarys_own_getattr_misses_is_read_from_its_message(said):
    code = f"""
class Lazy:
    def __getattr__(self, name):
        raise AttributeError({said!r})

Lazy().colour
"""
    assert report(code).error.details["name"] == "colour"
