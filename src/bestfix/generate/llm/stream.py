"""The events of an answer, out of the bytes of its body."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from bestfix.generate.llm.errors import MalformedAnswerError

__all__ = ["events"]

FAREWELL = 0.01
"""Seconds that a finished body has to end, so that its connection can be used again."""
NAMES = (b"data:", b"event:", b"id:", b"retry:", b":")
"""What a line of a stream of events may begin with."""
DONE = b"[DONE]"
LONGEST_NAME = max(map(len, NAMES))

Event = dict[str, Any]


async def events(chunks: AsyncIterator[bytes], content_type: str) -> AsyncIterator[Event]:
    """Yield the events of a body: server-sent ones, or the one that a document of JSON is; an empty one says the end.

    What a body is shows in its first character, since content types are often wrong. Lines end with a line feed and
    nothing else: the other separators that `splitlines` knows stand unescaped inside JSON strings.

    Raises:
        MalformedAnswerError: when the body is neither, or an event is no JSON object.
    """
    async for payload in _payloads(chunks, content_type):
        if payload == DONE:
            yield {}
            await _rest(chunks)
            return
        if payload:
            yield _parsed(payload)


async def _payloads(chunks: AsyncIterator[bytes], content_type: str) -> AsyncIterator[bytes]:
    """Yield what the lines of a stream carry; of a document all of it, and then the end."""
    buffer = b""
    document: bool | None = None
    async for chunk in chunks:
        buffer += chunk
        if document is None and (start := buffer.lstrip()[:LONGEST_NAME]):
            document = start.startswith(b"{")
            if not document and not any(start.startswith(name[: len(start)]) for name in NAMES):
                raise MalformedAnswerError(f"the answer is no JSON but {content_type or 'of no type'}")
        if not document and b"\n" in chunk:
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                yield _payload(line)
    if document:
        yield buffer
        yield DONE
    else:
        yield _payload(buffer)


def _payload(line: bytes) -> bytes:
    """Return what a line carries; empty for comments, names of events and blank lines."""
    name, _, value = line.partition(b":")
    return value.strip() if name == b"data" else b""


def _parsed(payload: bytes) -> Event:
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise MalformedAnswerError("the answer holds an event that is no JSON object")
    return event


async def _rest(chunks: AsyncIterator[bytes]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL):
            async for _ in chunks:
                pass
