"""Whatever catches everything, or silences a check, says why on its line."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
LINES = [(path, n, line) for path in SOURCE.rglob("*.py") for n, line in enumerate(path.read_text().splitlines(), 1)]
SILENCED = re.compile(r"# noqa|# type: ignore")
BROAD = re.compile(r"\s*except( \(?.*\b(Base)?Exception\b.*)?:|.*\bsuppress\(.*\b(Base)?Exception\b.*\)")
ELSEWHERE = re.compile(r"\b(as|see) (above|below)\b|^the same\b")
"""A reason that stands on another line."""
MARKS = re.compile(r"# (?:noqa(?:: [A-Z0-9]+(?:, [A-Z0-9]+)*)?|type: ignore(?:\[[a-z, -]+\])?)")


def unexplained(lines):
    silent = [(path, n, line) for path, n, line in lines if SILENCED.search(line) or BROAD.match(line)]
    return [f"{path}:{n}: {line.strip()}" for path, n, line in silent if not explained(line)]


def explained(line):
    marked = SILENCED.search(line)
    _, _, comment = line.partition("#") if marked is None else ("", "", line[marked.start() :])
    reason = MARKS.sub("", comment).strip(" #-")
    return len(reason.split()) >= 3 and not ELSEWHERE.search(reason)


def test_each_has_its_reason_on_the_line():
    assert unexplained(LINES) == []


@pytest.mark.parametrize(
    "line",
    [
        "    except Exception:",
        "    with suppress(Exception):",
        "    except (ValueError, BaseException) as error:",
        "    x = y  # noqa: E501",
        "    x = y  # noqa",
        "    x = y  # type: ignore[attr-defined]",
        "    x = y  # noqa: E501 - the protocol",
        "    x = y  # type: ignore[attr-defined]  # the same as it is above",
    ],
)
def test_one_without_is_found(line):
    assert len(unexplained([("file", 1, line)])) == 1
    assert unexplained([("file", 1, "x = 1"), ("file", 2, "    except ValueError:")]) == []
