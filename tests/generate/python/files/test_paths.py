"""Paths that do not exist, or are of another kind than was thought."""

import pytest

CASES = [
    ("open('data/sales.cvs')", "open('data/sales.csv')"),
    ("open('sales.csv')", "open('data/sales.csv')"),
    ('open("report.txt")', 'open("Report.TXT")'),
    ("open('dta/sales.csv')", "open('data/sales.csv')"),
    ("name = 'data/sale.csv'\nopen(name)", "name = 'data/sales.csv'\nopen(name)"),
    ("import os\nos.listdir('data/sales.csv')", "import os\nos.listdir('data')"),
    ("open('data')", "open('data/sales.csv')"),
    ("open('~/home.txt')", "open('{home}/home.txt')"),
    ("open('$HOME/home.txt')", "open('{home}/home.txt')"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for name in ("data/sales.csv", "Report.TXT", "home.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_a_path_that_exists(broken, fixed, folder, repaired):
    assert repaired(broken, "paths")[0] == fixed.format(home=folder)


@pytest.mark.parametrize("path", ["", "x" * 5000, "a/b/c/d", "..", "no\\such"])
@pytest.mark.usefixtures("folder")
def test_a_path_that_is_like_no_other_is_left_alone(path, repaired):
    assert repaired(f"open({path!r})", "paths") == []
