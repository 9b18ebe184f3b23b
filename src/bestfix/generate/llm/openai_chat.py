"""OpenAI's chat completions, which most servers speak."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, cast

from bestfix.generate.llm.answers import Answer, Answers
from bestfix.generate.llm.endpoint import HOMES, Endpoint
from bestfix.generate.llm.errors import MalformedAnswerError
from bestfix.generate.llm.keys import Key
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.provider import Body

if TYPE_CHECKING:
    import httpx2

__all__ = ["OpenAIChat"]


class OpenAIChat:
    """An endpoint through the library `openai`; bodies are read by us: its own events take seven times as long."""

    def __init__(self, endpoint: Endpoint, key: Key, http: httpx2.AsyncClient) -> None:
        from openai import AsyncOpenAI

        self._library: Any = AsyncOpenAI(
            api_key=key.value or "none", base_url=endpoint.base_url, http_client=http, max_retries=0, timeout=None
        )
        if endpoint.base_url != HOMES["openai"]:
            self._library.organization = self._library.project = None

    def open(self, request: Request, n: int, without: frozenset[str]) -> AbstractAsyncContextManager[Body]:
        """Send a request for `n` answers, leaving out the parameters that the endpoint does not take.

        They go as the extra body, which the library does not look through by type: that takes a fifth of the whole.
        """
        create = self._library.chat.completions.with_streaming_response.create
        body = create(model=request.model, messages=[], stream=True, extra_body=_parameters(request, n, without))
        return cast("AbstractAsyncContextManager[Body]", body)

    def read(self, event: Mapping[str, Any], answers: Answers) -> None:
        """Add a chunk, or a whole completion where the endpoint does not stream."""
        if not event:
            answers.finish()
            return
        if event.get("error"):
            raise MalformedAnswerError("the endpoint reports an error in the middle of its answer")
        answers.model = answers.model or str(event.get("model") or "")
        for choice in event.get("choices") or ():
            _read_choice(choice, answers)
        if isinstance(usage := event.get("usage"), Mapping):
            answers.prompt_tokens = usage.get("prompt_tokens")
            answers.completion_tokens = usage.get("completion_tokens")

    async def models(self) -> list[str]:
        """Return the names of the endpoint's models."""
        return sorted([model.id async for model in self._library.models.list()])


def _parameters(request: Request, n: int, without: frozenset[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "messages": [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "stream_options": {"include_usage": True},
    }
    if n > 1:
        parameters["n"] = n
    if request.prediction and "prediction" not in without:
        parameters["prediction"] = {"type": "content", "content": request.prediction}
    else:
        parameters["logprobs"] = True
    if "max_tokens" in without:
        parameters["max_completion_tokens"] = request.max_tokens
    return {name: value for name, value in parameters.items() if name not in without}


def _read_choice(choice: Mapping[str, Any], answers: Answers) -> None:
    index = choice.get("index") or 0
    said = choice.get("delta") or choice.get("message") or {}
    answer = answers.at(index)
    _read_logprobs(choice.get("logprobs"), answer)
    if reason := choice.get("finish_reason"):
        answer.ended = reason not in {"length", "content_filter"}
    answers.declined |= bool(said.get("refusal")) or reason == "content_filter"
    if text := _text(said.get("content")):
        answers.add(index, text)


def _read_logprobs(logprobs: Any, answer: Answer) -> None:
    for token in (logprobs or {}).get("content") or ():
        answer.logprob += token["logprob"]
        answer.scored += 1


def _text(content: Any) -> str:
    """Return the text of a message, which may come as a list of parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if part.get("type") == "text")
    return content if isinstance(content, str) else ""
