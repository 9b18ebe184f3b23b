"""One event loop in one thread, on which everything that waits for a network runs."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

__all__ = ["THREAD", "Background", "in_children"]

_T = TypeVar("_T")

THREAD = "bestfix-llm"
"""The name of the thread."""
CLOSING = 1.0
"""Seconds that closing may take."""


class Background:
    """An event loop in a daemon thread; it starts with the first coroutine.

    A child of a fork has the object but not the thread: there `forked` is true, and nothing can be submitted.
    """

    def __init__(self) -> None:
        self.forked = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._cleanups: list[Callable[[], Coroutine[Any, Any, None]]] = []
        in_children(self._forked)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop.

        Raises:
            RuntimeError: in a child of a fork.
        """
        if self.forked:
            raise RuntimeError(f"the event loop {THREAD} belongs to the parent process")
        with self._lock:
            if self._loop is None:
                self._loop = self._started()
            return self._loop

    def submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Run a coroutine; cancelling the future cancels it."""
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        except BaseException:  # a coroutine that never starts is closed, or Python warns; then it is raised on
            coroutine.close()
            raise

    def at_close(self, cleanup: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have a coroutine function called before the loop ends."""
        self._cleanups.append(cleanup)

    def close(self) -> None:
        """Cancel what runs, clean up, and end the thread; a later coroutine starts another."""
        if self.forked:
            return
        atexit.unregister(self.close)
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._ending(), loop).result(CLOSING)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSING)

    def _started(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        loop.set_default_executor(_DaemonThreads())
        self._thread = threading.Thread(target=_run, args=(loop,), name=THREAD, daemon=True)
        self._thread.start()
        atexit.register(self.close)
        return loop

    async def _ending(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        cleanups, self._cleanups = self._cleanups, []
        for cleanup in cleanups:
            await cleanup()

    def _forked(self) -> None:
        self.forked = True


def in_children(call: Callable[[], None]) -> None:
    """Have something called in every child of a fork, where there are forks."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=call)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


class _DaemonThreads(ThreadPoolExecutor):
    """A daemon thread for each call, so that a name server which never answers holds up neither others nor the exit."""

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Run a call in a thread of its own."""
        future: Future[_T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is raised again where the future is awaited
                future.set_exception(error)

        threading.Thread(target=work, name="bestfix-llm-call", daemon=True).start()
        return future
