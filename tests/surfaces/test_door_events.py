"""What the doors record, from a real shell and real commands to the store."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

pytest.importorskip("IPython")

from bestfix.surfaces.ipython import load, session_of

FAILING = "pritn(1)"


@pytest.fixture
def logged(monkeypatch, own_folders):
    """Turn the log on; return what reads its actions once they are written."""
    monkeypatch.setenv("BESTFIX_LOG_ENABLED", "on")
    monkeypatch.setenv("BESTFIX_DEADLINE", "10")
    file = own_folders / "xdg_data_home" / "bestfix" / "events.db"

    def read(query="SELECT action FROM actions ORDER BY at, id"):
        with closing(sqlite3.connect(file)) as connection:
            return [row if len(row) > 1 else row[0] for row in connection.execute(query)]

    return read


@pytest.fixture
def told(shell, logged, capsys):
    """Run cells in a shell with bestfix; return the actions that were recorded."""
    load(shell)

    def run(*cells):
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        recorder = session_of(shell).tracker.recorder
        recorder.close()
        found = logged()
        recorder.writer.close()
        return found

    return run


@pytest.mark.parametrize(
    ("cells", "actions"),
    [
        ([FAILING, "%fix", "print(1)"], ["shown", "accepted", "ran clean"]),
        ([FAILING, "%fix run"], ["shown", "accepted and run", "ran clean"]),
        ([FAILING, "%fix run", FAILING], ["shown", "accepted and run", "ran clean", "undone", "shown"]),
        ([FAILING, "x = 1", "y = 2"], ["shown", "ignored"]),
        ([FAILING, "%fix next", "x = 1"], ["shown", "dismissed", "shown", "ignored"]),
        ([FAILING, "%fix", "print(1, 2)"], ["shown", "accepted", "edited after", "ran clean"]),
    ],
)
def test_what_a_session_tells(told, cells, actions):
    assert told(*cells) == actions


def test_a_failure_is_described_without_code(told, logged):
    told(FAILING)
    rows = logged("SELECT surface, language, family, error_type, shown, code, message FROM failures")
    assert rows == [("ipython", "python", "name", "NameError", 1, None, None)]
    assert all(text is None for text in logged("SELECT text FROM candidates"))


def test_a_cell_that_succeeds_starts_nothing(shell, logged):
    load(shell)
    shell.run_cell("x = 1", store_history=True)
    assert session_of(shell).tracker is None


def test_commands_leave_their_events_for_whoever_lasts(command, logged, tmp_path):
    (tmp_path / "script.py").write_text("pritn(1)\n")
    assert command("run", "--yes", "script.py").returncode == 0
    shown = command("log", "show").stdout
    assert "run, unasked  NameError" in shown
    assert "shown, accepted and run, ran clean" in shown
    assert command("undo").returncode == 0
    assert "ran clean, undone" in command("log", "show").stdout
    assert logged("SELECT family FROM failures") == ["name"]
    assert logged("SELECT count(*) FROM candidates WHERE features <> '[]'") > [0]


def test_checks_and_crashes_are_noticed(command, logged, tmp_path):
    (tmp_path / "broken.py").write_text("for n in range(3)\n    print(n)\n")
    assert command("check", "broken.py").returncode == 1
    (tmp_path / "crash.py").write_text("import bestfix\nbestfix.install_excepthook()\npritn(1)\n")
    subprocess.run([sys.executable, "crash.py"], cwd=tmp_path, capture_output=True, check=False)
    assert command("log", "status").returncode == 0
    rows = "SELECT surface, family, shown FROM failures ORDER BY id"
    assert logged(rows) == [("check", "syntax.expected", 1), ("excepthook", "name", 1)]


def test_the_log_is_turned_off_and_on_shown_exported_and_purged(command, logged, tmp_path):
    assert "`bestfix log off` was said" in command("log", "off").stdout
    (tmp_path / "script.py").write_text("pritn(1)\n")
    command("run", "--yes", "script.py")
    assert "nothing is kept yet" in command("log", "show").stdout
    assert command("log", "on").stdout.startswith("on, without code, in ")
    (tmp_path / "script.py").write_text("pritn(1)\n")
    command("run", "--yes", "script.py")
    assert "failures.parquet: 1 rows" in command("log", "export", "out").stdout
    assert command("log", "purge", stdin="n\n").returncode == 1
    assert "removed 1 failures" in command("log", "purge", "--yes").stdout
    assert logged("SELECT count(*) FROM actions") == [0]


def test_a_failure_is_decided_and_recorded_under_the_arm_of_its_user(told, logged, own_folders):
    arms = '[experiments.ranker.arms]\nfirst = {selector = "first"}\nsmall = {selector = "smallest-edit"}\n'
    file = own_folders / "xdg_config_home" / "bestfix" / "experiments.toml"
    file.parent.mkdir(parents=True)
    file.write_text(arms)
    told(FAILING, "print(1)", FAILING)
    dealt = logged("SELECT e.experiment, e.arm, f.selector FROM exposures e JOIN failures f ON f.id = e.failure_id")
    assert len(dealt) == 2
    assert set(dealt) <= {("ranker", "first", "first"), ("ranker", "small", "smallest-edit")}
