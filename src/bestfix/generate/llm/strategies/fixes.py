"""From an answer to candidates: edits are placed in what was shown, and become edits of the user's own text."""

from __future__ import annotations

from bestfix.capture.redact import RestoreError, restored
from bestfix.core import Applicability, Candidate, Patch
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.parse import AnswerError, blocks, fenced, plain, said_reason
from bestfix.generate.llm.placing import placed, rewritten
from bestfix.generate.llm.strategies.bounds import beyond
from bestfix.lang.text import Lines

__all__ = ["edited", "line", "whole"]

PRIOR = 0.35
"""How likely an answer is the fix that the user wants, when nothing is known of the model."""
ALIKE = 0.6
"""Similarity, 0 to 1, from which a text is taken for the whole code, fixed."""

FEW = 2
"""Lines of a code that is too short for its likeness to say anything."""


def edited(name: str, answer: str, briefing: Briefing) -> list[Candidate]:
    """Return the fix of an answer that was asked for edits.

    Raises:
        AnswerError: when it holds none that fits.
    """
    answer = plain(answer)
    readings = blocks(answer)
    if not readings:
        return whole(name, answer, briefing)
    problem: AnswerError | None = None
    for edits in readings:
        for number, (_, shown) in enumerate(briefing.texts):
            try:
                new = placed(shown.text, edits, briefing.focus if number == 0 else 0)
                return [_fix(name, answer, briefing, new, number)]
            except AnswerError as error:
                problem = problem or error
    raise problem or AnswerError("the answer holds no edit")


def whole(name: str, answer: str, briefing: Briefing) -> list[Candidate]:
    """Return the fix of an answer that writes out the whole code.

    Raises:
        AnswerError: when it does not.
    """
    answer = plain(answer)
    if blocks(answer):
        return edited(name, answer, briefing)
    _, shown = briefing.texts[0]
    texts = fenced(answer) or [answer]
    text = max(texts, key=lambda each: _alike(shown.text, each))
    if not _alike(shown.text, text) and not (fenced(answer) and len(Lines(shown.text.rstrip())) <= FEW):
        raise AnswerError("the answer holds neither an edit nor the whole code")
    return [_fix(name, answer, briefing, rewritten(shown.text, text))]


def line(name: str, answer: str, briefing: Briefing) -> list[Candidate]:
    """Return the fix of an answer that writes the failing line anew, possibly as several lines.

    Raises:
        AnswerError: when it does not.
    """
    answer = plain(answer)
    if blocks(answer):
        return edited(name, answer, briefing)
    _, shown = briefing.texts[0]
    lines = Lines(shown.text)
    if not briefing.focus:
        raise AnswerError("the line that failed is not known")
    old = lines.line(briefing.focus)
    written = [each.rstrip() for each in _only_code(answer) if each.strip()]
    if not written:
        raise AnswerError("the answer holds no line")
    if len(written) > 1 and _alike(shown.text, "\n".join(written)):
        return whole(name, answer, briefing)
    margin = old[: len(old) - len(old.lstrip())]
    if not written[0][:1].isspace():
        written = [margin + each for each in written]
    start, end = lines.start(briefing.focus), lines.end(briefing.focus)
    new = shown.text[:start] + "\n".join(written) + shown.text[end:]
    return [_fix(name, answer, briefing, new)]


def _only_code(answer: str) -> list[str]:
    """Return the lines of the last fence, or of the answer without its reason."""
    if found := fenced(answer):
        return found[-1].split("\n")
    lines = [each for each in answer.split("\n") if each.strip() and not said_reason(each)]
    if len(lines) > 1:
        raise AnswerError("the answer holds more than the line")
    return [each.strip("`") if each.strip().startswith("`") else each for each in lines]


def _alike(text: str, other: str) -> float:
    """Return how much two texts have in common: that of the characters which the longer one has."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(text, other, score_cutoff=ALIKE))


def _fix(name: str, answer: str, briefing: Briefing, new: str, number: int = 0) -> Candidate:
    """Return the candidate that turns what was shown of a source into `new`, as edits of the user's text."""
    source, _ = briefing.texts[number]
    try:
        text = restored(new, briefing.report.language, briefing.veil)
    except RestoreError as error:
        raise AnswerError(str(error)) from error
    if [each.rstrip() for each in text.splitlines()] == [each.rstrip() for each in source.text.splitlines()]:
        raise AnswerError("the answer repeats the code as it is")
    if reason := beyond(briefing.report, source, text):
        raise AnswerError(f"the answer touches more than it must: {reason}")
    patch = Patch.between(source.text, text, source=source.name, applicability=Applicability.UNSAFE)
    said = briefing.veil.told(said_reason(answer)) or "a language model proposes this"
    return Candidate(patch, said, proposer=f"llm.{name}", prior=PRIOR)
