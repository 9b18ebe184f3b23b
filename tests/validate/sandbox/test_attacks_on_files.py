"""What code in a child tries with files, under every version of Landlock."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import landlock, run_apart

ATTACKS = {
    "write": lambda s: s.file.write_text("gone"),
    "append": lambda s: s.file.open("a"),
    "open to update": lambda s: os.open(s.file, os.O_RDWR),
    "truncate": lambda s: os.truncate(s.file, 0),
    "truncate while reading": lambda s: os.open(s.file, os.O_RDONLY | os.O_TRUNC),
    "truncate with no access": lambda s: os.open(s.file, 3 | os.O_TRUNC),
    "truncate through the session's own file": lambda s: s.writing.truncate(0),
    "write through the session's own file": lambda s: s.writing.write(b"x"),
    "write through /proc": lambda s: Path(f"/proc/self/fd/{s.writing.fileno()}").write_bytes(b"x"),
    "create": lambda s: (s.folder / "new").touch(),
    "create in the current folder": lambda s: Path("bestfix-was-here").touch(),
    "create without a name": lambda s: os.open(s.folder, os.O_TMPFILE | os.O_RDWR),
    "make a folder": lambda s: (s.folder / "new").mkdir(),
    "delete": lambda s: s.file.unlink(),
    "delete a folder": lambda s: (s.folder / "inner").rmdir(),
    "rename": lambda s: s.file.rename(s.folder / "other"),
    "replace": lambda s: s.file.replace(s.inner / "notes.txt"),
    "move away": lambda s: s.file.rename(Path(tempfile.gettempdir()) / "mine"),
    "move in": lambda s: _made().rename(s.file),
    "link in": lambda s: os.link(s.file, Path(tempfile.gettempdir()) / "mine"),
    "link": lambda s: os.link(s.file, s.folder / "again"),
    "symlink": lambda s: (s.folder / "again").symlink_to(s.file),
    "symlink out of the private folder": lambda s: _out(s.file).write_text("gone"),
    "a named pipe": lambda s: os.mkfifo(s.folder / "fifo"),
    "chmod": lambda s: s.file.chmod(0o777),
    "fchmod": lambda s: os.fchmod(s.reading.fileno(), 0o777),
    "chown": lambda s: os.chown(s.file, 1, 1),
    "utime": lambda s: os.utime(s.file, (0, 0)),
    "utime of an open file": lambda s: os.utime(s.reading.fileno(), (0, 0)),
    "set an attribute": lambda s: os.setxattr(s.file, "user.origin", b"child"),
    "remove an attribute": lambda s: os.removexattr(s.file, "user.origin"),
    "mount": lambda s: _mount(s.folder),
    "chroot": lambda s: os.chroot(s.folder),
    "a terminal": lambda s: os.open("/dev/pts/0", os.O_RDWR | os.O_NOCTTY),
    "a device": lambda s: os.open("/dev/kmsg", os.O_RDONLY),
    "the kernel's settings": lambda s: Path("/proc/sys/kernel/core_pattern").write_text("x"),
}


def _made() -> Path:
    path = Path(tempfile.gettempdir()) / "made"
    path.write_text("child")
    return path


def _out(target: Path) -> Path:
    path = Path(tempfile.gettempdir()) / "link"
    path.symlink_to(target)
    return path


def _mount(folder: Path) -> None:
    import ctypes

    if ctypes.CDLL(None, use_errno=True).mount(b"none", bytes(folder), b"tmpfs", 0, None):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5, None])
def test_no_file_changes(session, apart, monkeypatch, abi):
    if abi is not None:
        if landlock.abi() < abi:
            pytest.skip(f"the kernel has Landlock {landlock.abi()}")
        monkeypatch.setattr(landlock, "abi", lambda: abi)
    before = session.state

    def everything():
        refused = []
        for name, attack in ATTACKS.items():
            try:
                attack(session)
            except OSError as error:
                refused.append(f"{name}: {error.strerror}")
            else:
                refused.append(f"{name} WAS POSSIBLE")
        return refused

    ended = apart(everything)
    assert ended.answer is not None, ended.why
    assert "POSSIBLE" not in ended.answer.decode()
    assert session.state == before
    assert not Path("bestfix-was-here").exists()


def test_a_child_that_is_not_confined_could_do_it(session):
    """The attacks are real ones."""
    names = ("write", "append", "chmod", "utime", "set an attribute", "create", "link", "delete")

    def everything():
        for name in names:
            ATTACKS[name](session)
        return b"done"

    before = session.state
    assert run_apart([everything], Deadline.after(30), confined=False)[0].answer == b"done"
    assert session.state != before


def test_reading_is_allowed(session, apart):
    assert apart(lambda: session.file.read_text()).answer == rb"'a,b\n1,2\n'"
    assert apart(lambda: session.reading.read()).answer == rb"b'\n1,2\n'"
    assert session.reading.tell() == 3
    assert apart(lambda: Path(os.devnull).write_text("lost")).answer == b"4"


def test_the_private_folder_can_be_written_and_is_removed(apart):
    def work():
        with tempfile.NamedTemporaryFile("w+") as file:
            file.write("kept")
            file.seek(0)
            text = file.read()
        folder = Path(tempfile.mkdtemp())
        (folder / "left").write_text("behind")
        (folder / "left").rename(folder.parent / "moved")
        return text, tempfile.gettempdir()

    text, folder = eval(apart(work).answer)
    assert text == "kept"
    for _ in range(200):
        if not Path(folder).exists():
            break
        time.sleep(0.01)
    assert not Path(folder).exists()


def test_a_private_folder_full_of_traps_is_removed(tmp_path):
    from bestfix.validate.sandbox.folder import remove

    here, place = Path.cwd(), tmp_path / "traps"
    place.mkdir()
    os.chdir(place)
    try:
        for _ in range(1050):
            os.mkdir("d")
            os.chdir("d")
        Path("file").touch()
        os.mkdir("closed", 0)
    finally:
        os.chdir(here)
    (place / ".0").mkdir()
    (place / "link").symlink_to("/")
    remove(place)
    assert not place.exists()


def test_a_large_file_is_refused(apart):
    def fill():
        with tempfile.TemporaryFile() as file:
            file.write(bytes(100 << 20))

    assert "File too large" in apart(fill).why


def test_what_copies_files_still_works_in_the_private_folder(session, apart):
    def work():
        shutil.copyfile(session.file, Path(tempfile.gettempdir()) / "copy")
        return sorted(os.listdir(tempfile.gettempdir()))

    assert apart(work).answer == b"['copy']"
