"""A function of ours in a forked child: bounded in time and memory, silent; only its result comes back."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TypeVar

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import Limits, run_apart

__all__ = ["ChildError", "in_child", "limit_memory"]

T = TypeVar("T")

MEMORY = 6 << 30
"""Bytes of address space that a child may have."""


class ChildError(RuntimeError):
    """A child gave no result: it was killed at its time limit, crashed, or raised."""


def in_child(function: Callable[[], T], *, seconds: float, memory: int = MEMORY) -> T:
    """Return what `function` returns in a forked child of this process.

    The child sees this process as it is now and changes nothing in it; it may write files, for it is trusted.

    Raises:
        ChildError: when it takes longer than `seconds`, dies, or raises.
    """
    limits = Limits(cpu=seconds + 1, memory=memory, file=memory, processes=1000, answer=64 << 20)
    [ended] = run_apart([lambda: pickle.dumps(function())], Deadline.after(seconds), limits, confined=False)
    if ended.answer is None:
        raise ChildError(ended.why)
    result: T = pickle.loads(ended.answer)  # noqa: S301 - written by our own child
    return result


def limit_memory(memory: int = MEMORY) -> None:
    """Bound the address space of this process."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
