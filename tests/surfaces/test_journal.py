"""What was written can be taken back, unless the user has gone on working."""

import pytest

from bestfix.surfaces import journal as journals
from bestfix.surfaces.files import FileError
from bestfix.surfaces.journal import Journal


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal")


def _file(tmp_path, name="a.py", text="one"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_the_files_of_one_command_are_restored_together_the_last_write_first(tmp_path, journal):
    a, b = _file(tmp_path), _file(tmp_path, "b.py")
    journal.write(b, b"earlier", group="1")
    journal.write(a, b"two", group="2")
    journal.write(b, b"two", group="2")
    journal.write(a, b"three", group="2")
    for written in journal.last():
        journal.undo(written)
    assert (a.read_text(), b.read_text()) == ("one", "earlier")
    assert [w.group for w in journal.last()] == ["1"]


def test_one_file_is_restored_by_its_last_write(tmp_path, journal):
    a, b = _file(tmp_path), _file(tmp_path, "b.py")
    journal.write(a, b"two", group="1")
    journal.write(b, b"two", group="1")
    (written,) = journal.last(a)
    journal.undo(written)
    assert (a.read_text(), b.read_text()) == ("one", "two")
    assert journal.last(a) == []


def test_a_file_that_changed_since_is_restored_only_by_force(tmp_path, journal):
    a = _file(tmp_path)
    journal.write(a, b"two", group="1")
    a.write_text("my own")
    (written,) = journal.last()
    with pytest.raises(FileError, match="changed since"):
        journal.undo(written)
    assert a.read_text() == "my own"
    journal.undo(written, force=True)
    assert a.read_text() == "one"


def test_a_write_that_fails_is_not_noted(tmp_path, journal):
    a = _file(tmp_path)
    a.chmod(0o444)
    with pytest.raises(FileError):
        journal.write(a, b"two", group="1")
    assert journal.last() == []


def test_a_damaged_note_is_passed_over(tmp_path, journal):
    journal.write(_file(tmp_path), b"two", group="1")
    (journal.folder / "99999999999999999999-1.json").write_text("{")
    assert len(journal.last()) == 1


def test_old_notes_are_forgotten(tmp_path, journal, monkeypatch):
    monkeypatch.setattr(journals, "KEPT", 3)
    a = _file(tmp_path)
    for text in (b"2", b"3", b"4", b"5", b"6"):
        journal.write(a, text, group="1")
    assert len(journal.last()) == 3


def test_an_empty_journal_has_nothing(journal):
    assert journal.last() == []
