"""Libraries whose threads a child lost: what still works there, and what is seen to wait for ever."""

import subprocess
import sys
import threading
import time

import duckdb
import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestRegressor

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import run_apart

POINTS = np.random.default_rng(0).random((2000, 5))
WORK = {
    "matrices": lambda: (POINTS.T @ POINTS).shape,
    "OpenMP": lambda: KMeans(3, n_init=1).fit(POINTS).inertia_ > 0,
    "joblib": lambda: len(RandomForestRegressor(4, n_jobs=2).fit(POINTS, POINTS[:, 0]).estimators_),
    "DuckDB": lambda: duckdb.sql("SELECT sum(range) FROM range(1000000)").fetchall(),
}


@pytest.mark.parametrize("name", WORK)
def test_these_go_on_with_one_thread(name):
    expected = WORK[name]()
    [ended] = run_apart([lambda: repr(WORK[name]()).encode()], Deadline.after(30))
    assert ended.answer == repr(expected).encode(), ended.why


def held():
    """Wait for a lock that another thread of the session holds."""
    LOCK.acquire()
    return b""


LOCK = threading.Lock()
LOST = {
    "Polars": lambda: pl.DataFrame({"a": [1, 2]}).lazy().filter(pl.col("a") > 1).collect().height.to_bytes(1, "big"),
    "a lock": held,
}


@pytest.mark.parametrize("name", LOST)
def test_what_waits_for_a_lost_thread_is_not_waited_for(name):
    with LOCK:
        if name == "Polars":
            LOST[name]()
        started = time.monotonic()
        [ended] = run_apart([LOST[name]], Deadline.after(30))
    assert ended.why == "it waits for a thread that a copy of the session does not have"
    assert time.monotonic() - started < 10


def test_waiting_for_a_thread_of_its_own_is_not_that():
    def work():
        thread = threading.Thread(target=time.sleep, args=(0.2,))
        thread.start()
        thread.join()
        return b"joined"

    assert run_apart([work], Deadline.after(30))[0].answer == b"joined"


MULTIPLYING = """
import os
import threading
import numpy as np
from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import run_apart

matrix = np.ones((800, 800))

def multiply():
    while True:
        matrix @ matrix

for _ in range(3):
    threading.Thread(target=multiply, daemon=True).start()
print({ended.why for _ in range(20) for ended in run_apart([lambda: b"x"], Deadline.after(5))}, flush=True)
os._exit(0)  # OpenBLAS hangs when a process ends in such a state, fork or not
"""


def test_a_session_whose_threads_multiply_matrices_does_not_hang():
    done = subprocess.run([sys.executable, "-c", MULTIPLYING], capture_output=True, text=True, check=True, timeout=60)
    assert "other threads of the session are computing" in done.stdout


@pytest.mark.parametrize(
    ("name", "why"), [("theirs", "other threads of the session are computing"), ("bestfix-llm", "")]
)
def test_threads_that_compute_in_the_interpreter(name, why):
    going = True

    def spin():
        while going:
            pass

    thread = threading.Thread(target=spin, name=name, daemon=True)
    thread.start()
    found = [ended.why for _ in range(5) for ended in run_apart([lambda: b"x"], Deadline.after(30))]
    going = False
    thread.join()
    assert why in found
    assert why or set(found) == {""}
