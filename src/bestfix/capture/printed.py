"""Tracebacks as Python 3.8 to 3.14 and IPython print them, read into what was raised and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

__all__ = ["PrintedError", "PrintedFrame", "printed_errors"]

TEXT_LIMIT = 400_000
"""Characters of a traceback that are read, the last."""
_COLOUR = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CHAIN = re.compile(r"^\s*(?:During handling of the above exception|The above exception was the direct cause)\b")
_PART = re.compile(r"^\s*[|+ ]*\+-[-+]*-+ (?:\d+|\.\.\.) -+$")
_MARGIN = re.compile(r"^\s*[|+](?:-[-+]*$| |$)")
_HEADERS = (
    re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$'),
    re.compile(r"^\s*(?P<file>(?:Cell|Input) In ?\[\d+\])(?:, line (?P<line>\d+))?(?:, in (?P<function>.+))?$"),
    re.compile(r"^\s*File (?P<file>\S.*?):(?P<line>\d+)(?:,? in (?P<function>.+))?$"),
    re.compile(r"^(?P<file><ipython-input-\S+>|\S.*\.(?:py|pyx|pxi)) in (?P<function>[\w<].*)$"),
)
_ARROW = re.compile(r"^-+> ?(?P<line>\d+)(?: (?P<text>.*))?$")
_RAISED = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: ?(?P<message>.*))?$")
_CARETS = re.compile(r"^\s*[~^]+(?:\s*[~^]+)*\s*$")
_NOISE = re.compile(r"^(?:-{20,}|\S+ +Traceback \(most recent call last\):?|Traceback \(most recent call last\):?)$")


@dataclass(frozen=True, slots=True)
class PrintedFrame:
    """A frame of a printed traceback.

    Attributes:
        file: the file name, or a cell's label, as printed.
        lineno: line, 1-based, where it is given.
        function: the name of the function, without what IPython adds; empty for a syntax error.
        text: the line of code that is quoted, with its indentation in the print.
        carets: the columns of the quoted line that are marked, start and end.
    """

    file: str
    lineno: int | None = None
    function: str = ""
    text: str = ""
    carets: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PrintedError:
    """An error of a printed traceback.

    Attributes:
        type: the class as printed, with its module where that is printed.
        message: the message, without a suggestion that Python adds.
        frames: the frames, outermost first.
        part: whether it is printed as a part of a group.
    """

    type: str
    message: str
    frames: tuple[PrintedFrame, ...] = ()
    part: bool = False


def printed_errors(text: str) -> list[PrintedError]:
    """Return the errors of a traceback in the order in which they are printed: causes first, a group's parts last."""
    lines = _COLOUR.sub("", text[-TEXT_LIMIT:]).replace("\r\n", "\n").split("\n")
    errors = []
    for part, block in _blocks(lines):
        if (error := _error(block)) is not None:
            errors.append(replace(error, part=part))
    return errors


def _blocks(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Yield the lines of each error, and whether it is a part of a group."""
    block: list[str] = []
    part, grouped = False, any(_PART.match(line) for line in lines)
    for line in lines:
        starts_part = grouped and _PART.match(line) is not None
        if starts_part or _CHAIN.match(line.lstrip("| +") if grouped else line):
            yield part, block
            block, part = [], part or starts_part
        else:
            block.append(_MARGIN.sub("", line) if grouped else line)
    yield part, block


def _error(block: Sequence[str]) -> PrintedError | None:
    frames: list[PrintedFrame] = []
    last = 0
    for number, line in enumerate(block):
        header = next((match for pattern in _HEADERS if (match := pattern.match(line))), None)
        if header is not None:
            frames.append(_frame(header))
            last = number
        elif frames and (arrow := _ARROW.match(line)):
            frame = replace(frames[-1], lineno=frames[-1].lineno or int(arrow["line"]), text=arrow["text"] or "")
            frames[-1], last = frame, number
        elif frames and not frames[-1].text and line.startswith("   ") and not re.match(r" +\d+(?: |$)", line):
            frames[-1], last = replace(frames[-1], text=line), number
        elif frames and frames[-1].carets is None and number == last + 1 and _CARETS.match(line):
            start = len(line) - len(line.lstrip())
            frames[-1], last = replace(frames[-1], carets=(start, len(line.rstrip()))), number
    return _raised(block, last, tuple(frames))


def _frame(header: re.Match[str]) -> PrintedFrame:
    given = header.groupdict()
    file, line = given["file"], given.get("line")
    function = re.split(r"[(\s]", given.get("function") or "")[0]
    if function == "<cell" or (not function and file.startswith(("Cell", "Input"))):
        function = "<module>"
    return PrintedFrame(file, int(line) if line else None, function)


def _raised(block: Sequence[str], last: int, frames: tuple[PrintedFrame, ...]) -> PrintedError | None:
    """Return what was raised: the first line after the frames that names a class, and what follows it."""
    for number in range(last + 1 if frames else 0, len(block)):
        match = _RAISED.match(block[number])
        if match is None or _NOISE.match(block[number]):
            continue
        rest = [line for line in block[number + 1 :] if not _NOISE.match(line)]
        message = "\n".join([match["message"] or "", *rest]).strip()
        message = re.sub(r"\.? Did you (?:mean|forget to import)\b[^\n]*\?$", "", message)
        return PrintedError(match["type"], message, frames)
    return None
