"""The command line, in processes of its own."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bestfix.capture import LiveContext, report_exception
from bestfix.capture.snapshot import Snapshot
from bestfix.core import Source
from bestfix.surfaces.cli import app
from bestfix.validate.sandbox import capabilities

BROKEN = "import sys\n\npritn('hello', *sys.argv[1:])\n"
FIXED = BROKEN.replace("pritn", "print")


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(BROKEN)
    return path


def test_diff_shows_the_fix_and_changes_nothing(script, command):
    done = command("run", "--diff", "script.py", "a", "--b")
    assert done.returncode == 1
    assert "NameError: name 'pritn' is not defined" in done.stderr
    assert "- 3 │ pritn('hello', *sys.argv[1:])\n+ 3 │ print('hello', *sys.argv[1:])\n" in done.stderr
    assert "bestfix" not in done.stderr.partition("NameError")[0]
    assert ("ran clean" in done.stderr) is capabilities().full
    assert script.read_text() == BROKEN


def test_yes_applies_the_fix_and_runs_again_and_undo_takes_it_back(script, command):
    done = command("run", "--yes", "script.py", "a", "--yes")
    assert done.returncode == 0
    assert done.stdout == "hello a --yes\n"
    assert script.read_text() == FIXED
    assert command("undo").stdout == f"bestfix: restored {script}\n"
    assert script.read_text() == BROKEN
    assert command("undo").returncode == 1


def test_where_nobody_can_be_asked_nothing_is_written(script, command):
    done = command("run", "script.py", stdin="y\n")
    assert done.returncode == 1
    assert "--yes before the file applies fixes" in done.stderr
    assert script.read_text() == BROKEN


def test_a_program_reads_json(script, command):
    done = command("run", "--json", "--yes", "script.py")
    document = json.loads(done.stdout)
    assert document["exit_code"] == done.returncode == 0
    assert [r["applied"] for r in document["rounds"]] == [True]
    assert document["rounds"][0]["decision"]["code"] == FIXED
    assert "hello" in done.stderr


def test_a_mistake_in_a_helper_module_is_fixed_there(tmp_path, command):
    (tmp_path / "script.py").write_text("import helper\nprint(helper.double(4))\n")
    (tmp_path / "helper.py").write_bytes(b"def double(number):\r\n    return 2 * nunber\r\n")
    done = command("run", "--yes", "script.py")
    assert done.stdout == "8\n"
    assert (tmp_path / "helper.py").read_bytes() == b"def double(number):\r\n    return 2 * number\r\n"


@pytest.mark.parametrize(
    ("code", "returncode"),
    [
        ("import sys\nsys.exit(7)\n", 7),
        ("raise SystemExit('so')\n", 1),
        ("", 0),
        ("import os; os.kill(os.getpid(), 9)", 137),
    ],
)
def test_exit_codes_are_the_scripts(tmp_path, command, code, returncode):
    (tmp_path / "script.py").write_text(code)
    assert command("run", "script.py").returncode == returncode


def test_a_script_finds_what_python_gives_it(tmp_path, command):
    code = """
        import sys
        print(__name__, __file__, __package__, __spec__, type(__loader__).__name__, __builtins__, sys.argv, sys.path)
        print(sys.modules["__main__"].__dict__ is globals(), sorted(globals()))
        print(sorted(m for m in sys.modules if m.startswith(("bestfix", "typer", "rich"))))
        import inspect, pickle
        class A: ...
        print(inspect.getsource(A), pickle.loads(pickle.dumps(A())).__class__ is A)
        """.replace("\n        ", "\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "script.py").write_text(code)
    arguments = ["lib/script.py", "a", "--b"]
    expected = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert command("run", *arguments).stdout == expected.stdout


def test_tracebacks_are_pythons(tmp_path, command):
    (tmp_path / "script.py").write_text("def f():\n    raise RuntimeError('x') from KeyError(1)\n\nf()\n")
    python = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    done = command("run", "--diff", "script.py")
    assert done.stderr.startswith(python.stderr)
    assert done.returncode == 1


def test_what_cannot_be_run_is_said(tmp_path, command):
    done = command("run", "missing.py")
    assert (done.returncode, done.stderr) == (2, "bestfix: cannot read missing.py: No such file or directory\n")
    (tmp_path / "a.ipynb").write_text("[]")
    done = command("run", "a.ipynb")
    assert (done.returncode, "no notebook" in done.stderr) == (2, True)


def test_a_read_only_script_is_left_alone(script, command):
    script.chmod(0o444)
    done = command("run", "--yes", "script.py")
    assert (done.returncode, "read-only" in done.stderr) == (2, True)
    assert script.read_text() == BROKEN


def test_check_shows_what_does_not_parse(tmp_path):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("x = 1\n")
    bad.write_text("for x in range(3)\n    print(x)\n")
    runner = CliRunner()
    assert runner.invoke(app, ["check", str(good)]).exit_code == 0
    found = runner.invoke(app, ["check", str(tmp_path)])
    assert found.exit_code == 1
    assert "bad.py:1: expected ':'" in found.output
    assert "good.py" not in found.output
    assert bad.read_text() == "for x in range(3)\n    print(x)\n"


def test_check_looks_into_notebooks(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "x = 1"]},
        {"cell_type": "code", "source": "print((1)"},
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    found = CliRunner().invoke(app, ["check", "--json", str(path)])
    (finding,) = json.loads(found.output)["findings"]
    assert (finding["source"], finding["line"], found.exit_code) == ("<cell 2>", 1, 1)


def test_check_passes_over_what_is_not_the_users_python(tmp_path):
    metadata = {"kernelspec": {"name": "ir", "language": "R"}}
    (tmp_path / "r.ipynb").write_text(json.dumps({"cells": [], "nbformat": 4, "metadata": metadata}))
    for folder in (".hidden", "node_modules"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bad.py").write_text("(")
    assert CliRunner().invoke(app, ["check", str(tmp_path)]).exit_code == 0
    assert CliRunner().invoke(app, ["check", str(tmp_path / "r.ipynb")]).exit_code == 2


def test_a_misspelt_option_is_no_file():
    found = CliRunner().invoke(app, ["run", "--dif", "script.py"])
    assert (found.exit_code, "--diff" in found.output) == (2, True)


def test_check_says_what_it_cannot_read(tmp_path):
    assert CliRunner().invoke(app, ["check", str(tmp_path / "missing.py")]).exit_code == 2


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"code": "pritn(1)", "error": {"type": "NameError", "message": "name 'pritn' is not defined"}}, "print(1)"),
        ({"code": "for x in range(3)\n    pass"}, "for x in range(3):\n    pass"),
        (
            {
                "code": "totl + 1",
                "cells": [{"label": "cell 1", "text": "total = 1", "ran": True}],
                "error": {"traceback": "Cell In[2], line 1\n----> 1 totl + 1\n\nNameError: name 'totl' is not defined"},
            },
            "total + 1",
        ),
        (
            {
                "code": "widht * 2",
                "names": ["width"],
                "error": {"type": "NameError", "message": "name 'widht' is not defined"},
            },
            "width * 2",
        ),
    ],
)
def test_fix_answers_json_with_json(request_, code):
    done = CliRunner().invoke(app, ["fix"], input=json.dumps(request_))
    document = json.loads(done.stdout)
    assert (done.exit_code, document["version"], document["code"]) == (0, 1, code)


def test_fix_knows_what_a_snapshot_of_the_session_holds():
    code, session = "totals['revnue']", {"totals": {"revenue": 1, "costs": 2}}
    try:
        exec(compile(code, "<cell>", "exec"), session)
    except KeyError as error:
        report = report_exception(error, Source("<cell>", code))
    snapshot = Snapshot.of(LiveContext.of(session), report)
    error = {"type": "KeyError", "message": "'revnue'", "traceback": report.error.traceback}
    request = {"code": code, "error": error, "snapshot": snapshot.to_json()}
    done = CliRunner().invoke(app, ["fix"], input=json.dumps(request))
    assert json.loads(done.stdout)["code"] == "totals['revenue']"


@pytest.mark.parametrize("request_text", ["{", "{}", '{"code": "x = 1"}', '{"code": "x", "version": 2}'])
def test_fix_says_what_is_wrong_with_a_request(request_text):
    done = CliRunner().invoke(app, ["fix"], input=request_text)
    assert done.exit_code == 2
    assert set(json.loads(done.stdout)) == {"version", "error"}


def test_every_command_explains_itself():
    for name in ("run", "check", "fix", "undo", "repairs", "eval"):
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0
