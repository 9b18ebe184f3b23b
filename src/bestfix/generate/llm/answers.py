"""Answers as they arrive, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bestfix.generate.llm.errors import TooLongError
from bestfix.generate.llm.messages import Completion

__all__ = ["Answer", "Answers", "joined"]

LONGEST_TOKEN = 32
"""Characters that a token has at most, on the average over an answer."""


@dataclass(slots=True)
class Answer:
    """One answer.

    Attributes:
        pieces: its text so far.
        ended: whether it came to its own end; `None` while the endpoint has not said.
        logprob: the sum of its tokens' log-probabilities.
        scored: how many tokens that sum is over.
    """

    pieces: list[str] = field(default_factory=list)
    ended: bool | None = None
    logprob: float = 0.0
    scored: int = 0


@dataclass(slots=True, eq=False)
class Answers:
    """The answers to one HTTP request.

    Attributes:
        wanted: how many were asked for.
        max_tokens: length of one at most.
        choices: the answers, by the index that the endpoint gives them.
        heard: whether anything has arrived.
        declined: whether the model or a filter refused to answer.
        model: the model's name as the endpoint says it.
        request_id: the endpoint's id of the request.
        prompt_tokens: length of the request.
        completion_tokens: length of all answers.
    """

    wanted: int
    max_tokens: int
    choices: dict[int, Answer] = field(default_factory=dict)
    heard: bool = False
    declined: bool = False
    model: str = ""
    request_id: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    _length: int = 0

    def at(self, index: object) -> Answer:
        """Return the answer of an index; one beyond what was asked for is a throw-away."""
        if not isinstance(index, int) or not 0 <= index < self.wanted:
            return Answer()
        return self.choices.setdefault(index, Answer())

    def add(self, index: object, text: str) -> None:
        """Add text to an answer.

        Raises:
            TooLongError: when all the text is longer than was asked for could ever be.
        """
        self.at(index).pieces.append(text)
        self._length += len(text)
        if self._length > self.wanted * self.max_tokens * LONGEST_TOKEN:
            raise TooLongError(f"the answer goes on after {self._length:,} characters, for {self.max_tokens} tokens")

    def finish(self) -> None:
        """Note that nothing more will come; an endpoint that never says how an answer ended has ended it."""
        for answer in self.choices.values():
            answer.ended = answer.ended is None or answer.ended


def joined(parts: Sequence[Answers], seconds: float) -> Completion:
    """Return what the answers to the HTTP requests of one question come to; answers without text are left out."""
    answers = [answer for part in parts for _, answer in sorted(part.choices.items()) if any(answer.pieces)]
    return Completion(
        texts=tuple("".join(answer.pieces) for answer in answers),
        complete=tuple(bool(answer.ended) for answer in answers),
        logprobs=tuple(answer.logprob / answer.scored if answer.scored else None for answer in answers),
        model=next((part.model for part in parts if part.model), ""),
        request_id=" ".join(part.request_id for part in parts if part.request_id),
        prompt_tokens=_total([part.prompt_tokens for part in parts]),
        completion_tokens=_total([part.completion_tokens for part in parts]),
        seconds=seconds,
    )


def _total(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
