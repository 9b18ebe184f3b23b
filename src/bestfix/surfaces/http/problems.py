"""What the service refuses, as one exception that carries its answer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["Problem", "ProblemDocument", "answered", "busy", "forbidden", "missing", "refused"]


class ProblemDocument(BaseModel):
    """Why a request was not served."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "not_found", "error": "there is no such connection"}]}
    )

    code: str = Field(description="what went wrong, for programs")
    error: str = Field(description="what went wrong and what to do, for people")


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """A request that is not served.

    Attributes:
        status: the HTTP status.
        code: what went wrong, for programs.
        message: what went wrong and what to do, for people; it holds no secret.
        headers: further headers of the answer.
    """

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})

    def response(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse({"code": self.code, "error": self.message}, self.status, self.headers)


def missing(what: str) -> Problem:
    """Return that something is not there, or is another user's, which is not told apart."""
    return Problem(404, "not_found", f"there is no such {what}")


def refused(message: str) -> Problem:
    """Return that a request has no meaning here."""
    return Problem(422, "invalid", message)


def forbidden(message: str) -> Problem:
    """Return that the operator of the service does not allow something."""
    return Problem(403, "not_allowed", message)


def busy(message: str, seconds: int = 1) -> Problem:
    """Return that there is too much to do, and when to ask again."""
    return Problem(429, "busy", message, {"Retry-After": str(seconds)})


async def answered(_: Request, problem: Exception) -> JSONResponse:
    """Answer a request with its problem."""
    assert isinstance(problem, Problem)  # noqa: S101 - what this handler is registered for
    return problem.response()
