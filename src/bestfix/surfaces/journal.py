"""What bestfix wrote, and how to take it back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bestfix.core import Decision, Scored
from bestfix.surfaces.files import FileError, TextFile, write_bytes

__all__ = ["Journal", "Written"]

KEPT = 200
"""Entries that are kept; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: the file.
        group: what is taken back together: the files of one command.
        digest: SHA-256 of what was written.
        before: what the file held before, in base 64.
        origin: the recorded decision, and the candidate of it, that was written; an empty one where none is recorded.
    """

    path: str
    group: str
    digest: str
    before: str
    origin: tuple[str, int] = ("", 0)

    @property
    def old(self) -> bytes:
        """What the file held before."""
        return base64.b64decode(self.before)


@dataclass(frozen=True, slots=True)
class Journal:
    """A folder with one small JSON file for each write, in the order of their names."""

    folder: Path

    @classmethod
    def default(cls) -> Journal:
        """Return the journal of the user."""
        from platformdirs import user_state_path

        return cls(user_state_path("bestfix") / "written")

    def write(self, path: Path, data: bytes, *, group: str, origin: tuple[str, int] = ("", 0)) -> None:
        """Write a file, after noting what it held.

        Raises:
            FileError: when the file, or the note, cannot be written; the file is then as it was.
        """
        path = path.resolve()
        try:
            old = path.read_bytes()
            note = self._note(Written(str(path), group, _digest(data), base64.b64encode(old).decode(), origin))
        except OSError as error:
            raise FileError(f"cannot write {path}: {error.strerror or error}") from error
        try:
            write_bytes(path, data)
        except FileError:
            note.unlink()
            raise

    def apply(self, decision: Decision, scored: Scored, *, group: str, origin: tuple[str, int] = ("", 0)) -> None:
        """Write the file that a fix edits.

        Raises:
            FileError: when there is no such file, it was changed since it ran, or it cannot be written.
        """
        name = scored.candidate.patch.source
        file = TextFile.read(Path(name))
        if file.text != decision.sources[name]:
            raise FileError(f"{name} was changed since it ran; nothing was written")
        self.write(file.path, file.with_text(scored.text).encoded(), group=group, origin=origin)

    def last(self, path: Path | None = None) -> list[Written]:
        """Return the last group of writes, the latest first; with a path, only the last write of that file."""
        wanted = None if path is None else str(path.resolve())
        found: list[Written] = []
        for _, written in self._entries():
            if wanted is not None and written.path == wanted:
                return [written]
            if wanted is None and (not found or written.group == found[0].group):
                found.append(written)
        return found

    def undo(self, written: Written, *, force: bool = False) -> None:
        """Give a file back what it held before a write, and forget the write.

        Raises:
            FileError: when the file was changed since and `force` is not given, or cannot be written.
        """
        path = Path(written.path)
        now = path.read_bytes() if path.is_file() else b""
        if _digest(now) != written.digest and now != written.old and not force:
            raise FileError(f"{path} was changed since bestfix wrote it; --force restores it all the same")
        write_bytes(path, written.old)
        for note, entry in self._entries():
            if entry == written:
                note.unlink()
                return

    def _note(self, written: Written) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        note = self.folder / f"{time.time_ns():020d}-{os.getpid()}.json"
        write_bytes(note, json.dumps(asdict(written)).encode())
        for old in sorted(self.folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return note

    def _entries(self) -> Iterator[tuple[Path, Written]]:
        """Yield the notes, the latest first; one that cannot be read is left out."""
        for note in sorted(self.folder.glob("*.json"), reverse=True):
            try:
                written = Written(**json.loads(note.read_bytes()))
                written.old  # noqa: B018 - a note that cannot be decoded is no note
            except (OSError, ValueError, TypeError, binascii.Error):
                continue
            yield note, written


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
