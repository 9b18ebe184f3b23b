"""Promoting and rolling back: whole or not at all, whoever else does the same."""

import json
import shutil
import subprocess
import sys

import pytest

from bestfix.core import Candidate, Edit, ErrorInfo, Language, Patch, Report, Scored, Source, Span, Verdict
from bestfix.rank.boosted import ModelError
from bestfix.rank.model import MANIFEST, load_model
from bestfix.rank.policy import ranked_by
from bestfix.rank.registry import CARD, Registry
from bestfix.rank.selectors import alternatives, load_selector
from bestfix.rank.selectors.learned import MODELS

REPORT = Report(Language.PYTHON, Source("c", "x = oops\n"), ErrorInfo("NameError", "", ("Exception",), Span(4, 8), 1))
CANDIDATES = [
    Scored(Candidate(Patch("c", (Edit(4, 8, text),)), "because"), Verdict(), f"x = {text}\n") for text in ("a", "bb")
]


def model(folder, number=0, kind="trees"):
    """A model like the one that comes with the package, under a name of its own."""
    shutil.copytree(MODELS / kind, folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "command": f"made by test {number}"}))
    return folder


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "models")


def command(registry, kind="trees"):
    folder = registry.in_use(kind)
    return folder and load_model(folder).manifest.command


def test_without_a_promotion_the_package_s_own_model_is_in_use(registry):
    assert registry.in_use("trees") is None
    assert registry.changes("trees") == []
    assert alternatives("trees", str(registry.folder)) == ("trees:shipped",)
    assert load_selector("trees", str(registry.folder)) is load_selector("trees:shipped")
    with pytest.raises(ModelError, match="none before"):
        registry.rollback("trees", "why not")


def test_rolling_back_goes_to_the_one_before_and_in_the_end_to_the_package_s_own(registry, tmp_path):
    for number in (1, 2):
        assert registry.promote(model(tmp_path / f"m{number}", number), f"better {number}")[0] == "trees"
    assert command(registry) == "made by test 2"
    registry.rollback("trees", "worse")
    assert command(registry) == "made by test 1"
    registry.promote(model(tmp_path / "m3", 3), "better 3")
    registry.rollback("trees", "worse")
    assert command(registry) == "made by test 1"
    registry.rollback("trees", "worse")
    assert registry.in_use("trees") is None
    assert [c.why for c in registry.changes("trees")] == [
        "better 1", "better 2", "worse", "better 3", "worse", "worse",
    ]  # fmt: skip


def test_the_kinds_are_apart_and_the_card_is_kept(registry, tmp_path):
    folder = model(tmp_path / "m", kind="logistic")
    (folder / CARD).write_text("# What it is")
    (folder / "else.py").write_text("raise SystemExit")
    assert registry.promote(folder, "better")[0] == "logistic"
    assert registry.in_use("trees") is None
    kept = registry.in_use("logistic")
    assert sorted(file.name for file in kept.iterdir()) == ["accept.json", "card.md", "manifest.json", "success.json"]


def test_what_is_no_model_is_not_promoted(registry, tmp_path):
    folder = model(tmp_path / "m")
    (folder / "accept.txt").write_text("altered")
    with pytest.raises(ModelError, match="altered"):
        registry.promote(folder, "better")
    assert registry.in_use("trees") is None
    assert not list(registry.folder.glob("**/*.json"))


def test_a_promoted_model_that_was_damaged_gives_way_to_the_package_s_own_and_is_named(registry, tmp_path):
    registry.promote(model(tmp_path / "m"), "better")
    models = str(registry.folder)
    assert ranked_by("trees", REPORT, CANDIDATES, models)[1] == ()
    shipped, _ = ranked_by("trees:shipped", REPORT, CANDIDATES)
    registry.promote(model(tmp_path / "n", 1), "better")
    (registry.in_use("trees") / "accept.txt").write_text("damaged")
    best_first, (failure,) = ranked_by("trees", REPORT, CANDIDATES, models)
    assert best_first == shipped
    assert "altered" in failure.error
    for broken in ("{", '{"number": 3, "model": "../m", "before": 0, "when": "", "why": ""}'):
        (registry.folder / "trees" / "changes" / "00003.json").write_text(broken)
        best_first, (failure,) = ranked_by("trees", REPORT, CANDIDATES, models)
        assert best_first == shipped
        assert "00003.json" in failure.error


PROMOTE = """
import sys
from pathlib import Path
from bestfix.rank.registry import Registry
for source in map(Path, sys.argv[2:]):
    print(Registry(Path(sys.argv[1])).promote(source, source.name)[1].number)
"""


def test_several_processes_promote_at_once_and_none_is_lost(registry, tmp_path):
    sources = [model(tmp_path / f"m{number}", number % 3) for number in range(12)]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROMOTE, registry.folder, *sources[start::3]], stdout=subprocess.PIPE, text=True
        )
        for start in range(3)
    ]
    numbers = [int(line) for process in started for line in process.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 13))
    assert sorted(c.why for c in registry.changes("trees")) == sorted(s.name for s in sources)
    assert len([f for f in (registry.folder / "trees").iterdir() if f.name != "changes"]) == 3
    assert not list(registry.folder.glob("**/.partial-*"))


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "models").write_text("a file")
    with pytest.raises(ModelError, match="cannot promote"):
        Registry(tmp_path / "models").promote(model(tmp_path / "m"), "better")
