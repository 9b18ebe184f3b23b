"""A fix as the user sees it: the diff under its reason, for a terminal or for a notebook."""

from __future__ import annotations

import difflib
import html as markup
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Literal, TextIO

from bestfix.core import Decision, Scored
from bestfix.surfaces.trials import brief

__all__ = ["Row", "colored", "emit", "html", "place", "rows", "styled", "terminal", "visible"]

WIDTH = 160
"""Characters of a line that are shown."""
ROWS = 40
"""Lines of a diff that are shown."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_STYLES = {"-": "31", "+": "32", "~": "2", " ": "2"}
_SHADES = {"-": "rgba(248,81,73,0.18)", "+": "rgba(63,185,80,0.18)"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a diff.

    Attributes:
        mark: `-` taken out, `+` put in, a blank for a line that stays, `~` where lines are left out.
        number: its line number, in the text that it belongs to.
        text: the line, short enough to show and without control characters.
    """

    mark: Literal["-", "+", " ", "~"]
    number: int
    text: str


def rows(before: str, after: str, *, context: int = 1) -> list[Row]:
    """Return the lines that differ, with `context` lines around each change."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Row] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context):
        if found:
            found.append(Row("~", group[0][1], "⋯"))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                found += [Row(" ", j1 + k + 1, _shown(line)) for k, line in enumerate(new[j1:j2])]
                continue
            at = _common(old[i1:i2], new[j1:j2])
            found += [Row("-", i1 + k + 1, _shown(line, at)) for k, line in enumerate(old[i1:i2])]
            found += [Row("+", j1 + k + 1, _shown(line, at)) for k, line in enumerate(new[j1:j2])]
    if len(found) > ROWS:
        return [*found[:ROWS], Row("~", 0, f"⋯ {len(found) - ROWS} more lines")]
    return found


def place(scored: Scored) -> str:
    """Return what a fix edits, as the user knows it: `cell 3`, `helper.py`."""
    name = scored.candidate.patch.source
    if name.startswith("<"):
        return name.strip("<>")
    with suppress(ValueError):
        return str(Path(name).resolve().relative_to(Path.cwd()))
    return name


def terminal(decision: Decision, scored: Scored, *, color: bool, footer: str = "") -> str:
    """Return a fix as lines for a terminal."""
    lines = [
        styled("1;36", "bestfix", color) + " " + styled("2", _about(decision, scored), color),
        styled("1", visible(scored.candidate.reason), color),
    ]
    width = max((len(str(row.number)) for row in _rows_of(decision, scored)), default=1)
    for row in _rows_of(decision, scored):
        number = str(row.number) if row.mark != "~" else ""
        lines.append(styled(_STYLES[row.mark], f"{row.mark.replace('~', ' ')} {number:>{width}} │ {row.text}", color))
    if footer:
        lines.append(styled("2", footer, color))
    return "\n".join(lines)


def html(decision: Decision, scored: Scored, *, footer: str = "") -> str:
    """Return a fix as HTML that reads well on a light and on a dark page; it holds no script and no style sheet."""
    body = "".join(
        f'<div style="background:{_SHADES.get(row.mark, "none")};white-space:pre;'
        f'opacity:{1 if row.mark in "+-" else 0.6}">'
        f"{row.mark.replace('~', ' ')} {row.number if row.mark != '~' else '':>4} {markup.escape(row.text)}</div>"
        for row in _rows_of(decision, scored)
    )
    code = (
        f'<div style="font-family:var(--jp-code-font-family,monospace);margin:.3em 0;overflow-x:auto">{body}</div>'
        if body
        else ""
    )
    return (
        '<div style="border-left:3px solid rgba(63,185,80,0.8);padding:.2em .8em;margin:.3em 0">'
        f"<div><b>{_reason(scored)}</b></div>{code}"
        f'<div style="opacity:.65;font-size:.9em">bestfix · {markup.escape(_about(decision, scored))}'
        f"{' · ' if footer else ''}{markup.escape(footer)}</div></div>"
    )


def _about(decision: Decision, scored: Scored) -> str:
    """Return what a fix edits, what running it showed, and how long all took."""
    parts = (visible(place(scored)), brief(scored.verdict), f"{decision.seconds * 1000:.0f} ms")
    return " · ".join(part for part in parts if part)


def visible(text: str) -> str:
    """Return `text` with its control characters, and those that reorder or hide text, made visible."""
    return _CONTROL.sub(lambda found: "�" if found[0] >= "\ud800" else f"\\x{ord(found[0]):02x}", text)


def colored(stream: TextIO) -> bool:
    """Whether to colour what is written to `stream`."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def emit(text: str, stream: TextIO) -> None:
    """Write a line, with marks for the characters that the stream cannot show."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


def _rows_of(decision: Decision, scored: Scored) -> Sequence[Row]:
    if not scored.candidate.patch.edits:
        return ()
    return rows(decision.sources[scored.candidate.patch.source], scored.text)


def _reason(scored: Scored) -> str:
    """Return the reason with its quoted code set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", markup.escape(visible(scored.candidate.reason)))


def styled(style: str, text: str, color: bool) -> str:
    """Return `text` in an ANSI style, when colour is wanted."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many characters the first changed lines share at their start."""
    pairs = zip(old[0], new[0], strict=False) if old and new else ()
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shown(line: str, at: int = 0) -> str:
    """Return the part of a line around the character `at` that fits the screen."""
    start = max(0, at - WIDTH // 2) if len(line) > WIDTH else 0
    part = line[start : start + WIDTH]
    return ("…" if start else "") + visible(part) + ("…" if start + WIDTH < len(line) else "")
