"""What can go wrong between a request and a completion."""

from __future__ import annotations

from bestfix.core import Failure

__all__ = [
    "AnswerError", "CircuitOpenError", "ConnectionFailedError", "DeclinedError", "EmptyAnswerError", "KeyRefusedError",
    "LLMError", "LateError", "MalformedAnswerError", "MissingKeyError", "MissingLibraryError", "NetworkForbiddenError",
    "NotAskedError", "RateLimitedError", "RefusedError", "ServerFailedError", "TooLongError", "UnreachedError",
]  # fmt: skip


class LLMError(Exception):
    """A request has no completion.

    ```
    LLMError
    ├── NotAskedError              nothing was sent
    │   ├── NetworkForbiddenError  the settings forbid the network
    │   ├── MissingLibraryError    the client library is not installed
    │   ├── MissingKeyError        the endpoint needs a key, and there is none
    │   └── CircuitOpenError       the endpoint failed too often, and is left alone for a while
    ├── UnreachedError             nothing came back
    │   ├── ConnectionFailedError  no connection, or it broke
    │   └── LateError              the deadline passed
    ├── RefusedError               the endpoint said no, with a status
    │   ├── KeyRefusedError        401, 403
    │   ├── RateLimitedError       429
    │   └── ServerFailedError      5xx
    └── AnswerError                what came back is no answer
        ├── MalformedAnswerError   not in the protocol
        ├── TooLongError           far longer than was asked for
        ├── DeclinedError          the model or its filter declined
        └── EmptyAnswerError       no text
    ```

    A message names no key, no prompt and nothing that the endpoint wrote, since it travels on into logs and events.

    Attributes:
        detail: what the endpoint wrote, for a person who tries the connection; the key is masked in it.
        request_id: the endpoint's own id of the request; empty when it gave none.
        retries: how often asking again soon may help.
        dead: whether it speaks for an endpoint that does not work.
    """

    retries: int = 0
    dead: bool = False

    def __init__(self, message: str, *, detail: str = "", request_id: str = "") -> None:
        super().__init__(message)
        self.detail = detail
        self.request_id = request_id

    def failure(self, where: str) -> Failure:
        """Return the record of this error, for a decision."""
        return Failure(where, f"{type(self).__name__}: {self}")


class NotAskedError(LLMError):
    """Nothing was sent."""


class NetworkForbiddenError(NotAskedError):
    """The settings forbid the network."""


class MissingLibraryError(NotAskedError):
    """The client library is not installed."""


class MissingKeyError(NotAskedError):
    """The endpoint needs a key, and there is none."""


class CircuitOpenError(NotAskedError):
    """The endpoint failed too often, and is left alone for a while."""


class UnreachedError(LLMError):
    """Nothing came back."""

    dead = True


class ConnectionFailedError(UnreachedError):
    """No connection, or it broke; one that was kept may have broken long ago."""

    retries = 1


class LateError(UnreachedError):
    """The deadline passed."""


class RefusedError(LLMError):
    """The endpoint said no, with a status.

    Attributes:
        status: the HTTP status.
        code: the endpoint's own code and parameter, such as `"unsupported_parameter temperature"`.
    """

    def __init__(self, message: str, *, status: int, code: str = "", detail: str = "", request_id: str = "") -> None:
        super().__init__(message, detail=detail, request_id=request_id)
        self.status = status
        self.code = code
        if status in {408, 409, 425}:
            self.retries = 2

    @property
    def blames_request(self) -> bool:
        """Whether the same request with fewer parameters may be taken."""
        return self.status in {400, 422, 501}


class KeyRefusedError(RefusedError):
    """401 or 403: the key is wrong, or may not use the model."""

    dead = True


class RateLimitedError(RefusedError):
    """429: too many requests."""

    retries = 3


class ServerFailedError(RefusedError):
    """5xx: the endpoint itself failed."""

    retries = 2
    dead = True


class AnswerError(LLMError):
    """What came back is no answer."""


class MalformedAnswerError(AnswerError):
    """It is not in the protocol."""

    dead = True


class TooLongError(AnswerError):
    """It is far longer than was asked for."""


class DeclinedError(AnswerError):
    """The model or its filter declined."""


class EmptyAnswerError(AnswerError):
    """It has no text."""
