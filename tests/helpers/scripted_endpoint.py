"""A real HTTP server on loopback that answers as its script says, well or badly, in both protocols."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bestfix import Settings
from bestfix.config import LLM

EVENTS = {"content-type": "text/event-stream", "x-request-id": "req-1"}


@dataclass
class Exchange:
    """One request and the way to answer it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    writer: asyncio.StreamWriter

    @property
    def anthropic(self) -> bool:
        return self.path.endswith("/messages")

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, headers: dict[str, str] = EVENTS) -> None:
        """Begin an answer, whose body goes in chunks."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        await self.send(f"HTTP/1.1 {status} Scripted\r\n{lines}transfer-encoding: chunked\r\n\r\n".encode())

    async def chunk(self, data: bytes) -> None:
        """Send a part of the body; an empty one ends it."""
        await self.send(_frame(data))

    async def event(self, event: dict[str, Any] | str) -> None:
        text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        await self.chunk(f"data: {text}\n\n".encode())

    async def text(self, text: str, index: int = 0) -> None:
        """Send a piece of an answer."""
        if self.anthropic:
            await self.event({"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}})
        else:
            await self.event({"model": "m-1", "choices": [{"index": index, "delta": {"content": text}}]})

    async def end(self, reason: str = "stop", count: int = 1) -> None:
        """End the answers and the body."""
        if self.anthropic:
            stop = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}[reason]
            await self.event({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 7}})
            await self.event({"type": "message_stop"})
        else:
            for index in range(count):
                await self.event({"choices": [{"index": index, "delta": {}, "finish_reason": reason}]})
            await self.event({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}})
            await self.send(_frame(b"data: [DONE]\n\n") + _frame(b""))
            return
        await self.chunk(b"")


def _frame(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


Behaviour = Callable[[Exchange], Awaitable[None]]


def says(*texts: str, headers: dict[str, str] | None = None) -> Behaviour:
    """Stream answers, as many as the request wants of these."""

    async def behave(exchange: Exchange) -> None:
        wanted = texts[: exchange.body.get("n", 1)]
        await exchange.head(headers={**EVENTS, **(headers or {})})
        if exchange.anthropic:
            await exchange.event({"type": "message_start", "message": {"model": "m-1", "usage": {"input_tokens": 5}}})
        for index, text in enumerate(wanted):
            for start in range(0, len(text), 8):
                await exchange.text(text[start : start + 8], index)
        await exchange.end(count=len(wanted))

    return behave


def ignores_n(text: str) -> Behaviour:
    """Stream one answer, however many are wanted."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text(text)
        await exchange.end()

    return behave


def whole(text: str) -> Behaviour:
    """Answer with one document, as an endpoint that does not stream."""

    async def behave(exchange: Exchange) -> None:
        if exchange.anthropic:
            document: dict[str, Any] = {"type": "message", "model": "m-1", "stop_reason": "end_turn"}
            document |= {"content": [{"type": "text", "text": text}], "usage": {"input_tokens": 5, "output_tokens": 7}}
        else:
            document = {"model": "m-1", "usage": {"prompt_tokens": 5, "completion_tokens": 7}}
            document["choices"] = [{"index": 0, "message": {"content": text}, "finish_reason": "stop"}]
        await exchange.head(headers={"content-type": "application/json"})
        await exchange.chunk(json.dumps(document).encode())
        await exchange.chunk(b"")

    return behave


def body(data: bytes, content_type: str = "text/event-stream") -> Behaviour:
    """Answer with these bytes."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head(headers={"content-type": content_type})
        await exchange.chunk(data)
        await exchange.chunk(b"")

    return behave


def status(code: int, error: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Behaviour:
    """Refuse with a status."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head(code, {"content-type": "application/json", "x-request-id": "req-e", **(headers or {})})
        await exchange.chunk(json.dumps({"error": error or {"message": f"scripted {code}"}}).encode())
        await exchange.chunk(b"")

    return behave


def declines() -> Behaviour:
    """End the answer by the endpoint's filter, without text."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.end("content_filter")

    return behave


def never() -> Behaviour:
    """Take the request and say nothing."""

    async def behave(exchange: Exchange) -> None:
        await asyncio.sleep(3600)

    return behave


def slow(seconds: float, then: Behaviour) -> Behaviour:
    """Say nothing for a while."""

    async def behave(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await then(exchange)

    return behave


def head_only() -> Behaviour:
    """Send the head of an answer, and nothing more."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        await asyncio.sleep(3600)

    return behave


def half_a_head() -> Behaviour:
    """Stop in the middle of the head."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-ty")
        await asyncio.sleep(3600)

    return behave


def drips(interval: float, text: str = "x", *, comments: bool = False) -> Behaviour:
    """Send a piece now and then, for ever; as comments they are signs of life without text."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        while True:
            await (exchange.chunk(b": alive\n\n") if comments else exchange.text(text))
            await asyncio.sleep(interval)

    return behave


def stalls(text: str) -> Behaviour:
    """Send a piece, and then nothing more."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text(text)
        await asyncio.sleep(3600)

    return behave


def cuts_off(text: str = "") -> Behaviour:
    """Close the connection in the middle of an answer."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        if text:
            await exchange.text(text)
        exchange.writer.transport.abort()

    return behave


def closes() -> Behaviour:
    """Close the connection instead of answering."""

    async def behave(exchange: Exchange) -> None:
        exchange.writer.transport.abort()

    return behave


def huge(size: int = 10_000_000, *, line: bool = False) -> Behaviour:
    """Send an answer of so many bytes, in many events or in one line without an end."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head()
        piece = "x" * 50_000
        if line:
            await exchange.chunk(b'data: {"choices": [{"delta": {"content": "')
        for _ in range(size // len(piece)):
            await (exchange.chunk(piece.encode()) if line else exchange.text(piece))
        await exchange.end()

    return behave


@dataclass
class ScriptedEndpoint:
    """The server.

    Attributes:
        script: one behaviour for all requests, or one for each in turn, the last for all that follow.
        requests: what was asked, in order.
        dropped: how many requests the client gave up before their answer had ended.
        busy: how many requests are being answered.
        connections: how many connections were ever made.
        open: how many connections are open.
        port: where it listens.
    """

    script: Behaviour | Sequence[Behaviour] = field(default_factory=lambda: says("ok"))
    requests: list[Exchange] = field(default_factory=list)
    models: tuple[str, ...] = ("m-1", "m-2")
    dropped: int = 0
    busy: int = 0
    connections: int = 0
    open: int = 0
    port: int = 0

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was asked, as JSON."""
        return [exchange.body for exchange in self.requests]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def settings(self, **changes: Any) -> Settings:
        """Settings that ask this endpoint."""
        base = f"http://127.0.0.1:{self.port}" if changes.get("provider") == "anthropic" else self.url
        return Settings(llm=LLM(**{"model": "m-1", "base_url": base, **changes}))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        self.open += 1
        try:
            with suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
                while True:
                    exchange = await _read(reader, writer)
                    if exchange.path.endswith("/models"):
                        await self._list(exchange)
                    else:
                        await self._answer(reader, exchange)
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _list(self, exchange: Exchange) -> None:
        listed = [{"id": name, "object": "model", "type": "model"} for name in self.models]
        document = {"object": "list", "data": listed, "has_more": False}
        await exchange.head(headers={"content-type": "application/json"})
        await exchange.chunk(json.dumps(document).encode())
        await exchange.chunk(b"")

    async def _answer(self, reader: asyncio.StreamReader, exchange: Exchange) -> None:
        self.requests.append(exchange)
        number = len(self.requests) - 1
        behave = self.script if callable(self.script) else self.script[min(number, len(self.script) - 1)]
        self.busy += 1
        answering = asyncio.ensure_future(behave(exchange))
        leaving = asyncio.ensure_future(reader.read(1))
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        self.busy -= 1
        gone = leaving.done() and not answering.done()
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)
        if gone or (answering.done() and not answering.cancelled() and answering.exception()):
            self.dropped += 1
            raise ConnectionResetError


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    data = await reader.readexactly(int(headers.get("content-length", "0")))
    return Exchange(first.split(" ")[1].split("?")[0], headers, json.loads(data or b"{}"), writer)


@contextmanager
def scripted_endpoint() -> Iterator[ScriptedEndpoint]:
    """Serve on a free port, in a thread, until the block ends."""
    endpoint = ScriptedEndpoint()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="scripted-endpoint", daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0, backlog=1024)
        endpoint.port = server.sockets[0].getsockname()[1]
        return server

    async def stop() -> None:
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield endpoint
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
