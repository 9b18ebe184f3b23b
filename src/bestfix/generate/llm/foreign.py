"""What the client libraries raise, in terms of our own errors."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

from bestfix.generate.llm.errors import (
    ConnectionFailedError,
    KeyRefusedError,
    LLMError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    ServerFailedError,
)
from bestfix.generate.llm.keys import Key

__all__ = ["request_id", "translated"]

_IDENTIFIER = re.compile(r"[A-Za-z][\w.-]{1,60}")
_REQUEST_ID = re.compile(r"[\w.:/+=-]{1,100}")
_ID_HEADERS = ("x-request-id", "request-id", "apim-request-id")
DETAIL = 500
"""Characters of what an endpoint wrote that are kept."""


def request_id(headers: Mapping[str, str]) -> str:
    """Return the endpoint's own id of a request; empty when it gives none that could be one."""
    found = (headers.get(name, "") for name in _ID_HEADERS)
    return next((text for text in found if _REQUEST_ID.fullmatch(text)), "")


def translated(error: Exception, key: Key) -> LLMError:
    """Return our error for one of a client library.

    The libraries' errors hold the request with its headers: nothing of them is kept but what is no secret.
    """
    if isinstance(error, LLMError):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _refused(error, status, key)
    if _is_transport(error):
        return ConnectionFailedError(_why(error))
    return MalformedAnswerError(f"the answer is not in the protocol: {type(error).__name__}")


def _refused(error: Any, status: int, key: Key) -> RefusedError:
    body = error.body if isinstance(error.body, Mapping) else {}
    inner = body["error"] if isinstance(body.get("error"), Mapping) else body
    names = (inner.get(name) for name in ("type", "code", "param"))
    code = " ".join(dict.fromkeys(name for name in names if isinstance(name, str) and _IDENTIFIER.fullmatch(name)))
    kind = {401: KeyRefusedError, 403: KeyRefusedError, 429: RateLimitedError}.get(
        status, ServerFailedError if status >= 500 else RefusedError
    )
    return kind(
        f"status {status}" + (f" ({code})" if code else ""),
        status=status,
        code=code,
        detail=key.masked(str(inner.get("message") or error.body or ""))[:DETAIL],
        request_id=request_id(error.response.headers),
    )


def _is_transport(error: BaseException) -> bool:
    import httpx2

    return any(isinstance(cause, OSError | httpx2.TransportError | httpx2.StreamError) for cause in _causes(error))


def _why(error: BaseException) -> str:
    """Return what the system says of a connection; a library's own words may quote what was sent."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "reason", None) or "TLS failed"
            return f"no secure connection: {reason.replace('_', ' ').lower()}"
        if isinstance(cause, OSError) and cause.errno is not None:
            return f"no connection: {os.strerror(cause.errno) if cause.errno > 0 else cause.strerror}"
    return f"the connection broke: {type(causes[-1]).__name__}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            yield from _causes(seen.exceptions[0])
        seen = seen.__cause__ or seen.__context__
