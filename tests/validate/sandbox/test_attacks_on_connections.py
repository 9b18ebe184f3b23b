"""What code in a child tries with the network, with what the session holds open, and with its database."""

import asyncio
import ctypes
import fcntl
import os
import select
import socket
import subprocess
import sys
import termios
from contextlib import suppress

import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import run_apart

NEW_SOCKETS = {
    "TCP": lambda: socket.create_connection(("127.0.0.1", 9)),
    "a server": lambda: socket.create_server(("127.0.0.1", 0)),
    "UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "IPv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
    "a Unix socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "vsock": lambda: socket.socket(40, socket.SOCK_STREAM),
    "a pair of datagram sockets": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
    "a name": lambda: socket.getaddrinfo("example.org", 80),
}


def refused(attacks):
    """Return what each attack raised; say so when it raised nothing."""
    answers = {}
    for name, attack in attacks.items():
        try:
            attack()
        except (OSError, ValueError) as error:
            answers[name] = type(error).__name__
        else:
            answers[name] = "POSSIBLE"
    return answers


def test_no_new_socket(session, apart):
    before = session.state
    ended = apart(lambda: refused(NEW_SOCKETS))
    assert ended.answer is not None, ended.why
    assert "POSSIBLE" not in ended.answer.decode()
    assert session.state == before


def test_a_pair_of_streams_reaches_nobody(tmp_path, apart):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "socket"))
        server.listen()

        def attack():
            ours, _ = socket.socketpair()
            path = str(tmp_path / "socket")
            ways = {
                "connect": lambda: ours.connect(path),
                "sendto": lambda: ours.sendto(b"x", path),
                "sendmsg": lambda: ours.sendmsg([b"x"], [], 0, path),
                "bind": lambda: ours.bind(str(tmp_path / "other")),
                "listen": ours.listen,
            }
            return refused(ways)

        assert "POSSIBLE" not in apart(attack).answer.decode()
        assert not select.select([server], [], [], 0)[0]


def test_an_event_loop_runs(apart):
    assert apart(lambda: asyncio.run(asyncio.sleep(0, "done"))).answer == b"'done'"


def test_what_the_session_holds_open_hears_nothing(session, apart):
    before = session.state
    ways = {
        "socket": lambda: session.socket.send(b"x"),
        "datagram": lambda: session.datagram.send(b"x"),
        "pipe": lambda: os.write(session.pipe[1], b"x"),
        "file": lambda: os.write(session.writing.fileno(), b"x"),
        "pass on": lambda: socket.send_fds(session.socket, [b"x"], [0]),
    }
    harmless = {
        "event": lambda: os.eventfd_write(session.event, 1),
        "shut down": lambda: session.socket.shutdown(socket.SHUT_RDWR),
        "option": lambda: session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1),
        "poller": lambda: session.poller.unregister(session.pipe[0]),
        "flags": lambda: os.set_blocking(session.socket.fileno(), False),
        "flags of the pipe": lambda: os.set_blocking(session.pipe[0], True),
        "seek": lambda: session.reading.seek(0),
        "read": lambda: session.reading.read(),
        "unlock": lambda: fcntl.flock(session.writing, fcntl.LOCK_UN),
    }

    def attack():
        answers = refused(ways)
        for way in harmless.values():
            with suppress(OSError):
                way()
        return answers

    fcntl.flock(session.writing, fcntl.LOCK_EX)
    ended = apart(attack)
    assert "POSSIBLE" not in ended.answer.decode()
    assert apart(lambda: os.closerange(3, 100)).why == "it left with status 0 and no answer"
    assert session.state == before
    with open(session.writing.name) as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_bytes_for_the_session_are_not_taken(session, apart):
    session.peer.send(b"for the session")
    os.write(session.pipe[1], b"kept")
    os.eventfd_write(session.event, 5)

    def attack():
        os.set_blocking(session.socket.fileno(), False)
        return session.socket.recv(100), os.read(session.pipe[0], 100)

    assert apart(attack).answer == b"(b'', b'')"
    assert session.socket.recv(100) == b"for the session"
    assert os.read(session.pipe[0], 100) == b"kept"
    assert os.eventfd_read(session.event) == 5


def test_the_open_files_of_the_session_cannot_be_reached_through_proc(session, apart):
    before, parent = session.state, os.getpid()
    ways = {
        f"{kind} {fd}": lambda fd=fd, flags=flags: os.read(os.open(f"/proc/{parent}/fd/{fd}", flags | os.O_NONBLOCK), 1)
        for fd in (session.pipe[0], session.pipe[1], session.writing.fileno())
        for kind, flags in (("read", os.O_RDONLY), ("write", os.O_WRONLY))
    }
    assert "POSSIBLE" not in apart(lambda: refused(ways)).answer.decode()
    assert session.state == before


def test_the_database_hears_nothing(postgres, postgres_server, contents, apart):
    import psycopg

    before = contents(postgres)
    postgres.execute("CREATE TEMP TABLE seen (x int)")
    postgres.execute("INSERT INTO seen VALUES (1)")  # a transaction is open

    def attack():
        ways = {
            "cancel": lambda: postgres.cancel_safe(timeout=1),
            "delete": lambda: postgres.execute("DELETE FROM orders"),
            "commit": postgres.commit,
            "roll back": postgres.rollback,
            "below psycopg": lambda: os.write(postgres.fileno(), b"X\x00\x00\x00\x04"),
            "another connection": lambda: psycopg.connect(f"{postgres_server} dbname=shop"),
        }
        answers = {}
        for name, way in ways.items():
            try:
                way()
            except (psycopg.Error, OSError) as error:
                answers[name] = type(error).__name__
            else:
                answers[name] = "POSSIBLE"
        postgres.close()
        return answers

    ended = apart(attack)
    assert ended.answer is not None, ended.why
    assert "POSSIBLE" not in ended.answer.decode()
    assert postgres.execute("SELECT x FROM seen").fetchall() == [(1,)]
    postgres.commit()
    assert contents(postgres) == before


TERMINAL = """
import fcntl, os, termios
from contextlib import suppress
from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import run_apart

def push():
    found = []
    for fd in (0, 1, 2, 3):
        with suppress(OSError):
            fcntl.ioctl(fd, termios.TIOCSTI, b"x")
            found.append("POSSIBLE")
    for path in ("/dev/tty", NAME):
        with suppress(OSError):
            os.open(path, os.O_RDONLY | os.O_NOCTTY)
            found.append("POSSIBLE")
    return repr(found).encode()

NAME = os.ttyname(0)
os.dup2(0, 3)
[ended] = run_apart([push], Deadline.after(10))
print(ended.answer, ended.why, termios.tcgetattr(0)[3] != 0)
"""


def test_nothing_is_typed_into_the_terminal():
    ours, theirs = os.openpty()

    def own_terminal():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    done = subprocess.run(
        [sys.executable, "-c", TERMINAL],
        stdin=theirs,
        capture_output=True,
        text=True,
        preexec_fn=own_terminal,
        check=True,
    )
    assert done.stdout.split() == ["b'[]'", "True"]
    os.set_blocking(theirs, False)
    with pytest.raises(BlockingIOError):
        os.read(theirs, 10)
    os.close(ours)
    os.close(theirs)


def test_the_numbers_of_closed_sockets_stay_in_use():
    """What is opened in a child does not take the number of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def work():
            with open("/etc/hostname") as file:
                return b"%d" % (file.fileno() == ours.fileno())

        assert run_apart([work], Deadline.after(5))[0].answer == b"0"


def test_the_source_of_chance_stays_open(apart):
    with open("/dev/urandom", "rb", buffering=0) as source:
        assert apart(lambda: len(source.read(8))).answer == b"8"


def test_raw_calls_are_refused_as_well(session, apart):
    libc = ctypes.CDLL(None, use_errno=True)
    before = session.state
    calls = {  # x86_64 and aarch64
        "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "io_uring_setup": (425, 425),
        "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219),
        "ptrace": (101, 117), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "memfd_create": (319, 279),
        "inotify_init1": (294, 26), "fanotify_init": (300, 262), "mq_open": (240, 180), "shmget": (29, 194),
        "msgget": (68, 186), "semget": (64, 190), "unshare": (272, 97), "setns": (308, 268), "personality": (135, 92),
        "sched_setscheduler": (144, 119), "setpriority": (141, 140), "setsid": (112, 157), "setpgid": (109, 154),
        "kcmp": (312, 272), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138), "reboot": (169, 142),
        "swapoff": (168, 225), "init_module": (175, 105), "settimeofday": (164, 170), "sethostname": (170, 161),
        "quotactl": (179, 60), "acct": (163, 89), "sync": (162, 81), "execve": (59, 221), "execveat": (322, 281),
        "open_by_handle_at": (304, 265), "syslog": (103, 116), "move_mount": (429, 429), "fsopen": (430, 430),
        "capset": (126, 91), "setuid": (105, 146), "setreuid": (113, 145), "ioprio_set": (251, 30), "iopl": (172, None),
    }  # fmt: skip
    column = ("x86_64", "aarch64").index(os.uname().machine)

    def attack():
        allowed = []
        for name, numbers in calls.items():
            if numbers[column] is not None and libc.syscall(numbers[column], 0, 0, 0, 0, 0, 0) != -1:
                allowed.append(name)
            elif numbers[column] is not None and ctypes.get_errno() not in {1, 38}:
                allowed.append(f"{name} {ctypes.get_errno()}")
        return allowed

    assert apart(attack).answer == b"[]"
    assert session.state == before
