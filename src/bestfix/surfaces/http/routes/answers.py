"""The problems that every route may answer with, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from bestfix.surfaces.http.problems import ProblemDocument

__all__ = ["PROBLEMS"]

_TOLD = {
    401: "Nobody is told, or a key or token is not good",
    403: "The operator does not allow it, or a foreign page asks",
    404: "It is not there, or is another user's",
    408: "The request did not arrive in time",
    409: "A statement that writes was not confirmed, or the database is in use",
    413: "The request is too large",
    421: "The service is not called that",
    422: "The request cannot be understood",
    429: "There is too much to do; `Retry-After` says when to ask again",
    503: "The database has ended the connection; ask again",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemDocument, "description": description} for status, description in _TOLD.items()
}
"""By status."""
