"""`bestfix serve keys`: the API keys of the service."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bestfix.surfaces.http.options import ServeOptions
from bestfix.surfaces.http.state.sealed import Secret
from bestfix.surfaces.http.state.store import Store

__all__ = ["make", "revoke", "show"]


def make(user: str, data: str, store: str) -> int:
    """Make a key of a user's and print it."""
    with _store(data, store) as opened:
        print(opened.new_key(user))
    return 0


def show(data: str, store: str) -> int:
    """Print the keys without their secret halves."""
    with _store(data, store) as opened:
        for key in opened.all_keys():
            print(f"{key.id}  {key.created:%Y-%m-%d %H:%M}  {key.user}")
    return 0


def revoke(key: str, data: str, store: str) -> int:
    """Take a key back; return 1 when there is none."""
    with _store(data, store) as opened:
        if opened.drop_key(key):
            return 0
    print(f"bestfix: there is no key {key}", file=sys.stderr)
    return 1


@contextmanager
def _store(data: str, store: str) -> Iterator[Store]:
    options = ServeOptions(folder=data, store=store, secret=os.environ.get("BESTFIX_SERVE_SECRET", ""))
    secret = Secret.of(options.secret, options.home)
    with closing(Store(options.store, options.home, secret, options.limits.history)) as opened:
        yield opened
