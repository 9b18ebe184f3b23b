"""What libraries raise, in our own terms, with nothing that they quote."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx2
import pytest

from bestfix.generate.llm.errors import ConnectionFailedError, MalformedAnswerError
from bestfix.generate.llm.foreign import request_id, translated
from bestfix.generate.llm.keys import Key

KEY = Key("sk-1")


def raised(error, cause):
    """An error as it is when it was raised from another."""
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "quoted"), "no connection: Connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no connection: Name or service not known"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] quoted"), "no secure connection: TLS failed"),
        (ExceptionGroup("all", [OSError(errno.ENETUNREACH, "quoted")]), "no connection: Network is unreachable"),
        (httpx2.RemoteProtocolError("quoted sk-1"), "the connection broke: RemoteProtocolError"),
    ],
)
def test_a_connection_fails_in_the_systems_words(cause, message):
    found = translated(raised(httpx2.ConnectError("quoted sk-1"), cause), KEY)
    assert type(found) is ConnectionFailedError
    assert str(found).lower() == message.lower()


def test_what_is_not_known_is_named_by_its_type_alone():
    found = translated(ValueError("Illegal header value b'Bearer sk-1'"), KEY)
    assert type(found) is MalformedAnswerError
    assert str(found) == "the answer is not in the protocol: ValueError"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"x-request-id": "req_1"}, "req_1"),
        ({"request-id": "b", "apim-request-id": "c"}, "b"),
        ({"x-request-id": "two words"}, ""),
        ({"x-request-id": "\x1b[31m"}, ""),
        ({"x-request-id": "x" * 200}, ""),
        ({}, ""),
    ],
)
def test_only_what_may_be_an_id_is_logged(headers, found):
    assert request_id(headers) == found
