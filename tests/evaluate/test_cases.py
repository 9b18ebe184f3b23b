"""Reading case files."""

import json

import pytest

from bestfix.evaluate.cases import CaseError, load_cases, selected

RECORD = {
    "id": "a", "source": "s", "kind": "runtime", "code": "pritn(1)", "setup": None,
    "error": {"type": "NameError"}, "fixed": ["print(1)"], "check": {"method": "exact-ast", "also": ["runs"]},
    "meta": {"tier": "A"},
}  # fmt: skip


def written(tmp_path, *records, name="cases.jsonl"):
    path = tmp_path / name
    path.write_text("".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records))
    return path


def test_a_json_line_becomes_a_case(tmp_path):
    (case,) = load_cases([written(tmp_path, RECORD)])
    assert (case.id, case.source, case.error, case.runs, case.tier) == ("a", "s", "NameError", True, "A")
    assert case.methods == ("exact-ast", "runs")
    assert case.fixed == ("print(1)",)


def test_a_syntax_case_is_also_judged_by_tokens_and_by_parsing(tmp_path):
    record = {**RECORD, "kind": "syntax", "code": "print(1", "check": {"method": "tests", "test": "pass"}}
    (case,) = load_cases([written(tmp_path, record)])
    assert case.methods == ("tests", "exact-ast", "exact-lex", "parses")
    assert not case.text_only


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "no JSON"),
        ("[]", "a case is a JSON object"),
        (json.dumps({"id": "b"}), "has no 'code'"),
        (json.dumps({**RECORD, "id": "b", "check": {"method": "tests"}}), "needs check.test"),
        (json.dumps({**RECORD, "id": "b", "check": {"method": "magic"}}), "no method is called 'magic'"),
        (json.dumps({**RECORD, "id": "b", "meta": {"cwd": "nowhere"}}), "does not exist"),
        (json.dumps(RECORD), "a case called 'a'"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, complaint):
    path = written(tmp_path, RECORD, line)
    with pytest.raises(CaseError) as caught:
        load_cases([path])
    assert str(caught.value).startswith(f"{path}:2: ")
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaseError, match=r"nowhere\.jsonl"):
        load_cases([tmp_path / "nowhere.jsonl"])


def test_a_readable_file_names_its_cases_after_the_family(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text(
        "[[case]]\nid = 'x'\ncode = '''\npritn(1)\n'''\nfixed = 'print(1)'\n\n"
        "[[case]]\nid = 'y'\ncode = 'df'\ncheck = 'advice'\ncontains = 'run cell 3'\n"
        "cells = [{ label = 'cell 3', text = 'df = 1', ran = false }]\n"
    )
    first, second = load_cases([tmp_path])
    assert (first.id, first.source, first.method) == ("names/x", "names", "exact-ast")
    assert (second.method, second.cells[0].label) == ("advice", "cell 3")


def test_an_unknown_field_of_a_readable_case_is_named_with_its_line(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text("# names\n[[case]]\nid = 'x'\ncode = 'x'\nfix = 'y'\n")
    with pytest.raises(CaseError, match=r"names.toml:2: a case has no field 'fix'"):
        load_cases([path])


def test_a_selection_limits_each_source(tmp_path):
    records = [{**RECORD, "id": f"{source}{n}", "source": source} for source in "ab" for n in range(5)]
    cases = load_cases([written(tmp_path, *records)])
    assert [c.id for c in selected(cases, limit=2)] == ["a0", "a1", "b0", "b1"]
    assert [c.id for c in selected(cases, only=["b*"], limit=1)] == ["b0"]
    sample = selected(cases, limit=2, seed=1)
    assert len(sample) == 4
    assert sample == selected(cases, limit=2, seed=1)
