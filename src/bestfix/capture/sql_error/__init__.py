"""What a database said becomes a `Report`: one table of message patterns per engine."""

from bestfix.capture.sql_error.report import error_info, report_sql

__all__ = ["error_info", "report_sql"]
