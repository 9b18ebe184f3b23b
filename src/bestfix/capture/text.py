"""Code and a traceback as text become a `Report`."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from bestfix.capture import static
from bestfix.capture.exception import report_syntax
from bestfix.capture.message import MESSAGE_LIMIT
from bestfix.capture.printed import PrintedError, PrintedFrame, printed_errors
from bestfix.core import ErrorInfo, Frame, Language, Report, Source, Span
from bestfix.lang.python import Tree, compiles, parsed
from bestfix.lang.text import Lines

__all__ = ["report_text"]

_CELL = re.compile(r"(?:(?:Cell|Input) In ?\[(?P<count>\d+)\]|<ipython-input-(?P<number>\d+)-\w+>)$")
_NAMELESS = re.compile(r"<(?:stdin|string|cell|input|unknown)>$|.*ipykernel_\d+")
_DETAILS = (
    ("name", r"(?:free variable|variable|name) '(?P<name>[^']+)'"),
    ("name", r"(?:has no|object attribute) (?:attribute )?'(?P<name>[^']+)'"),
    ("name", r"cannot import name '(?P<name>[^']+)'"),
    ("name", r"No module named '?(?P<name>[\w.]+)'?"),
    ("filename", r"No such file or directory: b?'(?P<filename>[^']+)'"),
    ("strerror", r"\[Errno \d+\] (?P<strerror>[^:]+)"),
)


def report_text(
    failing: Source,
    traceback: str = "",
    *,
    type: str = "",  # noqa: A002 - what the field of a request is called
    message: str = "",
    sources: Mapping[str, Source] | None = None,
) -> Report:
    """Return the report of code that failed with a printed traceback, or with the type and message of an error.

    Frames are the user's when their file is among the sources, or when they quote a line of the failing source.
    The characters that failed are known where the traceback marks them, or where the message names them.

    Args:
        failing: what was run.
        traceback: what Python or IPython printed, colours and all.
        type: the error's class, when that is known apart.
        message: the error's message, when that is known apart.
        sources: further texts of the user's by the names that the traceback gives them.

    Raises:
        ValueError: when there is neither an error in the text nor one in the code's syntax.
    """
    errors = printed_errors(traceback)
    if type:
        last = errors[-1] if errors and not errors[-1].part else PrintedError(type, message)
        errors = [*errors[:-1], replace(last, type=type, message=message or last.message)]
    if not errors:
        return report_syntax(failing)
    places = _Places(failing, sources or {})
    infos = [_info(error, places, traceback) for error in errors]
    chosen = _chained([info for info, error in zip(infos, errors, strict=True) if not error.part])
    parts = [info for info, error in zip(infos, errors, strict=True) if error.part]
    if parts:
        group = replace(chosen, parts=tuple(parts)) if chosen else None
        chosen = replace(next((part for part in parts if part.frames), parts[0]), group=group)
    if chosen is None or (chosen.is_a("SyntaxError") and compiles(failing.text) is not None):
        return report_syntax(failing)
    named = {frame.source for info in infos for frame in info.frames}
    return Report(Language.PYTHON, failing, chosen, {n: s for n, s in places.sources.items() if n in named})


class _Places:
    """Finds the line of a source that a printed frame means."""

    def __init__(self, failing: Source, sources: Mapping[str, Source]) -> None:
        self.failing = failing
        self.sources = {source.name: source for source in sources.values() if source.name != failing.name}
        self._by_file = {**sources, **self.sources}

    def frame(self, printed: PrintedFrame, error: PrintedError) -> Frame | None:
        """Return the frame as one of the user's, or `None`."""
        for source in self._candidates(printed):
            lineno = _line(source, printed)
            if lineno is not None:
                span = _marked(source, lineno, printed) or _implied(source, lineno, error)
                return Frame(source.name, printed.function or "<module>", lineno, span)
        return None

    def _candidates(self, printed: PrintedFrame) -> Iterable[Source]:
        if cell := _CELL.match(printed.file):
            label = f"<cell {cell['count'] or cell['number']}>"
            if label in self._by_file:
                return [self._by_file[label]]
        if printed.file in self._by_file:
            return [self._by_file[printed.file]]
        if _is_file(printed.file, self.failing.name):
            return [self.failing]
        others = [s for name, s in self._by_file.items() if _is_file(printed.file, name)]
        quoted = bool(printed.text.strip()) or _NAMELESS.match(printed.file) or cell
        return [*others, *([self.failing] if quoted and not _is_library(printed.file) else [])]


def _is_file(printed: str, name: str) -> bool:
    """Whether a printed file name is a source's: the same, or the end of its path."""
    if printed == name:
        return True
    ours = [part.casefold() for part in _parts(name)]
    theirs = [part.casefold() for part in _parts(printed) if part != "~"]
    shorter = min(len(ours), len(theirs))
    return not name.startswith("<") and shorter > 0 and ours[-shorter:] == theirs[-shorter:]


def _parts(path: str) -> tuple[str, ...]:
    return PureWindowsPath(path).parts if "\\" in path else PurePosixPath(path).parts


def _is_library(file: str) -> bool:
    return re.search(r"site-packages|dist-packages|[/\\]lib[/\\]python\d|<frozen ", file, re.IGNORECASE) is not None


def _line(source: Source, printed: PrintedFrame) -> int | None:
    """Return the line of a source that a frame quotes: the one with its number, or the only one with its text."""
    lines = Lines(source.text)
    quoted = printed.text.strip()
    number = printed.lineno
    if number is not None and 0 < number <= len(lines) and quoted in {"", lines.line(number).strip()}:
        return number
    alike = [n for n in range(1, len(lines) + 1) if quoted and lines.line(n).strip() == quoted]
    return alike[0] if len(alike) == 1 else None


def _marked(source: Source, lineno: int, printed: PrintedFrame) -> Span | None:
    """Return the characters over the caret marks."""
    if printed.carets is None:
        return None
    lines = Lines(source.text)
    line = lines.line(lineno)
    shift = (len(line) - len(line.lstrip())) - (len(printed.text) - len(printed.text.lstrip()))
    start, end = (lines.offset(lineno, column + shift) for column in printed.carets)
    return Span(start, end) if start < end else None


def _implied(source: Source, lineno: int, error: PrintedError) -> Span | None:
    """Return the only expression of a line that can have raised an error, by its message."""
    tree, name = parsed(source.text), _details(error).get("name", "")
    if tree is None:
        return None
    kind = error.type.rpartition(".")[2]
    found = [tree.span(node) for node in _nodes(tree, lineno) if _can_raise(node, kind, name, error.message)]
    return found[0] if len(found) == 1 else None


def _nodes(tree: Tree, lineno: int) -> list[ast.expr]:
    return [node for node in tree.nodes(ast.expr) if node.lineno <= lineno <= (node.end_lineno or node.lineno)]


def _can_raise(node: ast.expr, kind: str, name: str, message: str) -> bool:
    if kind in {"NameError", "UnboundLocalError"}:
        return isinstance(node, ast.Name) and node.id == name
    if kind == "AttributeError":
        return isinstance(node, ast.Attribute) and node.attr == name
    if kind == "KeyError":
        constant = node.slice if isinstance(node, ast.Subscript) else None
        return isinstance(constant, ast.Constant) and repr(constant.value) == message
    if kind == "ZeroDivisionError":
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)
    if kind == "TypeError" and (call := re.match(r"(?:[\w.]*\.)?(\w+)\(\)", message)):
        called = node.func if isinstance(node, ast.Call) else None
        return getattr(called, "id", getattr(called, "attr", None)) == call[1]
    return False


def _info(error: PrintedError, places: _Places, traceback: str) -> ErrorInfo:
    frames = tuple(frame for printed in error.frames if (frame := places.frame(printed, error)) is not None)
    last = next((frame for frame in reversed(frames) if frame.source == places.failing.name), None)
    return ErrorInfo(
        type=error.type.rpartition(".")[2],
        message=error.message[:MESSAGE_LIMIT],
        bases=_bases(error.type),
        span=last.span if last else None,
        lineno=last.lineno if last else None,
        frames=frames,
        details=_details(error),
        traceback=traceback[-MESSAGE_LIMIT:],
    )


def _chained(infos: list[ErrorInfo]) -> ErrorInfo | None:
    """Return the last error, with the ones before it as its causes."""
    chained: ErrorInfo | None = None
    for info in infos[-10:]:
        chained = replace(info, cause=chained)
    return chained


def _details(error: PrintedError) -> dict[str, str]:
    details: dict[str, str] = {}
    for name, pattern in _DETAILS:
        if name not in details and (match := re.search(pattern, error.message[:MESSAGE_LIMIT])):
            details[name] = match[name]
    if error.type == "KeyError":
        details = {"key": error.message[:MESSAGE_LIMIT]}
    return details


def _bases(printed: str) -> tuple[str, ...]:
    """Return the classes that an error's class inherits from, as far as this process knows it."""
    module, _, name = printed.rpartition(".")
    found = static.module_space(sys.modules.get(module) if module else builtins).get(name)
    if isinstance(found, type) and issubclass(found, BaseException):
        return tuple(cls.__name__ for cls in static.mro(found)[1:])
    return ("Exception", "BaseException", "object")
