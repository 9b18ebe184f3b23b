"""Anthropic's messages."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, cast

from bestfix.generate.llm.answers import Answers
from bestfix.generate.llm.background import THREAD
from bestfix.generate.llm.endpoint import Endpoint
from bestfix.generate.llm.errors import MalformedAnswerError
from bestfix.generate.llm.keys import Key
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.provider import Body

if TYPE_CHECKING:
    import httpx2

__all__ = ["AnthropicMessages"]


class AnthropicMessages:
    """An endpoint through the library `anthropic`. It gives one answer a request, and no log-probabilities."""

    def __init__(self, endpoint: Endpoint, key: Key, http: httpx2.AsyncClient) -> None:
        from anthropic import AsyncAnthropic

        logging.getLogger("anthropic._base_client").addFilter(_tells_no_prompt)
        self._library: Any = AsyncAnthropic(
            api_key=key.value or "none", base_url=endpoint.base_url, http_client=http, max_retries=0, timeout=None
        )

    def open(self, request: Request, n: int, without: frozenset[str]) -> AbstractAsyncContextManager[Body]:  # noqa: ARG002 - the protocol has neither
        """Send a request for one answer; the protocol has no temperature."""
        create = self._library.messages.with_streaming_response.create
        body = create(
            model=request.model,
            system=request.system,
            messages=[{"role": "user", "content": request.user}],
            max_tokens=request.max_tokens,
            stream=True,
        )
        return cast("AbstractAsyncContextManager[Body]", body)

    def read(self, event: Mapping[str, Any], answers: Answers) -> None:
        """Add a streamed event, or a whole message where the endpoint does not stream."""
        match event.get("type"):
            case "message_start":
                _read_message(event["message"], answers)
            case "message":
                _read_message(event, answers)
            case "content_block_delta" if event["delta"].get("type") == "text_delta":
                answers.add(0, event["delta"]["text"])
            case "message_delta":
                _read_end(event["delta"].get("stop_reason"), event.get("usage") or {}, answers)
            case "error":
                raise MalformedAnswerError("the endpoint reports an error in the middle of its answer")

    async def models(self) -> list[str]:
        """Return the names of the endpoint's models."""
        return sorted([model.id async for model in self._library.models.list()])


def _tells_no_prompt(record: logging.LogRecord) -> bool:
    """Keep what the library logs for debugging, whole prompts among it, out of the log when it works for us."""
    return record.levelno > logging.DEBUG or record.threadName != THREAD


def _read_message(message: Mapping[str, Any], answers: Answers) -> None:
    answers.model = str(message.get("model") or "")
    answers.prompt_tokens = (message.get("usage") or {}).get("input_tokens")
    for block in message.get("content") or ():
        if block.get("type") == "text":
            answers.add(0, block["text"])
    if reason := message.get("stop_reason"):
        _read_end(reason, message.get("usage") or {}, answers)


def _read_end(reason: object, usage: Mapping[str, Any], answers: Answers) -> None:
    answers.completion_tokens = usage.get("output_tokens", answers.completion_tokens)
    answers.declined |= reason == "refusal"
    answers.at(0).ended = reason in {"end_turn", "stop_sequence"}
