"""Answers from children that say anything."""

import os

from hypothesis import given
from hypothesis import strategies as st

from bestfix.validate.sandbox.messages import Inbox, send

LIMIT = 100


def received(data, limit=LIMIT):
    """Return an inbox that has got these bytes, and no more."""
    inbox = Inbox.opened(limit)
    os.write(inbox.writer, data)
    inbox.only_read()
    while not inbox.ended:
        inbox.read()
    inbox.close()
    return inbox


@given(
    st.binary(max_size=300) | st.binary(max_size=20).map(lambda rest: b"A" + rest) | st.binary().map(lambda b: b"F" + b)
)
def test_any_bytes_are_an_answer_or_none(data):
    inbox = received(data)
    answer, why = inbox.message()
    assert answer is None or (len(answer) <= LIMIT and answer in data and not why)
    assert len(inbox.text) <= LIMIT


@given(st.binary(max_size=LIMIT))
def test_an_answer_arrives_as_it_was(content):
    reader, writer = os.pipe()
    send(writer, content)
    os.close(writer)
    data = os.read(reader, 1000)
    os.close(reader)
    assert received(data).message() == (content, "")


def test_why_there_is_none_arrives_too():
    reader, writer = os.pipe()
    send(writer, b"it broke", failed=True)
    data = os.read(reader, 1000)
    for fd in (reader, writer):
        os.close(fd)
    assert received(data).message() == (None, "it broke")
