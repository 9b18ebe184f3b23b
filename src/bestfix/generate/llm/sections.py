"""The sections of a prompt: each built from the failure and what is around it, with its values hidden."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from bestfix.capture.redact import RestoreError, Shown, Veil, prose, shown
from bestfix.core import Attempt, Cell, ErrorInfo, Language, Report, Source
from bestfix.generate.llm.budget import Section
from bestfix.generate.similar import near
from bestfix.lang.python import is_foreign
from bestfix.lang.text import Lines

__all__ = ["attempts", "code", "earlier", "failure", "legend"]

MESSAGE = 2_000
"""Characters of an error message that are looked at: half from its start, half from its end."""
CALLERS = 5
CAUSES = 3
CELLS = 6
CELL_LINES = 40
TRIES = 3
PART = 0.7
"""Length of the failing expression, as part of its line, up to which it is named besides."""
LIKENED = 6
"""Hidden texts that are compared with the names of the schema."""
_RAISES = re.compile(r"\s*(?:raise|assert)\b")


def code(name: str, text: Shown, focus: int, share: float, *, needed: bool = False) -> Section:
    """Return the section of a source: the lines around the failing one, as many as fit."""
    lines = Lines(text.text)
    items = tuple(lines.line(number) for number in range(1, len(lines) + 1))
    rank = tuple(2 * abs(n - focus) + (n > focus) for n in range(1, len(items) + 1)) if focus else ()
    return Section(name, items, share, rank, needed)


def failure(report: Report, texts: Sequence[tuple[Source, Shown]], veil: Veil) -> Section:
    """Return the section of the error: what it says, where it is, what led to it."""
    place = _failing_line(report, texts)
    raised = place is not None and _RAISES.match(place) is not None
    items = [_said(report.error, veil, raised=raised)]
    if place is not None and place.strip():
        items.append(f"at the line: {place.strip()}")
    if (part := _failing_part(report, texts)) and len(part) < PART * len((place or "").strip()):
        items.append(f"at the expression: {part}")
    items += [
        f"{key}: {prose(report.error.details[key], veil)}" for key in ("hint", "detail") if key in report.error.details
    ]
    items += _callers(report, {source.name: (source, text) for source, text in texts})
    cause = report.error.cause
    for _ in range(CAUSES):
        if cause is not None:
            items.append(f"raised from: {_said(cause, veil, raised=False)}")
            cause = cause.cause
    return Section("error", tuple(items), 0.15, needed=True)


def _said(error: ErrorInfo, veil: Veil, *, raised: bool) -> str:
    """Return the type and the message; one that the user's own code put together is a value."""
    message = error.message
    if len(message) > MESSAGE:
        message = message[: MESSAGE // 2] + " … " + message[-MESSAGE // 2 :]
    said = veil.hide("text", message) if raised and message and not veil.values else prose(message, veil)
    return f"{veil.say_name(error.type)}: {said}" if said else error.type


def _failing_line(report: Report, texts: Sequence[tuple[Source, Shown]]) -> str | None:
    source, span, lineno = report.innermost
    number = lineno or (Lines(source.text).lineno(span.start) if span else 0)
    found = next((text for other, text in texts if other.name == source.name), None)
    return shown_line(source, found, number) if found is not None and number else None


def shown_line(source: Source, text: Shown, lineno: int) -> str:
    """Return the line of a shown text that a line of the source has become; the first of several."""
    return Lines(text.text).line(shown_lineno(source, text, lineno))


def shown_lineno(source: Source, text: Shown, lineno: int) -> int:
    """Return the number of the line in the shown text that a line of the source has become."""
    return Lines(text.text).lineno(text.forward(Lines(source.text).start(lineno)))


def _failing_part(report: Report, texts: Sequence[tuple[Source, Shown]]) -> str:
    source, span, _ = report.innermost
    found = next((text for other, text in texts if other.name == source.name), None)
    if found is None or span is None or span.end - span.start > MESSAGE:
        return ""
    return found.text[found.forward(span.start) : found.forward(span.end)]


def _callers(report: Report, texts: dict[str, tuple[Source, Shown]]) -> Iterator[str]:
    """Yield the lines of the user's that led to the failing one, innermost first."""
    for frame in report.error.frames[-2 : -2 - CALLERS : -1]:
        if frame.source in texts:
            yield f"called at the line: {shown_line(*texts[frame.source], frame.lineno).strip()}"


def earlier(cells: Sequence[Cell], names: Iterable[str], veil: Veil) -> Section:
    """Return the section of the other cells: those that define what the failing code uses, and the one before it."""
    words = "|".join(map(re.escape, names))
    defines = re.compile(
        rf"^\s*(?:(?:async\s+)?def|class)\s+(?:{words})\b|\b(?:{words})\b[^=\n(]*=(?!=)|\bimport\b.*\b(?:{words})\b",
        re.MULTILINE,
    )
    usable = [cell for cell in reversed(cells) if not is_foreign(cell.text) and cell.text.strip()]
    usable.sort(key=lambda cell: not cell.before)
    chosen = [cell for cell in usable if words and defines.search(cell.text)]
    chosen += [cell for cell in usable[:1] if cell not in chosen]
    ordered = [cell for cell in cells if cell in chosen[:CELLS]]
    items, rank = [], []
    for cell in ordered:
        try:
            text = shown(_head(cell.text), Language.PYTHON, veil).text
        except RestoreError:
            continue
        items.append(f"[{veil.say_name(cell.label)}{'' if cell.ran else ', not run'}]\n{text}")
        rank.append(chosen.index(cell))
    return Section("other cells", tuple(items), 0.2, tuple(rank))


def _head(text: str) -> str:
    return "\n".join(text.splitlines()[:CELL_LINES])


def attempts(tries: Sequence[Attempt], text: Shown, language: Language, veil: Veil) -> Section:
    """Return the section of what was tried before, the latest last."""
    items = []
    for attempt in tries[-TRIES:]:
        try:
            new = shown(attempt.text, language, veil).text
        except RestoreError:
            continue
        diff = difflib.unified_diff(text.text.splitlines(), new.splitlines(), lineterm="", n=0)
        lines = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
        met = [f"It then failed with: {prose(attempt.error[:MESSAGE], veil)}"] if attempt.error else []
        told = ["The user did not want it."] if attempt.rejected else []
        items.append("\n".join([*lines, *(told + met or ["It did not help."])]))
    return Section("tried before", tuple(items), 0.2, tuple(range(len(items), 0, -1)))


def legend(veil: Veil, seen: str, names: Sequence[str]) -> Section:
    """Return the section on what is hidden: the form of a text, and the names that it is spelled like.

    Args:
        veil: what is hidden.
        seen: what is said of the error: what is hidden elsewhere needs no explanation.
        names: the names of the schema.
    """
    items, likened, words = [], 0, set(re.findall(r"\w+", seen))
    for placeholder, form, raw in veil.legend():
        if placeholder not in words:
            continue
        told = [f"has the form {form}"] if form else []
        if likened < LIKENED and 2 < len(raw) < 60 and names:
            likened += 1
            if like := near(raw, names, limit=3, least=0.7):
                told.append("is spelled nearly like " + ", ".join(veil.say_name(match.name) for match in like))
        if told:
            items.append(f"{placeholder} {' and '.join(told)}")
    return Section("hidden texts", tuple(items), 0.1)
