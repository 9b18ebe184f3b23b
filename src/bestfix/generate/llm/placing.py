"""Where the edits of an answer go: each must fit one place of the code, and only one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.generate.llm.parse import AnswerError, Block
from bestfix.lang.text import Lines

__all__ = ["placed", "rewritten"]

_NUMBERED = re.compile(r"[ \t]*\d+(?:[ \t]*[|:.)][ \t]?|\t)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines `first` to `last` (1-based), and what their indentation has more (or less) than the edit's."""

    first: int
    last: int
    more: str = ""
    less: str = ""


def placed(text: str, edits: Sequence[Block], focus: int = 0) -> str:
    """Return `text` with the edits made; of several places for one edit that at the line `focus` is taken.

    Raises:
        AnswerError: when an edit fits no place or several, or two edits overlap.
    """
    lines, made = Lines(text), list[tuple[int, int, str]]()
    for edit in edits:
        made.append(_made(lines, edit, focus))
    made.sort()
    out, at = [], 0
    for start, end, new in made:
        if start < at:
            raise AnswerError("two edits of the answer overlap")
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])


def _made(lines: Lines, edit: Block, focus: int) -> tuple[int, int, str]:
    """Return the characters that an edit replaces, and what with."""
    if not edit.search:
        raise AnswerError("an edit of the answer does not say where it belongs")
    for search, replace in _readings(edit):
        for places in (list(_exact(lines, search)), list(_shifted(lines, search))):
            if places:
                return _written(lines, _only(places, focus), replace)
    if len(edit.search) == 1 and len(edit.replace) == 1:
        return _inside(lines.text, edit.search[0].strip(), edit.replace[0].strip())
    raise AnswerError("an edit of the answer does not fit the code")


def _readings(edit: Block) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines of an edit as they are, then without line numbers before them."""
    yield [line.rstrip() for line in edit.search], list(edit.replace)
    written = [line for line in (*edit.search, *edit.replace) if line.strip()]
    if written and all(_NUMBERED.match(line) for line in written):
        yield (
            [_NUMBERED.sub("", s, count=1).rstrip() for s in edit.search],
            [_NUMBERED.sub("", line, count=1) for line in edit.replace],
        )


def _exact(lines: Lines, search: Sequence[str]) -> Iterator[_Place]:
    """Yield where the lines stand as they are, white space at their ends left out."""
    for first in range(1, len(lines) - len(search) + 2):
        if all(lines.line(first + number).rstrip() == line for number, line in enumerate(search)):
            yield _Place(first, first + len(search) - 1)


def _shifted(lines: Lines, search: Sequence[str]) -> Iterator[_Place]:
    """Yield where the lines stand with another margin, the same for all of them."""
    for first in range(1, len(lines) - len(search) + 2):
        here = [lines.line(first + number).rstrip() for number in range(len(search))]
        if any(a.strip() != b.strip() for a, b in zip(here, search, strict=True)):
            continue
        pairs = {(_indent(a), _indent(b)) for a, b in zip(here, search, strict=True) if a.strip()}
        mores = {a.removesuffix(b) if a.endswith(b) else None for a, b in pairs}
        lesses = {b.removesuffix(a) if b.endswith(a) else None for a, b in pairs}
        if len(mores) == 1 and (more := mores.pop()) is not None:
            yield _Place(first, first + len(search) - 1, more=more)
        elif len(lesses) == 1 and (less := lesses.pop()) is not None:
            yield _Place(first, first + len(search) - 1, less=less)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _only(places: Sequence[_Place], focus: int) -> _Place:
    at_focus = [place for place in places if place.first <= focus <= place.last]
    chosen = at_focus if len(at_focus) == 1 else places
    if len(chosen) != 1:
        raise AnswerError("an edit of the answer fits several places of the code")
    return chosen[0]


def _written(lines: Lines, place: _Place, replace: Sequence[str]) -> tuple[int, int, str]:
    """Return the characters that an edit replaces, lines at its ends that stay as they are left out."""
    if place.less and not all(line.startswith(place.less) for line in replace if line.strip()):
        raise AnswerError("an edit of the answer is indented as the code is not")
    moved = [(place.more + line.removeprefix(place.less)) if line.strip() else "" for line in replace]
    first, last = place.first, place.last
    while moved and first <= last and lines.line(first).rstrip() == moved[0].rstrip():
        first, moved = first + 1, moved[1:]
    while moved and first <= last and lines.line(last).rstrip() == moved[-1].rstrip():
        last, moved = last - 1, moved[:-1]
    newline = _newline(lines)
    if first > len(lines):
        return len(lines.text), len(lines.text), "".join(newline + line for line in moved)
    if first > last:
        return lines.start(first), lines.start(first), "".join(line + newline for line in moved)
    if not moved:
        return lines.start(first), lines.start(last + 1), ""
    return lines.start(first), lines.end(last), newline.join(moved)


def _newline(lines: Lines) -> str:
    return lines.text[lines.end(1) : lines.start(2)] if len(lines) > 1 else "\n"


def _inside(text: str, search: str, replace: str) -> tuple[int, int, str]:
    """Return the place of a part of a line that stands in the code once."""
    if len(search) < 3 or text.count(search) != 1:
        raise AnswerError("an edit of the answer does not fit the code")
    start = text.index(search)
    return start, start + len(search), replace


def rewritten(text: str, answer: str) -> str:
    """Return `text` as an answer writes the whole of it; lines that differ in white space at their ends stay."""
    body = text.rstrip()
    lines = Lines(body)
    old = [lines.line(number) for number in range(1, len(lines) + 1)]
    new = answer.rstrip().split("\n")
    newline, out = _newline(Lines(text)), list[str]()
    matcher = difflib.SequenceMatcher(None, [o.rstrip() for o in old], [n.rstrip() for n in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            out += [
                body[lines.start(n) : lines.start(n + 1)] if n < len(old) else old[-1] for n in range(i1 + 1, i2 + 1)
            ]
        else:
            out += [line.rstrip() for line in new[j1:j2]]
    ended = [line if line.endswith(("\n", "\r")) else line + newline for line in out[:-1]]
    return "".join([*ended, *(line.rstrip("\r\n") for line in out[-1:]), text[len(body) :]])
