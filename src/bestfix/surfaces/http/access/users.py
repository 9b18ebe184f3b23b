"""The user of a request, and how many requests they may make."""

from __future__ import annotations

import math
import time

import anyio.to_thread
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from bestfix.surfaces.http.access.oidc import Issuer
from bestfix.surfaces.http.options import Access
from bestfix.surfaces.http.problems import Problem, busy
from bestfix.surfaces.http.state.store import Store

__all__ = ["LOCAL", "Users"]

LOCAL = "local"
"""The user of a service that asks nobody who they are."""


class Users:
    """Tells who asks.

    Args:
        access: who may ask.
        store: where the keys are.
    """

    def __init__(self, access: Access, store: Store) -> None:
        self._access, self._store = access, store
        self._issuer = Issuer(access.issuer, access.audience, access.key_set) if access.issuer else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._allowed = RateLimitItemPerMinute(access.rate)

    async def user(self, authorization: str) -> str:
        """Return the user of a request by its `Authorization` header, and count the request.

        Raises:
            Problem: when nobody is told, or too many requests come.
        """
        user = await self._told(authorization) if self._access.required else LOCAL
        if not await self._limiter.hit(self._allowed, user):
            wait = (await self._limiter.get_window_stats(self._allowed, user)).reset_time - time.time()
            raise busy("too many requests; wait a little", max(math.ceil(wait), 1))
        return user

    async def _told(self, authorization: str) -> str:
        scheme, _, token = authorization.partition(" ")
        user = await anyio.to_thread.run_sync(self._known, token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            message = "send a valid API key or token: Authorization: Bearer …"
            raise Problem(401, "unauthorized", message, {"WWW-Authenticate": "Bearer"})
        return user

    def _known(self, token: str) -> str | None:
        user = self._store.user_of_key(token)
        return user or (self._issuer.user(token) if self._issuer is not None else None)
