"""Labelling on the workers of a Dask cluster. What one machine does, many do, and the same files come out.

A worker gets the records of a part and gives back the bytes of its file; the client alone writes files, each once and
whole. So nothing is shared but the network, and a part whose worker is lost is labelled again by another one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bestfix._version import __version__
from bestfix.config import Settings
from bestfix.train.build import ENVIRONMENT, Part
from bestfix.train.label import SETTINGS
from bestfix.train.label_part import Order
from bestfix.train.record import failures_in, write_whole

__all__ = ["ClusterError", "build_on", "connected"]

RETRIES = 3
"""How often a part is tried again when labelling it fails; a lost worker is the scheduler's to count."""
PATIENCE = 60.0
"""Seconds to wait for the scheduler, and for a first worker."""
_SAID = 2000


class ClusterError(RuntimeError):
    """The cluster cannot be reached, is not fit for the work, or gave some of it up."""


@contextmanager
def connected(scheduler: str) -> Iterator[Any]:
    """Give a client of the scheduler, which has a worker and only workers with this version of bestfix.

    Args:
        scheduler: its address, such as `tcp://10.0.0.1:8786`.

    Raises:
        ClusterError: when it does not answer or has no fitting workers, or the extra `scale` is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(f"a cluster needs more packages: pip install 'bestfix[scale]' ({error})") from error
    try:
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler answers at {scheduler}: {error}") from error
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise ClusterError(f"the scheduler at {scheduler} has no workers (`dask worker {scheduler}`)") from error
        _same_versions(client.run(_version))
        yield client
    finally:
        client.close(timeout=PATIENCE)


def build_on(
    scheduler: str,
    parts: Sequence[Part],
    settings: Settings = SETTINGS,
    *,
    progress: Callable[[int, int, int], None],
) -> None:
    """Label the parts that are not there yet on a cluster, and write each; as `build` does on this machine.

    Args:
        scheduler: the address of the cluster's scheduler.
        parts: the parts; a database that they name must have the same path on every worker.
        settings: how candidates are made.
        progress: is told, after each part, how many of how many are done and how many failures the part has.

    Raises:
        ClusterError: when the cluster cannot be used, or gave parts up; what was labelled is written, and the same
            call goes on from there.
    """
    waiting = [part for part in parts if not part.path.exists()]
    done = len(parts) - len(waiting)
    progress(done, len(parts), 0)
    given_up: list[str] = []
    with connected(scheduler) as client:
        for part, data, problem in _labelled(client, waiting, settings):
            if data is None:
                given_up.append(f"{part.path}: {problem}")
                continue
            part.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(part.path, data)
            done += 1
            progress(done, len(parts), failures_in(data))
    if given_up:
        raise ClusterError(
            f"{len(given_up)} of {len(parts)} parts were given up; the same command tries them again. "
            f"The first: {given_up[0][:_SAID]}"
        )


def _labelled(client: Any, parts: Sequence[Part], settings: Settings) -> Iterator[tuple[Part, bytes | None, str]]:
    """Yield each part, as it is done, with the bytes of its file or why there are none."""
    from distributed import as_completed

    waiting = {}
    for part in parts:
        order = Order(part.records, settings, part.judge)
        key = f"label-{hashlib.sha256(order.text().encode()).hexdigest()[:24]}"
        waiting[client.submit(_shard, order, key=key, retries=RETRIES)] = part
    for future in as_completed([*waiting]):
        part = waiting.pop(future)
        error = future.exception() if future.status != "finished" else None
        yield part, None if error or future.status != "finished" else future.result(), f"{error or future.status}"
        future.release()


def _shard(order: Order) -> bytes:
    """Return the bytes of a labelled part's file; runs on a worker."""
    with tempfile.TemporaryDirectory(prefix="bestfix-part-") as folder:
        out = Path(folder) / "part.jsonl.gz"
        done = subprocess.run(  # noqa: S603 - it starts our own module, no shell reads it
            [sys.executable, "-m", "bestfix.train.label_part", str(out), str(os.getpid())],
            input=order.text(),
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"labelling ended with {done.returncode}: {done.stderr[-_SAID:]}")
        return out.read_bytes()


def _version() -> str:
    return __version__


def _same_versions(found: dict[str, str]) -> None:
    for worker, version in found.items():
        if version != __version__:
            raise ClusterError(f"the worker {worker} has bestfix {version}, this is {__version__}")
