"""What the routes share: one object, made when a worker process starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Annotated

import anyio
import anyio.to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bestfix.capture.catalog.database import Database
from bestfix.config import Settings
from bestfix.core.tracing import Tracer, tracer
from bestfix.surfaces.http.access.users import Users
from bestfix.surfaces.http.databases.engine import Engine
from bestfix.surfaces.http.databases.policy import Policy
from bestfix.surfaces.http.databases.pool import Pool, Pools
from bestfix.surfaces.http.databases.sample import SAMPLE, sample_database
from bestfix.surfaces.http.fixing import Fixing, warm
from bestfix.surfaces.http.gate import Gate
from bestfix.surfaces.http.metrics import Metrics
from bestfix.surfaces.http.options import Databases, ServeOptions
from bestfix.surfaces.http.problems import missing, refused
from bestfix.surfaces.http.recorded import Recorded
from bestfix.surfaces.http.results.shelf import Shelf
from bestfix.surfaces.http.state.sealed import Secret
from bestfix.surfaces.http.state.store import Connection, Store

__all__ = ["CurrentUser", "Service", "TheService", "sample_connection"]

_SWEEP = 15.0
"""Seconds between two looks at what nobody uses any more."""
_ASKING = 64
"""Requests that may wait for a language model at a time."""


@dataclass(frozen=True)
class Service:
    """A worker process.

    Attributes:
        options: how it behaves.
        store: keys, connections, history.
        secret: what is sealed and signed with.
        users: who asks.
        policy: what may be connected to.
        pools: open connections.
        shelf: open results.
        settings: the settings of failures, before experiments.
        fixing: how failures are worked on.
        runs: the gate to running statements and reading results.
        metrics: what is counted.
        tracer: what traces the stages of a fix; `None` when nobody watches.
    """

    options: ServeOptions
    store: Store
    secret: Secret
    users: Users
    policy: Policy
    pools: Pools
    shelf: Shelf
    settings: Settings
    fixing: Fixing
    runs: Gate
    metrics: Metrics
    tracer: Tracer | None = None

    @classmethod
    def started(cls, options: ServeOptions, settings: Settings, metrics: Metrics, tracer: Tracer | None) -> Service:
        """Open the store, make the sample database where it is not yet, load repairs; needs a running event loop."""
        home, limits = options.home, options.limits
        secret = Secret.of(options.secret, home)
        store = Store(options.store, home, secret, limits.history)
        sample_database(home)
        warm()
        fixing = Fixing(
            Gate("fixes", limits.fixing, limits.waiting),
            Gate("the language model", _ASKING, limits.waiting),
        )
        return cls(
            options=options,
            store=store,
            secret=secret,
            users=Users(options.access, store),
            policy=Policy(options.databases, limits.seconds),
            pools=Pools(),
            shelf=Shelf(limits.results),
            settings=_shared(settings, options.store),
            fixing=fixing,
            runs=Gate("statements", limits.running, limits.waiting),
            metrics=metrics,
            tracer=tracer,
        )

    def engine(self, user: str, connection: str) -> Engine:
        """Return the database of a user's connection.

        Raises:
            Problem: when there is no such connection, or what it names is not allowed any more.
        """
        if connection == SAMPLE:
            home = Databases(folders=(str(self.options.home),))
            return Policy(home, self.options.limits.seconds).engine("duckdb", str(sample_database(self.options.home)))
        found = self.store.connection(user, connection)
        if found is None:
            raise missing("connection")
        if not found.target:
            raise refused("the service's secret has changed since; connect again")
        return self.policy.engine(found.kind, found.target)

    def pool(self, user: str, connection: str) -> Pool:
        """Return the open connections to the database of a user's connection.

        Raises:
            Problem: as `engine` does.
        """
        return self.pools.of(user, self.engine(user, connection))

    def lease(self, user: str, connection: str) -> Callable[[], AbstractContextManager[Database]]:
        """Return what lends the database of a connection, once it is called."""
        return lambda: self.pool(user, connection).database()

    def watched(self) -> AbstractContextManager[object]:
        """Return what surrounds the work on one failure, so that its stages are traced below this request."""
        if self.tracer is None:
            return nullcontext()
        tracer.set(self.tracer)
        return self.tracer("fix")

    def recorded(self, user: str) -> Recorded:
        """Return what records a user's failures, and by which settings they are decided."""
        return Recorded.of(user, self.settings, self.options.limits.deadline, self.secret)

    async def tend(self) -> None:
        """Close what nobody uses any more, for ever."""
        while True:
            await anyio.sleep(_SWEEP)
            await anyio.to_thread.run_sync(self._sweep)

    def close(self) -> None:
        """Close everything."""
        self.shelf.clear()
        self.pools.sweep(idle=-1)
        self.store.close()
        self.metrics.close()

    def _sweep(self) -> None:
        self.shelf.sweep(self.options.limits.idle)
        self.pools.sweep(self.options.limits.idle)


def _shared(settings: Settings, store: str) -> Settings:
    """Return settings by which events go into the store that all replicas share, unless they name another place."""
    if not store.startswith("postgresql") or settings.log.url or settings.log.path:
        return settings
    return replace(settings, log=replace(settings.log, url=store))


def sample_connection() -> Connection:
    """Return everybody's connection to the sample database."""
    return Connection(SAMPLE, "Sample shop", "duckdb", "sample.duckdb", "sample.duckdb")


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


TheService = Annotated[Service, Depends(_service)]


_BEARER = HTTPBearer(auto_error=False, description="an API key, or a token of the OIDC issuer; nothing on a loopback")


async def _user(
    request: Request, service: TheService, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> str:
    return await service.users.user(request.headers.get("authorization", ""))


CurrentUser = Annotated[str, Depends(_user)]
