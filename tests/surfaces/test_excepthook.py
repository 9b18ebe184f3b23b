"""`bestfix.install_excepthook`, in processes of its own."""

import subprocess
import sys

import pytest


def _run(tmp_path, code, *, stdin=None):
    (tmp_path / "script.py").write_text(code)
    arguments = [sys.executable, "script.py"] if stdin is None else [sys.executable, "-i"]
    return subprocess.run(arguments, cwd=tmp_path, input=stdin, capture_output=True, text=True, check=False, timeout=60)


def test_the_fix_follows_the_traceback(tmp_path):
    done = _run(tmp_path, "import bestfix\nbestfix.install_excepthook()\nbestfix.install_excepthook()\npritn(1)\n")
    traceback, _, shown = done.stderr.partition("bestfix script.py")
    assert "NameError" in traceback
    assert "+ 4 │ print(1)" in shown
    assert done.stderr.count("+ 4 │") == 1
    assert done.returncode == 1


def test_the_hook_that_was_there_goes_first(tmp_path):
    code = "import bestfix, sys\nsys.excepthook = lambda *_: print('mine', file=sys.stderr)\n"
    done = _run(tmp_path, code + "bestfix.install_excepthook()\npritn(1)\n")
    assert done.stderr.startswith("mine\nbestfix script.py")


@pytest.mark.parametrize("code", ["raise KeyboardInterrupt", "raise SystemExit(3)"])
def test_what_is_no_error_is_not_answered(tmp_path, code):
    done = _run(tmp_path, f"import bestfix\nbestfix.install_excepthook()\n{code}\n")
    assert "│" not in done.stderr


def test_a_line_whose_text_is_gone_is_not_answered(tmp_path):
    done = _run(tmp_path, "", stdin="import bestfix; bestfix.install_excepthook()\npritn(1)\nprint('on')\n")
    assert "NameError" in done.stderr
    assert "no answer" not in done.stderr
    assert done.stdout == "on\n"
