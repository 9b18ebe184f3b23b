"""The socket that worker processes share."""

from __future__ import annotations

import socket

import pytest

from bestfix.surfaces.http.listening import SharedListener


@pytest.fixture
def listener():
    with SharedListener() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        yield listener


def test_one_connection_is_taken_at_a_time(listener):
    with socket.create_connection(listener.getsockname()), socket.create_connection(listener.getsockname()):
        for _ in range(2):
            taken, _ = listener.accept()
            taken.close()
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_nobody_there_is_not_counted_as_taken(listener):
    with pytest.raises(BlockingIOError):
        listener.accept()
    with socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        taken.close()


def test_it_takes_the_place_of_a_socket():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = bound.getsockname()
        with SharedListener.of(bound) as listener:
            assert listener.getsockname() == address
        assert bound.fileno() == -1
