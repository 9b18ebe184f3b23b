"""From what happened to a `Report` and a `Context`: live exceptions, tracebacks as text, the session's objects."""

from bestfix.capture.exception import report_exception, report_syntax
from bestfix.capture.frames import Origins, causes, failing_frame, leading
from bestfix.capture.ipython import cell_name, cell_sources
from bestfix.capture.namespace import LiveContext, LiveValue
from bestfix.capture.text import report_text

__all__ = [
    "LiveContext", "LiveValue", "Origins", "causes", "cell_name", "cell_sources", "failing_frame", "leading",
    "report_exception", "report_syntax", "report_text",
]  # fmt: skip
