"""What comes along when code is copied: prompts, line numbers, markup, output, prose."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import Layout, Row, layout

__all__ = ["diff_marks", "fences", "html_entities", "line_numbers", "markup", "prompts", "prose", "shell_command"]

_PROMPT = re.compile(r"[ \t]*(?:>{2,3}|In ?\[[ \d*]*\]:|\.\.\.+:)(?: |(?=\S)|$)")
_MORE = re.compile(r"[ \t]*\.\.\.+:?(?: |$)")
_OUTPUT = re.compile(r"[ \t]*Out ?\[[ \d]*\]:")
_NUMBERED = re.compile(r"[ \t]*(\d+)(?:[:.|)]|(?=[ \t]|$)) ?")
_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)[ \t]*\w*[ \t]*$")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#34|#x27|#x2F);")
_COMMANDS = (
    "pip3?|conda|python3?|jupyter|npm|ls|cat|echo|rm|cp|mv|touch|unzip|tar|which|streamlit|pytest|apt|apt-get|sudo|git"
    "|brew|curl|wget|cd|mkdir|chmod"
)
_SHELL = re.compile(
    rf"[ \t]*(?:\$ +(?=\S)|(?=(?:(?:{_COMMANDS})"
    r" +[-\w./:\"'<>~][-\w./:\"'<>~]*(?: +[-\w./:=\"'<>\[\]~,@]+)*[ \t]*$)))"
)


@slip
def prompts(broken: Broken) -> Iterator[Move]:
    """Remove the prompts of a Python or IPython session, and turn its output into comments.

    Why: the code was copied from a session or a manual.
    Example: `>>> x = 1` → `x = 1`
    Safety: safe; the output stays as a comment.
    """
    numbers = range(1, len(broken.lines) + 1)
    prompted = {n for n in numbers if _PROMPT.match(broken.lines.line(n))}
    if not prompted or not any(n <= broken.lineno for n in prompted):
        return
    edits, silent, inside = [], [], False
    for n in numbers:
        line, start = broken.lines.line(n), broken.lines.start(n)
        match = _PROMPT.match(line) or (_MORE.match(line) if inside else None)
        if match:
            edits.append(Edit.delete(start, start + match.end()))
            inside = True
        elif line.strip():
            silent.append(n)
            inside = False
    outputs = [Edit.insert(broken.lines.start(n), "# ") for n in silent]
    if outputs and min(silent) > min(prompted):
        yield Move(
            (*edits, *outputs),
            0.6 if len(silent) < len(edits) * 3 else 0.3,
            "a session was pasted: prompts go, output becomes a comment",
        )
    yield Move(
        tuple(edits), 0.45 if outputs else 0.97, "the prompts of the session that was copied are not part of the code"
    )


@slip
def line_numbers(broken: Broken) -> Iterator[Move]:
    """Remove line numbers at the start of every line.

    Why: the code was copied with the numbers beside it.
    Example: `1  x = 3` and `2  print(x)` → `x = 3` and `print(x)`
    Safety: safe; the numbers must rise one by one.
    """
    lines = [(n, broken.lines.line(n)) for n in range(1, len(broken.lines) + 1)]
    matches = [(n, _NUMBERED.match(line)) for n, line in lines if line.strip()]
    found = [(n, m) for n, m in matches if m is not None]
    if len(found) < 2 or len(found) != len(matches):
        return
    values = [int(m[1]) for _, m in found]
    if any(b - a != 1 for a, b in itertools.pairwise(values)):
        return
    rests = [broken.lines.line(n)[m.end() :] for n, m in found]
    common = min((len(r) - len(r.lstrip(" ")) for r in rests if r.strip()), default=0)
    starts = [broken.lines.start(n) for n, _ in found]
    stops = [m.end() + common if r.strip() else m.end() for (_, m), r in zip(found, rests, strict=True)]
    edits = tuple(Edit.delete(start, start + stop) for start, stop in zip(starts, stops, strict=True))
    yield Move(edits, 0.95, "the line numbers are not part of the code")


@slip
def diff_marks(broken: Broken) -> Iterator[Move]:
    """Take the new side of a pasted diff.

    Why: the code was copied from a diff or a review.
    Example: `-x = 1` and `+x = 2` → `x = 2`
    Safety: lines that the diff removes become comments.
    """
    edits, marked, plain = [], 0, 0
    for n in range(1, len(broken.lines) + 1):
        line, start = broken.lines.line(n), broken.lines.start(n)
        if re.match(r"(?:---|\+\+\+|@@|diff |index )", line):
            edits.append(Edit.insert(start, "# "))
        elif line[:1] == "+":
            marked += 1
            edits.append(Edit.delete(start, start + 1))
        elif line[:1] == "-":
            marked += 1
            edits.append(Edit(start, start + 1, "# "))
        elif line[:1] == " ":
            edits.append(Edit.delete(start, start + 1))
        elif line.strip():
            plain += 1
    if marked >= 2 and plain == 0:
        yield Move(tuple(edits), 0.85, "the marks of a diff are not part of the code")


@slip
def fences(broken: Broken) -> Iterator[Move]:
    """Remove Markdown fences; text outside them becomes comments.

    Why: an answer was copied together with its Markdown.
    Example: lines of three backticks around `x = 1` → `x = 1`
    Safety: safe; the text stays as comments.
    """
    marks = [n for n in range(1, len(broken.lines) + 1) if _FENCE.match(broken.lines.line(n))]
    if not marks:
        return
    edits, inside = [], not broken.lines.line(marks[0]).strip("`~ \t") and len(marks) == 1
    for n in range(1, len(broken.lines) + 1):
        line, start = broken.lines.line(n), broken.lines.start(n)
        if n in marks:
            edits.append(Edit.delete(start, broken.lines.start(n + 1) if n < len(broken.lines) else start + len(line)))
            inside = not inside
        elif not inside and line.strip() and len(marks) > 1:
            edits.append(Edit.insert(start, "# "))
    yield Move(tuple(edits), 0.95, "Markdown fences are not part of the code")


@slip
def html_entities(broken: Broken) -> Iterator[Move]:
    """Write the characters that HTML entities stand for.

    Why: the code was copied from the source of a web page.
    Example: `if a &lt; b:` → `if a < b:`
    Safety: safe; all of the cell at once.
    """
    edits = tuple(
        Edit(m.start(), m.end(), html.unescape(m[0]).replace("\xa0", " ")) for m in _ENTITY.finditer(broken.text)
    )
    if edits:
        yield Move(edits, 0.95, f"`{broken.text[edits[0].start : edits[0].end]}` is HTML for `{edits[0].text}`")


@slip
def markup(broken: Broken) -> Iterator[Move]:
    """Remove the asterisks or backticks of bold text or inline code.

    Why: the code was copied together with its markup.
    Example: `**x = 1**` → `x = 1`
    Safety: safe; a statement neither starts nor ends with them.
    """
    for mark in ("**", "`", "*"):
        edits = []
        width = len(mark)
        for row in layout(broken).statements:
            line = broken.lines.line(row.lineno).rstrip()
            end = broken.lines.start(row.lineno) + len(line)
            if row.first == mark and (broken.text.startswith(mark, row.start)) and not line.strip().startswith("*args"):
                edits.append(Edit.delete(row.start, row.start + width))
            if line.endswith(mark) and end - width > row.start:
                edits.append(Edit.delete(end - width, end))
        middle = re.search(r"[ \t]\*\*(?=#)", broken.line) if mark == "**" else None
        if middle and broken.line.rstrip().endswith("**"):
            edits.append(
                Edit.delete(
                    broken.lines.start(broken.lineno) + middle.start() + 1,
                    broken.lines.start(broken.lineno) + middle.end(),
                )
            )
        near = any(broken.lines.lineno(e.start) == broken.lineno for e in edits)
        if edits:
            yield Move(
                tuple(dict.fromkeys(edits)),
                (0.75 if len(edits) > 1 else 0.35) if near else 0.1,
                f"`{mark}` is markup, not code",
            )


@slip
def prose(broken: Broken) -> Iterator[Move]:
    """Turn a line of plain words into a comment.

    Why: an explanation or the output of a program was pasted together with the code.
    Example: `This prints the sum` → `# This prints the sum`
    Safety: safe; the line stays, as a comment.
    """
    row = layout(broken).row_at(broken.offset)
    if row is None:
        return
    likelihood = _prose(layout(broken), row)
    if likelihood:
        yield Move((Edit.insert(row.start, "# "),), likelihood, f"line {row.lineno} is text, not code")


@slip
def shell_command(broken: Broken) -> Iterator[Move]:
    """Run a command of the shell as one: `!command`, or `%pip install`.

    Why: commands for the terminal are pasted into a cell.
    Example: `pip install pandas` → `%pip install pandas`
    Safety: the command runs when the cell does.
    """
    line, start = broken.line, broken.lines.start(broken.lineno)
    match = _SHELL.match(line)
    if match is None:
        return
    command = line[match.end() :].strip() or line.strip()
    mark = "%" if re.match(r"(?:pip3?|conda) (?:install|uninstall|list|show|freeze)", command) else "!"
    begin = start + len(line) - len(line.lstrip())
    tail = start + match.end()
    yield Move(
        (Edit(begin, max(begin, tail), mark),),
        0.85,
        f"`{command.split()[0]}` is a command of the shell: `{mark}` runs it",
    )


def _prose(shape: Layout, row: Row) -> float:
    """Return how likely a row is plain text rather than code."""
    line = shape.lines.line(row.lineno).strip()
    words = re.findall(r"[A-Za-z][A-Za-z']*", line)
    marks = re.sub(r"[\w\s',.:!?\-\"()]", "", line)
    if row.continued or len(words) < 3 or len(marks) > 1 or re.search(r"=|\w\(|\w\.\w+\(", line):
        return 0.0
    plain = [t for t in row.tokens if t.kind in {"name", "keyword"}]
    pairs = sum(a.end < b.start and shape.text[a.end : b.start].isspace() for a, b in itertools.pairwise(plain))
    share = pairs / max(1, len(row.tokens) - 1)
    if share < 0.4 or row.word in {"import", "from", "def", "class", "return"}:
        return 0.0
    sentence = line[0].isupper() and len(words) > 3 and row.last != ":"
    score = 0.1 + 0.3 * share + 0.25 * sentence + 0.25 * (line[-1] in ".!?" and len(words) > 3)
    return score * (0.2 if row.word or row.last in {":", ";"} else 1.0)
