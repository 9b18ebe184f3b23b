"""Documents survive the wire, and what is wrong with one is said by its path."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bestfix
from bestfix.config import Settings
from bestfix.core import Applicability, Asked, Candidate, Cell, Decision, Edit, Failure, Outcome, Patch, Scored, Verdict
from bestfix.surfaces import cli_fix
from bestfix.surfaces.wire import ErrorText, Request, WireError, decision_from, decision_to, decoded, encoded, loads

texts = st.text(st.characters(codec="utf-8"), max_size=20)
verdicts = st.builds(
    Verdict,
    parses=st.none() | st.booleans(),
    unresolved=st.lists(texts, max_size=2).map(tuple),
    outcome=st.sampled_from(Outcome),
    seconds=st.floats(0, 9),
)


@st.composite
def decisions(draw):
    text = draw(texts)
    ranked = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        edit = Edit(start, draw(st.integers(start, len(text))), draw(texts))
        patch = Patch("<cell>", (edit,), draw(st.sampled_from(Applicability)))
        candidate = Candidate(patch, draw(texts), "p", draw(st.floats(0, 1)), {"similarity": 0.5}, ("p", "q"))
        ranked.append(Scored(candidate, draw(verdicts), patch.apply(text), draw(st.none() | st.floats(0, 1))))
    shown = ranked[0] if ranked and draw(st.booleans()) else None
    asked = (
        Asked("direct", draw(texts), 1, 1, draw(st.none() | st.integers(0, 9)), 7, 0.5),
        Asked("x", "m", failure="E"),
    )
    told = {"failures": (Failure("x", "E: y"),), "seconds": 0.25, "asked": asked, "pending": draw(st.booleans())}
    return Decision(shown, draw(texts), tuple(ranked), {"<cell>": text}, **told)


@settings(max_examples=40, deadline=None)
@given(decisions())
def test_a_decision_survives(decision):
    assert decision_from(json.loads(json.dumps(decision_to(decision)))) == decision


def test_what_is_no_number_is_left_out():
    assert encoded({"a": float("nan"), "b": float("inf"), "c": 1.5}) == {"c": 1.5}


def test_a_request_survives():
    request = Request(
        "x",
        name="a.py",
        error=ErrorText("NameError", "no x"),
        sources={"b": "y"},
        cells=(Cell("cell 1", "x = 1", False),),
    )
    assert decoded(Request, json.loads(json.dumps(encoded(request)))) == request


def test_what_a_reader_needs_is_plain():
    document = decision_to(bestfix.fix("pritn(1)", error=_error("pritn(1)")))
    assert document["version"] == 1
    assert document["code"] == "print(1)"
    first = document["ranked"][0]
    assert first["candidate"]["patch"]["applicability"] in {"safe", "unsafe"}
    assert "+print(1)" in first["diff"]
    assert (first["brief"], first["added_effects"]) == ("ran clean", [])


def test_what_a_fix_would_do_beyond_the_program_is_named():
    patch = Patch.between("p.wrte('x')", "p.write_text('x')", source="<cell>")
    scored = Scored(Candidate(patch, "it is called so"), Verdict(), "p.write_text('x')", 0.5, 0.75)
    document = decision_to(Decision(scored, "r", (scored,), {"<cell>": "p.wrte('x')"}))
    assert document["ranked"][0]["added_effects"] == ["writes files"]
    assert document["ranked"][0]["p_success"] == 0.75


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "document: must be an object"),
        ({}, "code: is missing"),
        ({"code": 1}, "code: must be a text, not 1"),
        ({"code": "", "version": 9}, "version: this bestfix speaks version 1, the document is of version 9"),
        ({"code": "", "cod": 1}, "cod: there is no such field; there are code, version,"),
        ({"code": "", "language": "cobol"}, "language: must be one of python, sql, not 'cobol'"),
        ({"code": "", "cells": [{"label": "cell 1", "text": "", "ran": 1}]}, r"cells\[0\].ran: must be true or false"),
        ({"code": "", "error": {"type": None}}, "error.type: must be a text, not null"),
        ({"code": "", "sources": {"a.py": 3}}, "sources.a.py: must be a text"),
        ({"code": "", "version": True}, "version"),
    ],
)
def test_what_is_wrong_is_said_by_its_path(document, message):
    with pytest.raises(WireError, match=message):
        decoded(Request, document)


def test_no_json_is_said_so():
    with pytest.raises(WireError, match="not JSON"):
        loads("{")
    with pytest.raises(WireError, match="not JSON"):
        loads("[" * 1_000_000)


def test_an_edit_that_cannot_be_is_an_error_of_the_document():
    document = decision_to(bestfix.fix("pritn(1)", error=_error("pritn(1)")))
    document["ranked"][0]["candidate"]["patch"]["edits"][0]["start"] = -1
    with pytest.raises(WireError, match=r"ranked\[0\].candidate.patch.edits\[0\]: an edit needs"):
        decision_from(document)


def _error(code):
    try:
        exec(compile(code, "<cell>", "exec"), {})
    except NameError as error:
        return error
    raise AssertionError


def assert_holds(given, told):
    """Assert that a document says what another one tells, as far as that goes, with numbers to two digits."""
    if isinstance(told, dict):
        for name in told.keys() - {"seconds"}:
            assert_holds(given[name], told[name])
    elif isinstance(told, list):
        for one, other in zip(given, told, strict=False):
            assert_holds(one, other)
        assert len(given) >= len(told)
    else:
        assert given == (pytest.approx(told, abs=0.005) if isinstance(told, float) else told)


def test_the_documented_examples_are_true():
    text = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")
    request, answer = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    asked, decision = decoded(Request, request), decision_from(answer)
    assert decision.code == answer["code"]
    assert decision.shown.candidate.patch.apply(asked.code) == decision.shown.text == answer["code"]
    assert decision.diff_of(decision.shown, context=3) == answer["ranked"][0]["diff"]
    assert set(decision_to(decision)) == set(answer)
    answered = json.loads(json.dumps(decision_to(cli_fix.answer(asked, Settings()))))
    assert_holds(answered, answer)
    rows = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert rows == {field.name for field in fields(Request)}
