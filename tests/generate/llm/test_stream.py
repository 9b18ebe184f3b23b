"""However the bytes of a body are cut into chunks, its events are the same."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.generate.llm.errors import MalformedAnswerError
from bestfix.generate.llm.stream import events

OBJECTS = st.lists(st.dictionaries(st.text(), st.text() | st.none(), min_size=1), max_size=5)


def read(chunks):
    """The events of a body."""

    async def body():
        for chunk in chunks:
            yield chunk

    async def collected():
        return [event async for event in events(body(), "text/plain")]

    return asyncio.run(collected())


def cut(data, places):
    ends = [*sorted(place % (len(data) + 1) for place in places), len(data)]
    starts = [0, *ends]
    return [data[start:end] for start, end in zip(starts, ends, strict=False)]


@given(OBJECTS, st.lists(st.integers(0, 10_000), max_size=30), st.sampled_from(["\n\n", "\r\n\r\n", "\n: alive\n\n"]))
def test_a_stream_of_events(objects, places, separator):
    lines = [*(f"data: {json.dumps(one, ensure_ascii=False)}" for one in objects), "data: [DONE]"]
    data = separator.join(["event: message", *lines]).encode()
    assert read(cut(data, places)) == [*objects, {}]


@given(OBJECTS, st.lists(st.integers(0, 10_000), max_size=10))
def test_a_document(objects, places):
    document = {"choices": objects}
    assert read(cut(b" \n" + json.dumps(document, indent=1).encode(), places)) == [document, {}]


@given(st.lists(st.binary(max_size=20), max_size=10))
def test_any_bytes_are_events_or_malformed(chunks):
    try:
        found = read(chunks)
    except MalformedAnswerError:
        return
    assert all(isinstance(event, dict) for event in found)


@pytest.mark.parametrize("body", [b"<html>", b"Internal error", b"null", b"[]", b"[DONE]", b"dat", b"\xef\xbb\xbf{}"])
def test_what_is_no_protocol_has_no_events(body):
    try:
        assert read([body]) == []
    except MalformedAnswerError as error:
        assert "text/plain" in str(error)  # noqa: PT017 - either will do
