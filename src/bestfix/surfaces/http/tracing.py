"""OpenTelemetry, when the environment names a collector: the stages of a fix, below the request that FastAPI traces."""

from __future__ import annotations

import os

from bestfix.core.tracing import Tracer
from bestfix.surfaces.http.options import ServeError

__all__ = ["tracer_of_environment"]

_COLLECTORS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def tracer_of_environment() -> Tracer | None:
    """Return what traces stages; `None` when no collector is named.

    Raises:
        ServeError: when one is named and OpenTelemetry is not installed.
    """
    if not any(os.environ.get(name) for name in _COLLECTORS):
        return None
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ServeError(f"traces need {error.name}: pip install 'bestfix[otel]'") from error
    name = os.environ.get("OTEL_SERVICE_NAME", "bestfix")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider.get_tracer("bestfix").start_as_current_span
