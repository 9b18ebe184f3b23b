"""What Prometheus reads: requests and their times by route, fixes by outcome, what waits and what is open."""

from __future__ import annotations

import os
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bestfix.core import Decision

__all__ = ["Metrics", "RequestMetrics"]

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The measurements of one application; with several worker processes, of all together."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter("bestfix_requests", "Requests.", ["method", "route", "status"], registry=registry)
        self.seconds = Histogram(
            "bestfix_request_seconds", "Time to the end of the answer.", ["route"], buckets=_BUCKETS, registry=registry
        )
        self.fixes = Counter("bestfix_fixes", "Decisions.", ["language", "shown"], registry=registry)
        self.working = Gauge(
            "bestfix_working", "Threads at work.", ["gate"], registry=registry, multiprocess_mode="livesum"
        )
        self.waiting = Gauge(
            "bestfix_waiting", "Requests that wait.", ["gate"], registry=registry, multiprocess_mode="livesum"
        )
        self.results = Gauge(
            "bestfix_open_results", "Results that are open.", registry=registry, multiprocess_mode="livesum"
        )

    def decided(self, language: str, decision: Decision) -> None:
        """Count a decision."""
        self.fixes.labels(language, "yes" if decision.shown is not None else "no").inc()

    def text(self) -> bytes:
        """Return the measurements in Prometheus's format."""
        if not os.environ.get(_FOLDER):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # prometheus_client types half of itself
        return generate_latest(together)

    def close(self) -> None:
        """Take this process out of what is open now."""
        if os.environ.get(_FOLDER):
            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]  # prometheus_client types half of itself


class RequestMetrics:
    """Counts and times each request by its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in {"GET", "POST", "DELETE", "OPTIONS"} else "other"
            self._metrics.requests.labels(method, route, status).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - started)
