"""Noticing that a client has gone, so that nobody works for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request

from bestfix.surfaces.http.problems import Problem

__all__ = ["while_connected"]

T = TypeVar("T")


async def while_connected(
    request: Request, work: Callable[[], Awaitable[T]], gone: Callable[[], object] | None = None
) -> T:
    """Return what `work` gives; cancel it when the client goes.

    Args:
        request: the request, its body read.
        work: what the client waits for.
        gone: called in a thread when the client goes, for work in a thread that must be told to stop.

    Raises:
        Problem: when the client has gone: nobody will read it.
    """
    ended: list[T] = []
    failed: list[Exception] = []

    async def worked(scope: anyio.CancelScope) -> None:
        try:
            ended.append(await work())
        except Exception as error:  # noqa: BLE001 - raised again once the group, which would wrap it, has ended
            failed.append(error)
        scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worked, tasks.cancel_scope)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()
        if gone is not None:
            with anyio.CancelScope(shield=True), suppress(Exception):  # nobody is left to tell what stopping met
                await anyio.to_thread.run_sync(gone)
    if failed:
        raise failed[0]
    if not ended:
        raise Problem(499, "gone", "the client has gone")
    return ended[0]
