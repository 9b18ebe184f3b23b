"""The targets of `make bench`: each has a comparison that can be made and finds its figure."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def measure():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "bench")
        yield importlib.import_module("measure")


def test_every_target_can_be_compared_and_found(measure):
    for command in measure.read(ROOT / "bench" / "targets.toml").values():
        assert command.target
        for target in command.target:
            assert re.compile(target.found).groups == 1, target.what
            if target.asked:
                assert target.asked[0] in measure.COMPARED
                assert target.short(target.asked) is False


@pytest.mark.parametrize(
    ("asked", "printed", "row"),
    [
        ("≥ 2,000 a second", "rate: 2,519", "| what | ≥ 2,000 a second | 2,519 a second |"),
        ("≤ 150 ms", "rate: 151.0", "| what | ≤ 150 ms | 151.0 ms **short** |"),
        ("= 0", "rate: 0", "| what | = 0 | 0 |"),
        ("= 0", "nothing", "| what | = 0 | not measured |"),
        ("", "rate: 3 ms", "| what |  | 3 |"),
    ],
)
def test_a_row_says_what_was_reached(measure, asked, printed, row):
    assert measure.Target("what", r"^rate: ([\d.,]+)", asked).line(printed).replace("\u00a0", " ") == row


def test_no_line_ends_in_a_figure(measure):
    assert "| 151.0\u00a0ms |" in measure.Target("what", r"^rate: ([\d.,]+)", "≤ 250 ms").line("rate: 151.0")
