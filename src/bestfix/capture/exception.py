"""A live exception becomes a `Report`: its exact place in the user's own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bestfix.capture.frames import Origins, leading, user_frames
from bestfix.capture.message import MESSAGE_LIMIT, details_of, message_of, slot, traceback_of
from bestfix.core import ErrorInfo, Frame, Language, Report, Source, Span
from bestfix.lang.python import compiles
from bestfix.lang.text import SIZE_LIMIT, Lines

__all__ = ["report_exception", "report_syntax"]

CHAIN_LIMIT = 10
"""Chained errors that are followed, and parts of a group that are described."""


def report_exception(error: BaseException, failing: Source, *, sources: Mapping[str, Source] | None = None) -> Report:
    """Return the report of an exception.

    The error of an `ExceptionGroup` is the part that is to be fixed, with the group beside it. The failing source
    of a syntax error in an imported module of the user's is that module.

    Args:
        error: the exception, with its traceback.
        failing: what was run.
        sources: the user's texts by the `co_filename` under which they were compiled, when that is not the
            source's name (IPython's temporary names: `bestfix.capture.ipython.cell_sources`).
    """
    origins = Origins(failing, sources)
    *groups, part = leading(error, origins)
    info = _info(part, origins, CHAIN_LIMIT)
    if issubclass(type(part), SyntaxError):
        if _is_own(info, failing):
            return report_syntax(failing, part)  # type: ignore[arg-type]  # a class may lie to `isinstance`
        if (module := _module(part, failing, origins)) is not None:
            return _report_module(part, module, info, origins)  # type: ignore[arg-type]  # a class may lie to `isinstance`
    for group in reversed(groups):
        outer = _info(group, origins, 1)
        info = replace(info, frames=(*outer.frames, *info.frames), group=outer)
    return Report(Language.PYTHON, failing, info, _others(origins, failing))


def report_syntax(failing: Source, error: SyntaxError | None = None) -> Report:
    """Return the report of code that does not compile.

    The error is found again from the text as the user wrote it, so that positions are positions in it whatever
    the front end did to the text before it compiled it. A text above `SIZE_LIMIT` is taken to be broken unseen.

    Raises:
        ValueError: when the code compiles and no error is given.
    """
    found = _compiles(failing.text)
    if found is not None and error is not None and found.msg != error.msg and not _is_long(failing.text):
        lenient = compiles(failing.text, pasted=True)
        found = lenient if lenient is not None and lenient.msg == error.msg else found
    found = found or error
    if found is None:
        raise ValueError("the code compiles: there is no syntax error to report")
    return Report(Language.PYTHON, failing, _syntax_info(found, failing.text))


def _is_own(info: ErrorInfo, failing: Source) -> bool:
    """Whether a syntax error is the failing text's own, and not that of a module it imports or a string it runs."""
    if _compiles(failing.text) is None:
        return False
    ran = any(frame.source == failing.name and frame.span is not None for frame in info.frames)
    return not ran or (not _is_long(failing.text) and compiles(failing.text, pasted=True) is not None)


def _is_long(text: str) -> bool:
    return len(text) > SIZE_LIMIT


def _compiles(text: str) -> SyntaxError | None:
    return SyntaxError("the code is too long to be looked at") if _is_long(text) else compiles(text)


def _module(error: BaseException, failing: Source, origins: Origins) -> Source | None:
    """Return the user's module that a syntax error is in."""
    filename = slot(error, "filename", SyntaxError)
    source = origins.of_file(filename) if type(filename) is str else None
    return source if source and source.name != failing.name and _compiles(source.text) is not None else None


def _report_module(error: SyntaxError, module: Source, info: ErrorInfo, origins: Origins) -> Report:
    found = _syntax_info(_compiles(module.text) or error, module.text)
    frames = (*info.frames, Frame(module.name, "<module>", found.lineno or 1, found.span))
    others = {origins.failing.name: origins.failing, **_others(origins, module)}
    return Report(Language.PYTHON, module, replace(found, frames=frames, traceback=info.traceback), others)


def _others(origins: Origins, failing: Source) -> dict[str, Source]:
    return {name: source for name, source in origins.met.items() if name != failing.name}


def _info(error: BaseException, origins: Origins, depth: int) -> ErrorInfo:
    frames = tuple(
        Frame(source.name, frame.f_code.co_name, lineno, span)
        for frame, source, lineno, span in user_frames(slot(error, "__traceback__"), origins)
    )
    last = next((frame for frame in reversed(frames) if frame.source == origins.failing.name), None)
    cause = _cause(error)
    parts = slot(error, "exceptions", BaseExceptionGroup) if issubclass(type(error), BaseExceptionGroup) else ()
    return ErrorInfo(
        type=type(error).__name__,
        message=message_of(error),
        bases=_bases(error),
        span=last.span if last else None,
        lineno=last.lineno if last else None,
        frames=frames,
        details=details_of(error),
        cause=_info(cause, origins, depth - 1) if cause is not None and depth else None,
        parts=tuple(_info(part, origins, 0) for part in parts[:CHAIN_LIMIT]) if depth else (),
        traceback=traceback_of(error),
    )


def _cause(error: BaseException) -> BaseException | None:
    if (cause := slot(error, "__cause__")) is not None:
        return cause  # type: ignore[no-any-return]  # a slot has no type
    return None if slot(error, "__suppress_context__") else slot(error, "__context__")


def _bases(error: BaseException) -> tuple[str, ...]:
    return tuple(cls.__name__ for cls in type.__dict__["__mro__"].__get__(type(error))[1:])


def _syntax_info(error: SyntaxError, text: str) -> ErrorInfo:
    lines = Lines(text)
    lineno = min(max(error.lineno or 1, 1), len(lines))
    start = lines.offset(lineno, (error.offset or 1) - 1)
    end = start
    if error.end_lineno and error.end_offset and error.end_offset > 0:
        end = max(start, lines.offset(error.end_lineno, error.end_offset - 1))
    return ErrorInfo(
        type=type(error).__name__,
        message=str(error.msg)[:MESSAGE_LIMIT],
        bases=_bases(error),
        span=Span(start, end),
        lineno=lineno,
    )
