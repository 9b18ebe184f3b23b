"""The user's files: read as Python reads them, written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
import tokenize
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import cache_from_source
from io import BytesIO
from pathlib import Path

__all__ = ["FileError", "TextFile", "write_bytes"]

SIZE_LIMIT = 50_000_000
"""Bytes of a file above which it is not read."""


class FileError(Exception):
    """A file cannot be read, or must not be written; the message says which and why."""


@dataclass(frozen=True, slots=True)
class TextFile:
    r"""A text file that can be written back byte for byte.

    Attributes:
        path: where it really is, links followed.
        text: its text; where all its lines end alike, with `\n`, as Python and its traceback module see it.
        encoding: the declared encoding (`utf-8-sig` for a byte order mark).
        newline: how its lines end.
    """

    path: Path
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"

    @classmethod
    def read(cls, path: Path) -> TextFile:
        """Return a file in the encoding that its byte order mark or coding cookie declares.

        Raises:
            FileError: when it is no readable text file of bounded size in that encoding.
        """
        try:
            path = path.resolve(strict=True)
            if not path.is_file():
                raise FileError(f"{path} is not a file")
            if (size := path.stat().st_size) > SIZE_LIMIT:
                raise FileError(f"{path} is too large: {size:,} bytes")
            data = path.read_bytes()
        except OSError as error:
            raise FileError(f"cannot read {path}: {error.strerror or error}") from error
        return cls.of(path, data)

    @classmethod
    def of(cls, path: Path, data: bytes) -> TextFile:
        """Return the file that `data` makes up.

        Raises:
            FileError: when it is not text in the encoding that it declares.
        """
        try:
            encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
            text = data.decode(encoding)
        except SyntaxError as error:
            raise FileError(f"cannot read {path}: {error.msg}") from error
        except UnicodeDecodeError as error:
            reason = f"byte 0x{data[error.start]:02x} at offset {error.start} is no {error.encoding}"
            raise FileError(f"cannot read {path}: {reason}; declare its encoding in the first line") from error
        newline = _newline(text)
        return cls(path, text if newline == "\n" else text.replace(newline, "\n"), encoding, newline)

    def with_text(self, text: str) -> TextFile:
        """Return the file with another text."""
        return replace(self, text=text)

    def encoded(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            FileError: when the text has characters that its encoding lacks.
        """
        text = self.text if self.newline == "\n" else self.text.replace("\n", self.newline)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            character = self.text[error.start : error.start + 1]
            raise FileError(f"{self.path} is {self.encoding}, which cannot hold {character!r}") from error


def write_bytes(path: Path, data: bytes) -> None:
    """Replace what a file holds, atomically, keeping its mode and owner; a link is followed and stays.

    Raises:
        FileError: when the file is read-only or its folder cannot be written.
    """
    path = path.resolve()
    try:
        old = path.stat() if path.exists() else None
        if old is not None and (not old.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK)):
            raise FileError(f"cannot write {path}: it is read-only")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror or error}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_over(Path(temporary), old)
        Path(temporary).replace(path)
        _forget_compiled(path)
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()


def _forget_compiled(path: Path) -> None:
    """Remove a module's compiled form: Python takes it for current when size and second of writing are the same."""
    if path.suffix == ".py":
        with suppress(OSError, NotImplementedError):
            Path(cache_from_source(str(path))).unlink(missing_ok=True)


def _take_over(temporary: Path, old: os.stat_result | None) -> None:
    """Give a new file the mode and owner of the one it replaces; a file that is new gets the usual mode."""
    if old is None:
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        return
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))


def _newline(text: str) -> str:
    r"""Return how every line of a text ends; `\n` where they differ, so that nothing is converted."""
    return "\r\n" if 0 < text.count("\r\n") == text.count("\n") == text.count("\r") else "\n"
