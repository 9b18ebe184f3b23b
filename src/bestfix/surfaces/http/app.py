"""The application: routes behind guards."""

from __future__ import annotations

import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from bestfix._version import __version__
from bestfix.config import Settings
from bestfix.surfaces.http.documents import named_as_on_the_wire
from bestfix.surfaces.http.guards.arrival import ArrivalGuard
from bestfix.surfaces.http.guards.headers import SecurityHeaders
from bestfix.surfaces.http.guards.origin import OriginGuard, names_of
from bestfix.surfaces.http.metrics import Metrics, RequestMetrics
from bestfix.surfaces.http.options import ServeOptions
from bestfix.surfaces.http.problems import Problem, answered
from bestfix.surfaces.http.routes import connections, events, fix, health, history, page, run
from bestfix.surfaces.http.service import Service
from bestfix.surfaces.http.tracing import tracer_of_environment
from bestfix.validate.sandbox.libc import end_with_parent

__all__ = ["create_app", "worker_app"]

_THREADS = 100
"""Threads of a worker process: as many as all gates together let in, and some for its own database."""


def create_app(options: ServeOptions, settings: Settings) -> FastAPI:
    """Return the application of one worker process."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        service = Service.started(options, settings, metrics, tracer_of_environment())
        app.state.service = service
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(service.tend)
            yield
            tasks.cancel_scope.cancel()
        service.close()

    app = _Application(
        title="bestfix",
        version=__version__,
        summary="The right fix for failing code and queries, and what a SQL editor needs besides.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"logs": False},
    )
    for routes in (fix, events, run, connections, history, health, page):
        app.include_router(routes.router)
    if page.STATIC.is_dir():
        app.mount("/assets", StaticFiles(directory=page.STATIC / "assets", check_dir=False), name="assets")
    app.add_exception_handler(Problem, answered)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)
    _guard(app, options)
    app.add_middleware(RequestMetrics, metrics=metrics)
    return app


def worker_app() -> FastAPI:
    """Return the application by what the starting process left in the environment, and end when that one does."""
    if (parent := parent_process()) and parent.pid:
        end_with_parent(parent.pid, signal.SIGTERM)
    return create_app(ServeOptions.handed_over(), Settings.load())


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, in the wire's words."""
        return named_as_on_the_wire(super().openapi())


def _guard(app: FastAPI, options: ServeOptions) -> None:
    """Put the guards before the routes; what is added last is asked first."""
    access, limits = options.access, options.limits
    app.add_middleware(ArrivalGuard, most=limits.body, patience=limits.patience)
    if access.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(access.origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(OriginGuard, names=names_of(options), origins=access.origins)
    app.add_middleware(SecurityHeaders)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """Answer a request that has not the form that it must have: where, and what is wrong there."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what this handler is registered for
    found = error.errors()[0]
    place = ".".join(str(part) for part in found["loc"][1:])
    said = str(found["msg"]).removeprefix("Value error, ")
    return Problem(422, "invalid", f"{place}: {said}" if place else said).response()


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    return Problem(error.status_code, "http", str(error.detail), error.headers).response()


async def _bug(request: Request, error: Exception) -> JSONResponse:
    """Answer a bug of ours; the log names it, and neither tells what the request held."""
    logging.getLogger("bestfix.http").error("%s %s: %s", request.method, request.url.path, type(error).__name__)
    return Problem(500, "internal", "something went wrong in the service; its log says what").response()
