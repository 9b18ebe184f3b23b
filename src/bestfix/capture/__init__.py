"""From what happened to a `Report` and a `Context`: live exceptions, tracebacks as text, the session's objects."""

from bestfix.capture.exception import report_exception, report_syntax
from bestfix.capture.namespace import LiveContext, LiveValue

__all__ = ["LiveContext", "LiveValue", "report_exception", "report_syntax"]
