"""What a store and its writers survive: kills, full disks, folders that cannot be written, damage, forks, ends."""

import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bestfix.config import Log, Settings
from bestfix.core import Action, Decision
from bestfix.feedback.aside import moved
from bestfix.feedback.place import Place
from bestfix.feedback.reading import contents, opened
from bestfix.feedback.sink import Sink
from bestfix.feedback.store import Store, StoreError
from bestfix.feedback.tables import actions, failures
from bestfix.feedback.writer import Writer
from bestfix.recording import Recorder

HELPER = Path(__file__).parents[1] / "helpers" / "event_writer.py"
SILENT = Decision(None, "no fix was found")
PROCESSES = 8


def recorder(**log):
    return Recorder.of(Settings(log=Log(**log)), surface="test")


def counted(place, *surfaces):
    with opened(place) as store, store.reading() as connection:
        query = select(func.count()).select_from(failures)
        return connection.execute(query.where(failures.c.surface.in_(surfaces)) if surfaces else query).scalar_one()


def held_in(place):
    with opened(place) as store:
        return contents(store)


def address(place):
    return place.url or str(place.path)


@pytest.mark.xdist_group("postgres")
def test_what_was_acknowledged_is_there_after_kills(place):
    Store.open(place).close()
    writers = {
        f"w{n}": subprocess.Popen(
            [sys.executable, HELPER, address(place), f"w{n}", "100000"], stdout=subprocess.PIPE, text=True
        )
        for n in range(PROCESSES)
    }
    acknowledged = dict.fromkeys(writers, 0)

    def listen(name):
        for line in writers[name].stdout:
            acknowledged[name] = int(line)

    listeners = [threading.Thread(target=listen, args=(name,)) for name in writers]
    for listener in listeners:
        listener.start()
    until = time.monotonic() + 60
    while min(acknowledged.values()) == 0 and time.monotonic() < until:
        time.sleep(0.05)
    for writer in random.sample(list(writers.values()), PROCESSES):
        time.sleep(random.random() / 4)
        writer.send_signal(signal.SIGKILL)
    for writer, listener in zip(writers.values(), listeners, strict=True):
        writer.wait()
        listener.join()
        writer.stdout.close()
    assert all(acknowledged.values())
    for name, count in acknowledged.items():
        assert counted(place, name) >= count
    with opened(place) as store, store.reading() as connection:
        if place.path is not None:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        acted = connection.execute(select(func.count()).select_from(actions)).scalar_one()
    assert acted >= sum(acknowledged.values())


@pytest.mark.xdist_group("postgres")
def test_many_processes_begin_at_once(place):
    commands = [[sys.executable, HELPER, address(place), f"w{n}", "20"] for n in range(PROCESSES)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    assert all(writer.communicate(timeout=120)[0] == "20\n" for writer in writers)
    assert counted(place) == 20 * PROCESSES
    assert len(list(place.folder.glob("install.json*"))) == 1


def test_the_end_of_the_interpreter_loses_nothing(own_data):
    code = "import event_writer as w; w.main('', 'end', 19)"  # 19 is less than a flush
    subprocess.run([sys.executable, "-c", code], cwd=HELPER.parent, check=True, timeout=60)
    assert counted(Place.of(Log()), "end") == 19


def test_a_child_of_a_fork_writes_its_own(own_data):
    ours = recorder()
    ours.failure(SILENT)
    context = multiprocessing.get_context("fork")
    child = context.Process(target=lambda: (ours.failure(SILENT), ours.close()))
    child.start()
    child.join(60)
    ours.close()
    assert child.exitcode == 0
    assert counted(ours.writer.place) == 2
    ours.writer.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("LOUD: no file system can be mounted here; the limit on file sizes stands in for a full disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def filled(sink, events=400):
    """Write more than there is room for."""
    for n in range(events):
        sink.take([_Event(f"{n:06}")])


class _Event:
    """An event of 2 kB, to fill a disk."""

    def __init__(self, name):
        self.name = name

    def rows(self, _):
        row = {"id": self.name, "failure_id": "f" * 2000, "at": 1, "action": "shown", "revision": 0, "rank": None}
        return [("actions", row)]


def test_a_full_disk_stops_nobody_and_is_told(small_disk, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(small_disk))
    place = Place.of(Log())
    sink = Sink(place, 0)
    filled(sink)
    assert sink.trouble
    subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
    sink.close()
    held = held_in(place)
    assert held.actions + sum(held.lost.values()) == 400


def test_a_limit_on_file_sizes_stops_nobody(own_data):
    place = Place.of(Log())
    Store.open(place).close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sink = Sink(place, 0)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))
        filled(sink, 100)
        assert sink.trouble
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    sink.close()
    held = held_in(place)
    assert held.actions + sum(held.lost.values()) == 100


def test_a_home_that_cannot_be_written_stops_nobody(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    ours = recorder()
    assert ours.failure(SILENT)
    ours.close()
    assert ours.writer.trouble
    assert not Writer(Place.of(Log())).trouble
    ours.writer.close()


def test_a_locked_file_is_waited_for_in_the_spool(own_data):
    place = Place.of(Log())
    store = Store.open(place)
    sink = Sink(place, 0)
    with store.writing() as connection:
        connection.execute(failures.delete())
        sink.take([_Event("1")])
        assert "locked" in sink.trouble
        assert not sink.waiting
    store.close()
    sink.close()
    assert held_in(place).actions == 1


@pytest.mark.parametrize("damage", ["no database", "a broken page"])
def test_a_damaged_file_is_moved_aside(own_data, damage):
    place = Place.of(Log())
    sink = Sink(place, 0)
    sink.take([_Event(str(n)) for n in range(200)])
    sink.close()
    data = bytearray(place.path.read_bytes())
    data[:] = b"this is no database" if damage == "no database" else data[:4096] + os.urandom(len(data) - 4096)
    place.path.write_bytes(data)
    sink = Sink(place, 0)
    sink.take([_Event("new")])
    sink.close()
    assert len(moved(place.path)) == 1
    assert held_in(place).actions == 1


def test_a_file_that_is_removed_is_begun_anew(own_data):
    place = Place.of(Log())
    sink = Sink(place, 0)
    sink.take([_Event("old")])
    for file in place.folder.glob("events.db*"):
        file.unlink()
    sink.take([_Event("new")])
    sink.close()
    assert held_in(place).actions == 1


def test_a_queue_that_is_full_drops_and_counts(own_data, monkeypatch):
    monkeypatch.setattr("bestfix.feedback.writer.LIMIT", 10)
    ours = recorder()
    for _ in range(100):
        ours.failure(SILENT)
    ours.close()
    ours.close()
    held = held_in(ours.writer.place)
    assert held.failures + held.lost["the queue was full"] == 100
    assert held.lost["the queue was full"] > 0
    ours.writer.close()


@pytest.mark.xdist_group("postgres")
def test_a_row_that_is_refused_leaves_the_others(store):
    good = _Event("good").rows(None)
    [(table, row)] = _Event("bad").rows(None)
    refused = store.write([*good, (table, row | {"failure_id": "\ud800"}), *_Event("also good").rows(None)])
    assert refused == 1
    assert contents(store).actions == 2


def test_an_unreachable_server_fills_the_spool(own_data):
    place = Place.of(Log(url="postgresql://127.0.0.1:9/none"))
    sink = Sink(place, 0)
    sink.take([_Event("1")])
    assert sink.trouble
    assert list(place.spool.glob("*.jsonl"))
    with pytest.raises(StoreError):
        Store.open(place)


def test_off_holds_in_processes_that_run(own_data):
    ours = recorder()
    place = ours.writer.place
    place.folder.mkdir(parents=True)
    place.switch.touch()
    ours.failure(SILENT)
    ours.close()
    assert not place.path.exists()
    place.switch.unlink()
    ours.action(ours.failure(SILENT), Action.IGNORED)
    ours.close()
    assert counted(place) == 1
    ours.writer.close()
