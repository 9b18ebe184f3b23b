"""The questions that are asked in a terminal."""

import io
import os
import subprocess
import sys

import pytest

from bestfix.core import Candidate, Decision, Edit, Scored, Source, Verdict
from bestfix.surfaces.ask import Asker, Consent

SOURCE = Source("<cell 1>", "x")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def _scored(text, *, advice=False):
    if advice:
        candidate = Candidate.advice(SOURCE, reason=f"advice {text}")
    else:
        candidate = Candidate.edit(SOURCE, Edit(0, 1, text), reason=f"use {text}")
    return Scored(candidate, Verdict(parses=True), text, 0.5)


def _decision(*ranked, shown=True):
    return Decision(ranked[0] if shown and ranked else None, "the reason", ranked, {"<cell 1>": "x"})


def _choose(typed, decision, consent=Consent.ASK, terminal=True):
    stream = io.StringIO()
    asker = Asker(stream, Terminal(typed) if terminal else io.StringIO(typed), consent)
    return asker.choose(decision, then="Apply it"), stream.getvalue()


A, B = _scored("a"), _scored("b")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("y\n", A),
        ("YES\n", A),
        ("n\ny\n", B),
        ("next\nnext\ny\n", B),
        ("w\nwhat\ny\n", A),
        ("q\n", None),
        ("no\n", None),
        ("", None),
        ("n\n", None),
    ],
)
def test_answers(typed, taken):
    assert _choose(typed, _decision(A, B))[0] is taken


def test_why_says_what_else_there_is():
    _, shown = _choose("w\nq\n", _decision(A, B))
    assert "it parses" in shown
    assert "also considered: use b" in shown


def test_advice_cannot_be_applied():
    advice = _scored("z", advice=True)
    taken, shown = _choose("y\nn\ny\n", _decision(advice, A))
    assert "[y]es" not in shown.partition("use a")[0]
    assert taken is A
    assert _choose("", _decision(advice), Consent.GIVEN)[0] is None


def test_consent_given_or_withheld_beforehand_asks_nothing():
    assert _choose("", _decision(A, B), Consent.GIVEN)[0] is A
    assert _choose("y\n", _decision(A, B), Consent.WITHHELD)[0] is None
    assert "[y]es" not in _choose("y\n", _decision(A), Consent.WITHHELD)[1]


def test_without_a_terminal_nothing_is_applied():
    taken, shown = _choose("y\n", _decision(A), terminal=False)
    assert taken is None
    assert "--yes" in shown


def test_nothing_shown_is_said_and_an_unlikely_fix_is_shown_when_asked_for():
    taken, shown = _choose("y\nq\n", _decision(A, shown=False))
    assert (taken, "the reason" in shown, "use a" in shown) == (None, True, False)
    taken, shown = _choose("n\ny\n", _decision(A, B, shown=False))
    assert taken is A
    assert _choose("", _decision(A, shown=False), Consent.GIVEN)[0] is None
    assert "[q]" not in _choose("y\n", _decision(shown=False))[1]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_script_is_fixed_in_a_real_terminal(tmp_path):
    import pty

    script = tmp_path / "script.py"
    script.write_text("pritn(input('name? '))\n")
    terminal, keyboard = pty.openpty()
    os.write(terminal, b"y\nme\n")
    done = subprocess.run(
        [sys.executable, "-m", "bestfix", "run", str(script)],
        stdin=keyboard,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    os.close(keyboard)
    assert "Apply it and run again? [y]es [n]ext [w]hy [q] no:" in done.stderr
    assert (done.returncode, done.stdout) == (0, "name? me\n")
    assert script.read_text() == "print(input('name? '))\n"


def test_ctrl_c_means_no():
    class Interrupted(Terminal):
        def readline(self):
            raise KeyboardInterrupt

    asker = Asker(io.StringIO(), Interrupted())
    assert asker.choose(_decision(A), then="Apply it") is None
