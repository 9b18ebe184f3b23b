"""A live exception becomes a `Report`: its exact place in the user's own text."""

from __future__ import annotations

import itertools
import linecache
import site
import sys
import sysconfig
import traceback
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import FrameType, TracebackType

from bestfix.core import ErrorInfo, Frame, Language, Report, Source, Span
from bestfix.lang.python import compiles
from bestfix.lang.text import Lines

__all__ = ["report_exception", "report_syntax", "user_frames"]

MESSAGE_LIMIT = 10_000
"""Characters of a message that are kept."""
FRAME_LIMIT = 200
"""Frames of a traceback that are kept, the innermost."""
CHAIN_LIMIT = 10
"""Chained or grouped errors that are followed."""


def report_exception(error: BaseException, failing: Source, *, sources: Mapping[str, Source] | None = None) -> Report:
    """Return the report of an exception.

    Args:
        error: the exception, with its traceback.
        failing: what was run.
        sources: the user's texts by the `co_filename` under which they were compiled, when that is not the
            source's name (IPython's temporary names).
    """
    known = {failing.name: failing, **(sources or {})}
    if isinstance(error, SyntaxError) and _is_of(error, failing, known):
        return report_syntax(failing, error)
    info = _info(error, known, CHAIN_LIMIT)
    others = {s.name: s for s in known.values() if s.name != failing.name and s.name in _named(info)}
    return Report(Language.PYTHON, failing, info, others)


def report_syntax(failing: Source, error: SyntaxError | None = None) -> Report:
    """Return the report of code that does not compile.

    The error is found again from the text as the user wrote it, so that positions are positions in it whatever
    the front end did to the text before it compiled it.

    Raises:
        ValueError: when the code compiles and no error is given.
    """
    found = compiles(failing.text) or error
    if found is None:
        raise ValueError("the code compiles: there is no syntax error to report")
    return Report(Language.PYTHON, failing, _syntax_info(found, failing.text))


def user_frames(
    tb: TracebackType | None, sources: Mapping[str, Source]
) -> Iterator[tuple[FrameType, Source, int, Span | None]]:
    """Yield the frames that run the user's code, outermost first: frame, source, line, characters.

    A frame is the user's when its file is among `sources`, or is a readable file outside the standard library
    and site-packages; such a file's source is named by its path.
    """
    while tb is not None:
        code = tb.tb_frame.f_code
        source = sources.get(code.co_filename) or _own_file(code.co_filename)
        if source is not None:
            position = next(itertools.islice(code.co_positions(), tb.tb_lasti // 2, None), None)
            yield tb.tb_frame, source, tb.tb_lineno, _span(source.text, position)
        tb = tb.tb_next


def _is_of(error: SyntaxError, failing: Source, known: Mapping[str, Source]) -> bool:
    """Whether a syntax error is the failing text's own, and not that of a module it imports or a string it runs."""
    return error.filename is None or error.filename == failing.name or known.get(error.filename) is failing


def _named(info: ErrorInfo) -> set[str]:
    names = {frame.source for frame in info.frames}
    for inner in (*info.parts, *([info.cause] if info.cause else [])):
        names |= _named(inner)
    return names


def _info(error: BaseException, sources: dict[str, Source], depth: int) -> ErrorInfo:
    frames = []
    for frame, source, lineno, span in user_frames(error.__traceback__, sources):
        sources.setdefault(frame.f_code.co_filename, source)
        frames.append(Frame(source.name, frame.f_code.co_name, lineno, span))
    last = frames[-1] if frames else None
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return ErrorInfo(
        type=type(error).__name__,
        message=_message(error),
        bases=tuple(c.__name__ for c in type(error).__mro__[1:]),
        span=last.span if last else None,
        lineno=last.lineno if last else None,
        frames=tuple(frames[-FRAME_LIMIT:]),
        details=_details(error),
        cause=_info(cause, sources, depth - 1) if cause is not None and depth else None,
        parts=tuple(_info(part, sources, depth - 1) for part in parts[:CHAIN_LIMIT]) if depth else (),
        traceback=_traceback(error),
    )


def _syntax_info(error: SyntaxError, text: str) -> ErrorInfo:
    lines = Lines(text)
    lineno = error.lineno or 1
    start = lines.offset(lineno, (error.offset or 1) - 1)
    end = start
    if error.end_lineno and error.end_offset and error.end_offset > 0:
        end = max(start, lines.offset(error.end_lineno, error.end_offset - 1))
    return ErrorInfo(
        type=type(error).__name__,
        message=str(error.msg)[:MESSAGE_LIMIT],
        bases=tuple(c.__name__ for c in type(error).__mro__[1:]),
        span=Span(start, end),
        lineno=lineno,
    )


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, KeyError) and len(error.args) == 1:
            return repr(error.args[0])[:MESSAGE_LIMIT]
        return str(error)[:MESSAGE_LIMIT]
    except Exception as failure:  # noqa: BLE001 - a foreign __str__ may raise anything
        return f"<no message: {type(failure).__name__}>"


def _details(error: BaseException) -> dict[str, str]:
    """Return what the exception carries besides its message, as far as it is text."""
    details = {}
    for name in ("name", "name_from", "path", "filename", "strerror", "encoding", "reason", "pgcode", "sqlstate"):
        value = error.__dict__.get(name) if name in getattr(error, "__dict__", {}) else _slot(error, name)
        if isinstance(value, str):
            details[name] = value[:MESSAGE_LIMIT]
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str | int | float | bool):
        details["key"] = repr(error.args[0])[:MESSAGE_LIMIT]
    return details


def _slot(error: BaseException, name: str) -> object:
    """Read an attribute that the interpreter's own exceptions keep in a slot, without any user code."""
    for cls in type(error).__mro__:
        slot = cls.__dict__.get(name)
        if type(slot).__name__ in {"member_descriptor", "getset_descriptor"}:
            return slot.__get__(error)  # type: ignore[union-attr]
    return None


def _traceback(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-20))[-MESSAGE_LIMIT:]
    except Exception:  # noqa: BLE001 - a foreign __str__ or __repr__ may raise anything
        return ""


def _span(text: str, position: tuple[int | None, int | None, int | None, int | None] | None) -> Span | None:
    if position is None or None in position:
        return None
    lineno, end_lineno, column, end_column = position
    lines = Lines(text)
    start = lines.offset_of_byte(lineno or 1, column or 0)
    return Span(start, max(start, lines.offset_of_byte(end_lineno or 1, end_column or 0)))


@lru_cache(maxsize=1)
def _library_roots() -> tuple[str, ...]:
    paths = {sysconfig.get_path(k) for k in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {*site.getsitepackages(), site.getusersitepackages(), str(Path(__file__).parents[1]), sys.prefix + "/bin"}
    return tuple(str(Path(p).resolve()) for p in paths if p)


def _own_file(filename: str) -> Source | None:
    if filename.startswith("<") or not filename.endswith((".py", ".ipy")):
        return None
    path = Path(filename).resolve()
    if any(path.is_relative_to(root) for root in _library_roots()):
        return None
    text = "".join(linecache.getlines(filename))
    return Source(str(path), text) if text else None
