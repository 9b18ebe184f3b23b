"""Files are read in their own encoding and written whole or not at all."""

import os
import py_compile
import stat
from pathlib import Path

import pytest

from bestfix.surfaces.files import FileError, TextFile, write_bytes


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1\n",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\r\ny = 2\n",
        b"x = 1\ry = 2\r",
        b"\xef\xbb\xbfx = 1\n",
        "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
        b"",
        b"x = 1",
    ],
)
def test_what_is_read_is_written_back_byte_for_byte(tmp_path, data):
    path = tmp_path / "a.py"
    path.write_bytes(data)
    file = TextFile.read(path)
    assert file.encoded() == data
    assert "\ufeff" not in file.text


def test_line_ends_that_are_alike_are_seen_as_python_sees_them(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\r\ny = 2\r\n")
    file = TextFile.read(path)
    assert file.text == "x = 1\ny = 2\n"
    assert file.with_text("x = 1\ny = 3\n").encoded() == b"x = 1\r\ny = 3\r\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = '\xe9'\n", "invalid or missing encoding declaration"),
        (b"\n\n\nx = '\xe9'\n", "byte 0xe9 at offset 8 is no utf-8; declare its encoding"),
        (b"# coding: klingon\n", "unknown encoding"),
    ],
)
def test_a_text_in_no_known_encoding_is_refused_with_a_reason(tmp_path, data, message):
    path = tmp_path / "a.py"
    path.write_bytes(data)
    with pytest.raises(FileError, match=message):
        TextFile.read(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(FileError, match="not a file"):
        TextFile.read(tmp_path)
    with pytest.raises(FileError, match="No such file"):
        TextFile.read(tmp_path / "missing.py")


def test_a_character_that_the_encoding_lacks_is_refused(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"# coding: ascii\nx = 1\n")
    with pytest.raises(FileError, match="ascii, which cannot hold 'é'"):
        TextFile.read(path).with_text("x = 'é'").encoded()


def test_mode_and_link_survive_a_write(tmp_path):
    path, link = tmp_path / "a.py", tmp_path / "link.py"
    path.write_text("old")
    path.chmod(0o750)
    link.symlink_to(path)
    write_bytes(link, b"new")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.py", "link.py"]


def test_a_read_only_file_is_left_alone(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(FileError, match="read-only"):
        write_bytes(path, b"new")
    assert path.read_text() == "old"


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(FileError, match="cannot write"):
        write_bytes(tmp_path / "missing" / "a.py", b"new")


def test_a_write_that_fails_leaves_no_trace(tmp_path, monkeypatch):
    path = tmp_path / "a.py"
    path.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        write_bytes(path, b"new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.py"]


def test_what_a_module_was_compiled_to_goes_with_its_old_text(tmp_path):
    path = tmp_path / "helper.py"
    path.write_bytes(b"x = 1\n")
    compiled = Path(py_compile.compile(str(path), doraise=True))
    write_bytes(path, b"x = 2\n")
    assert not compiled.exists()
