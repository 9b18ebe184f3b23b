"""What comes back from a child: bytes through a pipe, bounded, believed in nothing."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from dataclasses import dataclass, field

__all__ = ["Inbox", "send"]

_HEADER = struct.Struct("=cI")
_ANSWER, _FAILURE = b"A", b"F"


def send(fd: int, content: bytes, *, failed: bool = False) -> None:
    """Write a whole message."""
    data = _HEADER.pack(_FAILURE if failed else _ANSWER, min(len(content), 0xFFFFFFFF)) + content
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


@dataclass(slots=True)
class Inbox:
    """The reading end of a pipe, and the beginning of what came through it."""

    reader: int
    writer: int
    limit: int
    ended: bool = False
    _data: bytearray = field(default_factory=bytearray)

    @classmethod
    def opened(cls, limit: int) -> Inbox:
        """Return a new pipe of which `limit` bytes are kept."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        return cls(reader, writer, limit + _HEADER.size)

    def only_read(self) -> None:
        """Close the writing end in this process."""
        os.close(self.writer)
        self.writer = -1

    def read(self) -> None:
        """Read what is there, once, and keep it up to the limit."""
        if self.ended:
            return
        try:
            part = os.read(self.reader, 1 << 16)
        except BlockingIOError:
            return
        self.ended = not part
        self._data += part[: self.limit - len(self._data)]

    def close(self) -> None:
        """Close the pipe."""
        for fd in (self.reader, self.writer):
            if fd >= 0:
                with suppress(OSError):
                    os.close(fd)

    @property
    def complete(self) -> bool:
        """Whether a whole message is there, or one that will not be accepted."""
        if len(self._data) < _HEADER.size:
            return False
        kind, length = _HEADER.unpack_from(self._data)
        return kind not in {_ANSWER, _FAILURE} or len(self._data) >= min(self.limit, _HEADER.size + length)

    def message(self) -> tuple[bytes | None, str]:
        """Return the answer, or why there is none; neither when the child ended without a message."""
        if not self.complete:
            return None, ""
        kind, length = _HEADER.unpack_from(self._data)
        content = bytes(self._data[_HEADER.size : _HEADER.size + length])
        if kind == _ANSWER and length == len(content):
            return content, ""
        if kind == _ANSWER:
            return None, f"its answer of {length} bytes is too long"
        if kind == _FAILURE:
            return None, content[:1000].decode(errors="replace")
        return None, "its answer is no answer"

    @property
    def text(self) -> str:
        """What came, as text."""
        return bytes(self._data[: self.limit - _HEADER.size]).decode(errors="replace")
