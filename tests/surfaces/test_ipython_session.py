"""bestfix in a real IPython shell."""

import statistics
import subprocess
import sys
import time

import pytest

pytest.importorskip("IPython")

from bestfix.surfaces.ipython import load, session_of, unload

FAILING = "pritn(1)"
FIXED = "print(1)"


@pytest.fixture
def ip(shell):
    """A fresh shell with bestfix."""
    load(shell)
    return shell


@pytest.fixture
def cell(ip, capsys):
    """Run a cell as the user does and return what it printed after the traceback."""

    def run(text, **options):
        capsys.readouterr()
        ip.run_cell(text, **{"store_history": True, **options})
        out = capsys.readouterr().out
        return out.rpartition("bestfix cell")[2] if "bestfix cell" in out else out

    return run


def test_a_failing_cell_is_answered(cell):
    shown = cell("x = 1\npritn(x)")
    assert "`pritn` is not defined; `print` is" in shown
    assert "- 2 │ pritn(x)\n+ 2 │ print(x)\n" in shown
    assert "%fix" in shown


def test_a_cell_that_does_not_compile_is_answered(cell):
    assert "+ 1 │ print((1))" in cell("print((1)")


@pytest.mark.parametrize("text", ["x = 1", "", "raise SystemExit", "raise KeyboardInterrupt", "%%capture\npritn(1)"])
@pytest.mark.filterwarnings("ignore:To exit")
def test_what_is_no_failure_of_the_cell_is_not_answered(cell, ip, text):
    cell(text)
    assert session_of(ip).failed is None


def test_silent_cells_are_not_answered(cell, ip):
    cell(FAILING, silent=True, store_history=False)
    assert session_of(ip).failed is None


def test_cells_that_run_cells_do_not_upset_the_count(cell, ip):
    cell("get_ipython().run_cell('pritn(1)')")
    assert session_of(ip).failed is None
    cell("")
    ip.events.trigger("post_run_cell", None)
    cell(FAILING)
    assert session_of(ip).failed is not None


def test_fix_puts_the_text_at_the_prompt(cell, ip):
    cell(FAILING)
    cell("x = 2")
    cell("%fix")
    assert ip.rl_next_input == FIXED


def test_fix_run_runs_it(cell):
    cell(FAILING)
    assert cell("%fix run").endswith("1\n")


def test_a_fix_that_fails_again_is_answered_again(cell):
    cell("pritn(1)\npritn2 = 1\nraise ValueError('still')")
    cell("%fix run")
    assert cell("%fix why") != ""


def test_a_mistake_in_an_earlier_cell_is_fixed_there(cell, ip):
    cell("def double(number):\n    return 2 * nunber")
    assert "cell 1" in cell("double(4)") or ip.user_ns
    assert "the mistake is in cell 1" in cell("%fix")
    assert ip.rl_next_input == "def double(number):\n    return 2 * number"
    assert cell("%fix run").endswith("Out[4]: 8\n") or "8" in cell("_")


def test_a_mistake_in_a_file_is_fixed_there_when_the_user_asks(cell, ip, tmp_path, monkeypatch):
    path = tmp_path / "helper_of_a_session.py"
    path.write_text("def double(number):\n    return 2 * nunber\n")
    monkeypatch.syspath_prepend(tmp_path)
    cell("from helper_of_a_session import double\ndouble(4)")
    assert "nunber" in path.read_text()
    assert "wrote" in cell("%fix")
    assert path.read_text() == "def double(number):\n    return 2 * number\n"
    assert "changed since" in cell("%fix")
    assert not hasattr(ip, "rl_next_input")


def test_magics_do_not_confuse_positions(cell, ip):
    cell("%%time\ny = 1\npritn(y)")
    cell("%fix")
    assert ip.rl_next_input == "%%time\ny = 1\nprint(y)"
    cell("import time\n%matplotlib --list\nz = !echo é\n  \npritn(z)")
    cell("%fix")
    assert ip.rl_next_input == "import time\n%matplotlib --list\nz = !echo é\n  \nprint(z)"


def test_next_goes_through_the_fixes_and_why_explains(cell):
    cell("lenght = [1]\nwidth = 2\nlengt")
    assert "proposed by: python.names." in cell("%fix why")
    for _ in range(20):
        if "no other fix" in cell("%fix next"):
            break
    else:
        pytest.fail("the fixes never end")


def test_off_is_silent_and_fix_still_answers(cell, ip):
    assert "off" in cell("%bestfix off")
    assert "│" not in cell(FAILING)
    cell("%fix")
    assert ip.rl_next_input == FIXED
    assert ": on" in cell("%bestfix on")
    assert "│" in cell(FAILING)
    assert ": on" in cell("%bestfix status")


def test_magics_say_what_they_cannot_do(cell):
    assert cell("%fix") == "bestfix: no cell has failed\n"
    assert cell("%fix nonsense").startswith("usage")
    assert cell("%bestfix nonsense").startswith("usage")
    cell("raise ZeroDivisionError('of my own')")
    assert "no fix" in cell("%fix") or "likely" in cell("%fix")


def test_a_bug_of_ours_is_not_the_users(cell, ip, monkeypatch):
    import bestfix.api

    monkeypatch.setattr(bestfix.api, "stream", lambda *_, **__: 1 / 0)
    assert "│" not in cell(FAILING)
    assert cell("print('on')") == "on\n"
    assert "ZeroDivisionError" in cell("%bestfix status")


def test_a_setting_that_cannot_be_is_said(cell, monkeypatch):
    monkeypatch.setenv("BESTFIX_AUTOMATIC", "perhaps")
    cell(FAILING)
    monkeypatch.delenv("BESTFIX_AUTOMATIC")
    assert "perhaps" in cell("%bestfix status")


def test_loading_twice_answers_once_and_unloading_leaves_nothing(cell, ip):
    assert load(ip) is session_of(ip)
    ip.run_line_magic("reload_ext", "bestfix")
    assert "│" in cell(FAILING)
    unload(ip)
    assert session_of(ip) is None
    assert "│" not in cell(FAILING)
    assert ip.find_line_magic("fix") is None


def test_a_cell_that_failed_before_the_loading_is_known(cell, ip):
    unload(ip)
    cell(FAILING)
    cell("%load_ext bestfix")
    cell("%fix")
    assert ip.rl_next_input == FIXED


def test_a_front_end_with_html_gets_html(cell, ip, monkeypatch):
    shown = []
    monkeypatch.setattr(ip.display_pub, "publish", lambda data, **_: shown.append(data))
    monkeypatch.setattr("bestfix.surfaces.session.Session.graphical", True)
    cell("pritn('<b>')")
    (data,) = shown
    assert set(data) == {"text/plain", "text/html"}
    assert "&lt;b&gt;" in data["text/html"]
    assert "<b>'" not in data["text/html"]


def test_a_cell_that_awaits_is_not_run_inside_a_notebooks_cell(cell, ip, monkeypatch):
    monkeypatch.setattr(ip.display_pub, "publish", lambda *_, **__: None)
    monkeypatch.setattr("bestfix.surfaces.session.Session.graphical", True)
    cell("import asyncio\nawait asyncio.sleep(0)\npritn('here')")
    assert "cannot run inside" in cell("%fix run")
    assert ip.rl_next_input.endswith("print('here')")


def test_earlier_cells_are_known_with_whether_they_ran(cell, ip):
    cell("x = 1")
    cell("1 / 0\ny = 2")
    cell("y")
    cells = session_of(ip).cells()
    assert [(c.label, c.ran) for c in cells] == [("cell 1", True), ("cell 2", False)]


def test_loading_imports_nothing_heavy_then_or_later():
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S; ip = S.instance();"
        "ip.run_line_magic('load_ext', 'bestfix'); print(*sys.modules); ip.run_cell('pritn(1)', store_history=True);"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, last = (set(line.split()) for line in (done.stdout.splitlines()[0], done.stdout.splitlines()[-1]))
    assert "bestfix.engine" in last
    assert not last & {"numpy", "pandas", "polars", "lightgbm", "rich", "typer", "sqlglot", "duckdb", "sqlalchemy"}
    ours = {name for name in first if name.partition(".")[0] == "bestfix"}
    surfaces = {f"bestfix.surfaces{name}" for name in ("", ".ipython", ".magics", ".session", ".showing")}
    assert ours == {"bestfix", "bestfix._version"} | surfaces


def test_a_cell_that_succeeds_costs_nothing_to_speak_of(ip):
    session, result = session_of(ip), ip.run_cell("x = 1", store_history=True)
    times = []
    for _ in range(2000):
        started = time.perf_counter()
        session.before(result.info)
        session.after(result)
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 50e-6
