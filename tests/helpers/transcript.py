"""Terminal sessions in Markdown: what is typed, and what is printed."""

from __future__ import annotations

import doctest
import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r"(?: · ran clean)? · \d+ ms\b")
_COMMENT = re.compile(r"\s+# .*$")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and what the page says that it prints (empty where the page shows nothing)."""

    command: str
    printed: str


def sessions(page: Path) -> list[list[Typed]]:
    """The ```console blocks of a page: lines after `$ ` are typed, `> ` goes on, the others are printed."""
    return [_typed(body) for kind, body in _FENCE.findall(page.read_text("utf-8")) if kind == "console"]


def mentioned(page: Path) -> list[str]:
    """Every command line of bestfix that stands in a fenced block of a page."""
    found = [typed.command for session in sessions(page) for typed in session]
    for kind, body in _FENCE.findall(page.read_text("utf-8")):
        if kind in {"", "sh", "bash"}:
            found += [_COMMENT.sub("", line) for line in body.replace("\\\n", " ").splitlines()]
    return [line for line in found if line.startswith("bestfix ")]


def agrees(printed: str, got: str) -> bool:
    """Whether a program printed what a page says; `...` stands for anything.

    How long a fix took, and whether that left the time to try it, depends on the machine.
    """
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    want, have = (_TIME.sub("", text).strip() + "\n" for text in (printed, got))
    return doctest.OutputChecker().check_output(want, have, flags)


def _typed(body: str) -> list[Typed]:
    found: list[list[str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
        elif found:
            found[-1][1] += line + "\n"
    return [Typed(_COMMENT.sub("", command), printed) for command, printed in found]
