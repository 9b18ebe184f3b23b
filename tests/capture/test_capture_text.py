"""Printed tracebacks of many makers become the report that the live exception gives."""

import traceback
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.ultratb import FormattedTB

from bestfix.capture import report_exception
from bestfix.capture.text import report_text
from bestfix.core import Source

CODE = "import math\n\ndef root(x):\n    return math.sqr(x) + 1\n\nroot(3)\n"
SOURCE = Source("<cell>", CODE)


def failure(code, name="<cell>"):
    try:
        exec(compile(code, name, "exec"), {})
    except Exception as error:  # noqa: BLE001 - any error is a case
        return error.with_traceback(error.__traceback__.tb_next)
    raise AssertionError("the code did not fail")


def places(report):
    return [(f.function, f.lineno) for f in report.error.frames]


@pytest.mark.parametrize(
    "code",
    [
        CODE,
        "x = {'a': 1}\ny = x['b']",
        "def f():\n    try:\n        1/0\n    except ZeroDivisionError as e:\n        raise ValueError(1) from e\nf()",
        "total = 1\nprint(totl)",
        "raise ValueError('two\\nlines')",
    ],
)
def test_pythons_own_print_reads_back_as_the_live_exception(code, tmp_path, monkeypatch):
    path = tmp_path / "own.py"
    path.write_text(code)
    error = failure(code, str(path))
    source = Source(str(path), code)
    live, read = report_exception(error, source), report_text(source, "".join(traceback.format_exception(error)))
    assert (read.error.type, read.error.message) == (live.error.type, live.error.message)
    assert read.error.bases == live.error.bases
    assert places(read) == places(live)
    assert (read.error.cause and read.error.cause.type) == (live.error.cause and live.error.cause.type)
    if read.innermost[1] is not None:
        assert read.innermost == live.innermost


@pytest.mark.parametrize("mode", ["Context", "Verbose", "Plain", "Minimal"])
@pytest.mark.parametrize("theme", ["nocolor", "linux"])
def test_ipythons_prints(mode, theme, tmp_path):
    path = tmp_path / "own.py"
    path.write_text(CODE)
    error = failure(CODE, str(path))
    maker = FormattedTB(mode=mode, theme_name=theme)
    text = maker.stb2text(maker.structured_traceback(type(error), error, error.__traceback__))
    read = report_text(Source(str(path), CODE), text)
    assert (read.error.type, read.error.message) == ("AttributeError", "module 'math' has no attribute 'sqr'")
    assert read.error.details["name"] == "sqr"
    if mode != "Minimal":
        assert places(read) == [("<module>", 6), ("root", 4)]
        assert read.innermost[1].of(CODE) == "math.sqr"


PRINTS = {
    "3.8": """Traceback (most recent call last):
  File "prog.py", line 6, in <module>
    root(3)
  File "prog.py", line 4, in root
    return math.sqr(x) + 1
AttributeError: module 'math' has no attribute 'sqr'
""",
    "3.12 with a suggestion": """Traceback (most recent call last):
  File "/home/u/prog.py", line 6, in <module>
    root(3)
  File "/home/u/prog.py", line 4, in root
    return math.sqr(x) + 1
           ^^^^^^^^
AttributeError: module 'math' has no attribute 'sqr'. Did you mean: 'sqrt'?
""",
    "Windows": """Traceback (most recent call last):
  File "C:\\\\Users\\\\u\\\\prog.py", line 6, in <module>
    root(3)
    ~~~~^^^
  File "C:\\\\Users\\\\u\\\\prog.py", line 4, in root
    return math.sqr(x) + 1
           ^^^^^^^^
AttributeError: module 'math' has no attribute 'sqr'
""".replace("\n", "\r\n"),
    "shell": """Traceback (most recent call last):
  File "<stdin>", line 6, in <module>
  File "<stdin>", line 4, in root
AttributeError: module 'math' has no attribute 'sqr'
""",
    "IPython 7": """---------------------------------------------------------------------------
AttributeError                            Traceback (most recent call last)
<ipython-input-3-d26cbd5e0bb7> in <module>
      4     return math.sqr(x) + 1
      5
----> 6 root(3)

<ipython-input-3-d26cbd5e0bb7> in root(x)
      2
      3 def root(x):
----> 4     return math.sqr(x) + 1
      5
      6 root(3)

AttributeError: module 'math' has no attribute 'sqr'
""",
    "IPython 8.0": """---------------------------------------------------------------------------
AttributeError                            Traceback (most recent call last)
Input In [1], in <cell line: 6>()
      3 def root(x):
      4     return math.sqr(x) + 1
----> 6 root(3)

Input In [1], in root(x)
      3 def root(x):
----> 4     return math.sqr(x) + 1

AttributeError: module 'math' has no attribute 'sqr'
""",
    "IPython 9, coloured": (
        "\x1b[31m---------------------------------------------------------------------------\x1b[39m\n"
        "\x1b[31mAttributeError\x1b[39m                            Traceback (most recent call last)\n"
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[1]\x1b[39m\x1b[32m, line 6\x1b[39m\n"
        "\x1b[32m      3\x1b[39m \x1b[38;5;28;01mdef\x1b[39;00m root(x):\n"
        "\x1b[32m----> \x1b[39m\x1b[32m6\x1b[39m root(\x1b[32m3\x1b[39m)\n\n"
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[1]\x1b[39m\x1b[32m, line 4\x1b[39m"
        ", in \x1b[36mroot\x1b[39m(x)\n"
        "\x1b[32m----> \x1b[39m\x1b[32m4\x1b[39m     \x1b[38;5;28;01mreturn\x1b[39;00m math.sqr(x) + 1\n\n"
        "\x1b[31mAttributeError\x1b[39m: module 'math' has no attribute 'sqr'\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", PRINTS.values(), ids=PRINTS)
def test_other_makers(text):
    read = report_text(Source("prog.py", CODE), text)
    assert (read.error.type, read.error.message) == ("AttributeError", "module 'math' has no attribute 'sqr'")
    assert places(read) == [("<module>", 6), ("root", 4)]
    assert read.innermost[1].of(CODE) == "math.sqr"


def test_the_line_is_found_by_its_text_when_the_code_is_an_excerpt():
    text = PRINTS["3.8"].replace("line 4", "line 104").replace("line 6", "line 106")
    assert places(report_text(SOURCE, text)) == [("<module>", 6), ("root", 4)]


def test_frames_of_libraries_and_of_other_cells():
    text = """Traceback (most recent call last):
Cell In[7], line 1
    helper(1)
Cell In[3], line 2, in helper(x)
    return frame[colum]
File ~/venv/lib/python3.11/site-packages/pandas/core/frame.py:3807, in DataFrame.__getitem__(self, key)
   3806     return self._getitem_multilevel(key)
-> 3807 indexer = self.columns.get_loc(key)
NameError: name 'colum' is not defined
"""
    earlier = Source("<cell 3>", "def helper(x):\n    return frame[colum]\n")
    read = report_text(Source("<cell 7>", "helper(1)"), text, sources={"<cell 3>": earlier})
    assert [f.source for f in read.error.frames] == ["<cell 7>", "<cell 3>"]
    assert read.innermost[0] == earlier
    assert read.innermost[1].of(earlier.text) == "colum"


def test_a_group_gives_the_part_in_the_users_code():
    code = (
        "def part(x):\n    return x.foo\nerrors = [OSError('library')]\n"
        "try:\n    part(1)\nexcept AttributeError as e:\n    errors.append(e)\nraise ExceptionGroup('all', errors)\n"
    )
    text = "".join(traceback.format_exception(failure(code)))
    read = report_text(Source("<cell>", code), text)
    assert (read.error.type, read.error.group.type) == ("AttributeError", "ExceptionGroup")
    assert len(read.error.group.parts) == 2
    assert places(read)[-1] == ("part", 2)


def test_syntax_errors_are_found_again_in_the_code():
    code = "x = (1,\ny = 2\n"
    text = "  File \"prog.py\", line 1\n    x = (1,\n        ^\nSyntaxError: '(' was never closed\n"
    read = report_text(Source("prog.py", code), text)
    assert (read.error.message, read.error.span.start) == ("'(' was never closed", 4)
    assert report_text(Source("prog.py", code)).error.message == "'(' was never closed"


def test_the_type_and_message_alone():
    read = report_text(SOURCE, type="NameError", message="name 'mth' is not defined")
    assert (read.error.type, read.error.details, read.error.bases[0]) == ("NameError", {"name": "mth"}, "Exception")
    with pytest.raises(ValueError, match="compiles"):
        report_text(SOURCE, "nothing of interest here: really")


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("\n".join(PRINTS.values()).split("\n")), max_size=40).map("\n".join)
)
def test_no_text_breaks_it(text):
    with suppress(ValueError):
        report_text(SOURCE, text)
