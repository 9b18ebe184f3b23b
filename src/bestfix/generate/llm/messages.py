"""What is sent to a language model, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Completion", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model; equal requests are the same question.

    Attributes:
        strategy: the name of the strategy that asks.
        model: the model's name at its endpoint.
        system: the system message.
        user: the user message.
        temperature: 0 for the likeliest answer.
        n: how many answers are wanted; fewer may come.
        max_tokens: length of one answer at most.
        prediction: text that the answer is expected to repeat for the most part; empty for none.
    """

    strategy: str
    model: str
    system: str
    user: str
    temperature: float = 0.0
    n: int = 1
    max_tokens: int = 1024
    prediction: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered to one request.

    Attributes:
        texts: the answers, at most as many as were wanted.
        complete: for each answer whether it came to its own end, rather than being cut off.
        logprobs: for each answer the mean log-probability of its tokens; `None` where the endpoint gives none.
        model: the model's name as the endpoint says it.
        request_id: the endpoint's own id of the request; empty when it gives none.
        prompt_tokens: length of the request in tokens; `None` where the endpoint does not say.
        completion_tokens: length of all answers in tokens; `None` where the endpoint does not say.
        seconds: time from sending the request to the end of the last answer.
    """

    texts: tuple[str, ...]
    complete: tuple[bool, ...]
    logprobs: tuple[float | None, ...]
    model: str = ""
    request_id: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
