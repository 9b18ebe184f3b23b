"""Answers as models write them, and where their edits go."""

from __future__ import annotations

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from bestfix.capture.exception import report_syntax
from bestfix.core import EmptyContext, Report, Source
from bestfix.generate.llm.briefing import Briefing, brief
from bestfix.generate.llm.parse import AnswerError, blocks, fenced, plain, said_reason
from bestfix.generate.llm.placing import placed, rewritten
from bestfix.generate.llm.strategies import load_strategies

CODE = "import math\n\ndef area(r):\n    x = math.pi * r ** 2\n    return x\n\nprint(area(2)\nprint(x)\n"
BLOCK = "<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"
NAMES = ("direct", "cause-first", "minimal-line", "schema-rich", "predicted-output", "sampled")


def edit(search: str, replace: str) -> str:
    return BLOCK.format(search, replace)


def applied(answer: str, code: str = CODE, focus: int = 7) -> str:
    (first, *_) = blocks(plain(answer))
    return placed(code, first, focus)


FIXED = CODE.replace("print(area(2)\n", "print(area(2))\n")
GOOD = edit("print(area(2)", "print(area(2))")


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        f"why: a bracket\n\n```python\n{GOOD}\n```\nHope that helps!",
        f"<think>{edit('import math', 'import maths')}</think>\n{GOOD}",
        f"so far so good </think>{GOOD}",
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("<<<<<<< SEARCH", "<<<<<<< ORIGINAL").replace(">>>>>>> REPLACE", ">>>>>>> UPDATED"),
        GOOD.replace("<<<<<<<", "<<<<<<").replace("=======", "========"),
        edit("  print(area(2)  ", "  print(area(2))"),
        edit("7 | print(area(2)", "7 | print(area(2))"),
        edit("```python\nprint(area(2)\n```", "```python\nprint(area(2))\n```"),
        edit("\nprint(area(2)\n", "\nprint(area(2))\n"),
        edit("area(2)", "area(2))"),
        "```diff\n--- a\n+++ b\n@@ -6,3 +6,3 @@\n \n-print(area(2)\n+print(area(2))\n print(x)\n```",
        f"{GOOD}\n<<<<<<< SEARCH\nprint(x)\n=======\nprint(",
    ],
)
def test_tolerated(answer: str) -> None:
    assert applied(answer) == FIXED


def test_margin_of_the_code_is_kept() -> None:
    answer = edit("x = math.pi * r ** 2\nreturn x", "x = math.pi * r ** 3\nif x:\n    return x")
    assert applied(answer) == CODE.replace("r ** 2\n    return x", "r ** 3\n    if x:\n        return x")
    deeper = edit("        x = math.pi * r ** 2", "        x = 1")
    assert applied(deeper) == CODE.replace("math.pi * r ** 2", "1")


def test_several_edits_and_deletion() -> None:
    answer = f"{edit('import math', 'from math import pi')}\n{edit('print(x)', '')}"
    assert applied(answer) == CODE.replace("import math", "from math import pi").replace("print(x)\n", "")


def test_edits_that_share_a_line() -> None:
    first = edit("import math\n\ndef area(r):", "from math import pi\n\ndef area(r):")
    second = edit("def area(r):\n    x = math.pi * r ** 2", "def area(r):\n    x = pi * r ** 2")
    assert applied(f"{first}\n{second}") == CODE.replace("import math", "from math import pi").replace("math.pi", "pi")


@pytest.mark.parametrize("end", ["", "\n"])
def test_line_after_the_last(end: str) -> None:
    assert applied(edit("b", "b\nc"), f"a\nb{end}") == f"a\nb\nc{end}"


def test_line_ends_stay() -> None:
    code = CODE.replace("\n", "\r\n")
    assert applied(edit("    return x\n\nprint(area(2)", "    return x\n\nprint(area(2))"), code) == FIXED.replace(
        "\n", "\r\n"
    )


def test_of_several_places_the_failing_one() -> None:
    code = "x = 1\nprint(x\nx = 2\nprint(x\n"
    assert applied(edit("print(x", "print(x)"), code, focus=4) == "x = 1\nprint(x\nx = 2\nprint(x)\n"
    with pytest.raises(AnswerError, match="several places"):
        applied(edit("print(x", "print(x)"), code, focus=1)


def test_code_with_conflict_marks() -> None:
    code = "a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> branch\n"
    answer = edit("<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> branch", "b = 3")
    results = []
    for reading in blocks(answer):
        try:
            results.append(placed(code, reading, 2))
        except AnswerError:
            continue
    assert results[0] == "a = 1\nb = 3\n"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (edit("nothing like it", "x"), "does not fit"),
        (edit("", "x"), "where it belongs"),
        (f"{GOOD}\n{edit('print(area(2)' + chr(10) + 'print(x)', 'y')}", "overlap"),
    ],
)
def test_refused(answer: str, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        applied(answer)


def test_whole_code() -> None:
    assert rewritten("a = 1  \r\nb = \r\nc = 3", "a = 1\nb = 2\nc = 3\n") == "a = 1  \r\nb = 2\r\nc = 3"
    assert rewritten("a\n\n\n", "b") == "b\n\n\n"


def test_fences() -> None:
    assert fenced("x\n````\n```\na\n```\n````\n```py\nb\n```") == ["```\na\n```", "b"]


def test_reason_is_one_short_printable_line() -> None:
    assert said_reason("**Why:** the name\x1b[31m is\u202e misspelt") == "the name [31m is misspelt"
    assert len(said_reason("why: " + "long " * 100)) <= 160
    assert not said_reason("no reason")


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(report_syntax(Source("<cell>", CODE)), EmptyContext())


MARKS = st.sampled_from([
    "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "```python", "<think>", "</think>", "@@ -1 +1 @@", "-", "+",
    " ", "why: x", "7 | ", "text_1", "700001", "'", '"""', "\r", "\0", "\u2028", "é", "<<<<<<< HEAD", "",
])  # fmt: skip
ANSWERS = st.lists(st.one_of(MARKS, st.sampled_from(CODE.splitlines()), st.text(max_size=8)), max_size=30)


@settings(max_examples=300, deadline=None)
@given(ANSWERS.map("\n".join), st.sampled_from(NAMES))
@example(GOOD, "direct")
@example(f"```\n{FIXED}```", "predicted-output")
@example("```\nprint(area(2))\n```", "minimal-line")
def test_an_answer_gives_a_fix_that_applies_or_says_why_not(briefing: Briefing, answer: str, name: str) -> None:
    strategy = load_strategies([name])[0][name]
    try:
        (found,) = strategy.candidates(answer, briefing)
    except AnswerError as error:
        event(str(error)[:40])
        return
    fixed = found.patch.apply(CODE)
    assert fixed != CODE
    assert found.patch.source == "<cell>"
    assert found.reason.isprintable()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("direct", GOOD),
        ("direct", f"```python\n{FIXED}```"),
        ("predicted-output", f"Here it is:\n```python\n{FIXED}```"),
        ("predicted-output", FIXED),
        ("predicted-output", GOOD),
        ("minimal-line", "```\nprint(area(2))\n```"),
        ("minimal-line", "print(area(2))"),
        ("minimal-line", "`print(area(2))`"),
        ("minimal-line", GOOD),
        ("minimal-line", f"```\n{FIXED}```"),
    ],
)
def test_fix(briefing: Briefing, name: str, answer: str) -> None:
    (found,) = load_strategies([name])[0][name].candidates(answer, briefing)
    assert found.patch.apply(CODE) == FIXED
    assert found.proposer == f"llm.{name}"
    assert len(found.patch.edits) == 1
    assert found.patch.edits[0].text == ")"


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("direct", "I cannot help with that.", "neither an edit nor"),
        ("direct", "", "neither an edit nor"),
        ("direct", edit("print(x)", "print(x)"), "repeats the code"),
        ("direct", edit("print(x)", "print(x)  "), "repeats the code"),
        ("predicted-output", f"```\n{CODE}```", "repeats the code"),
        ("predicted-output", "```\nprint('hello')\n```", "neither an edit nor"),
        ("minimal-line", "The line is\nprint(area(2))", "more than the line"),
        ("direct", edit("print(area(2)", "print(text_9)"), "not given"),
        ("direct", edit("import math", "\n".join(map(str, range(30)))), "more than it must"),
    ],
)
def test_no_fix(briefing: Briefing, name: str, answer: str, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        load_strategies([name])[0][name].candidates(answer, briefing)


def test_report_is_of_the_cell(briefing: Briefing) -> None:
    assert isinstance(briefing.report, Report)
    assert briefing.focus == 7
