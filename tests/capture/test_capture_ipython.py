"""Frames of real IPython cells are placed in the text that the user typed."""

import os

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from bestfix.capture import cell_name, cell_sources, report_exception
from bestfix.core import Source


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    home = tmp_path_factory.mktemp("ipython")
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.warn_venv = False
    before = os.environ.get("IPYTHONDIR")
    os.environ["IPYTHONDIR"] = str(home)
    shell = InteractiveShell(config=config)
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    yield shell
    InteractiveShell.clear_instance()
    os.environ.pop("IPYTHONDIR") if before is None else os.environ.update(IPYTHONDIR=before)


@pytest.fixture
def failing(shell, capsys):
    """Run cells of which the last fails; return its report."""

    def run(*cells, **options):
        for cell in cells:
            result = shell.run_cell(cell, store_history=True, **options)
        error = result.error_in_exec or result.error_before_exec
        name = cell_name(shell.execution_count - 1)
        return report_exception(error, Source(name, cells[-1]), sources=cell_sources(shell, running=cells[-1]))

    return run


def spans(report):
    """Return line and failing text of every frame."""
    return [(f.lineno, f.span and f.span.of(report.source(f.source).text)) for f in report.error.frames]


@pytest.mark.parametrize(
    ("cell", "lineno", "text"),
    [
        ("x = 1\ny = missing_name", 2, "missing_name"),
        ("\n\n   a = 1\n   'é', a.missing", 4, "a.missing"),
        ("x = !echo \\\n  hello\n'ß'; x.missing", 3, "x.missing"),
        ("!true\n%config Application.log_level = 30\nfor i in [1]:\n    q = i.missing", 4, "i.missing"),
        (">>> x = 1\n>>> x.missing\n", 2, "x.missing"),
        ("In [1]: x = 1\n   ...: x.missing", 2, "x.missing"),
        ("import asyncio\nawait asyncio.sleep(0)\nnot_there", 3, "not_there"),
        ("%%time\na = 1\na.missing", 3, "a.missing"),
        ("\n%%time\n\n  a = 1\n  a.missing", 5, "a.missing"),
        ("%%time\n!true\na = 1\na.missing", 4, "a.missing"),
        ("b = 1\n%time b.missing", 2, "b.missing"),
        ("if not b:\n    v = %time (b).missing", 2, "(b).missing"),
        ("%%timeit\nb = 1\nb.missing", 3, "b.missing"),
    ],
)
def test_the_innermost_frame_is_in_the_raw_cell(failing, cell, lineno, text):
    report = failing("b = 0", cell)
    assert spans(report)[-1] == (lineno, text)
    assert report.innermost[0].text == cell


def test_a_function_of_an_earlier_cell_names_that_cell(failing, shell):
    defined = shell.execution_count
    report = failing("def f(x):\n    return x.bär", "%%time\ndef g(x):\n    return f(x)", "g(1)")
    assert [frame.function for frame in report.error.frames] == ["<module>", "g", "f"]
    assert spans(report) == [(1, "g(1)"), (3, "f(x)"), (2, "x.bär")]
    assert report.innermost[0] == report.others[cell_name(defined)]
    assert report.innermost[0].text == "def f(x):\n    return x.bär"


def test_a_cell_that_is_not_in_the_history_is_the_running_one(shell):
    seen = []

    def after(result):
        raw = result.info.raw_cell
        sources = cell_sources(shell, running=raw)
        report = report_exception(result.error_in_exec, Source(cell_name(shell.execution_count), raw), sources=sources)
        seen.append(spans(report)[-1])

    shell.events.register("post_run_cell", after)
    try:
        shell.run_cell("   x = 1\n   x.nothing", store_history=False)
        shell.run_cell("%%capture\nx = 2\nx.nothing", store_history=False)
    except AttributeError:
        pass
    finally:
        shell.events.unregister("post_run_cell", after)
    assert seen[0] == (2, "x.nothing")


@pytest.mark.parametrize(
    ("cell", "message"), [("x = (1\ny", "'(' was never closed"), ("  if x\n    1", "expected ':'")]
)
def test_a_syntax_error_is_found_in_the_raw_cell(failing, cell, message):
    report = failing(cell)
    assert (report.error.type, report.error.message, report.error.frames) == ("SyntaxError", message, ())


def test_a_syntax_error_of_a_timed_body_is_the_cells_own(failing):
    report = failing("%%time\nif x\n    1")
    assert report.error.message == "expected ':'"
    assert report.error.lineno == 2
