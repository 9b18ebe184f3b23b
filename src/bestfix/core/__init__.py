"""The nouns of the system; standard library only."""

from bestfix.core.candidate import Asked, Attempt, Candidate, Decision, Failure, Outcome, Scored, Verdict
from bestfix.core.catalog import Catalog, Column, DatabaseContext, ForeignKey, Table
from bestfix.core.context import Cell, Context, EmptyContext, Key, Kind, Value
from bestfix.core.deadline import Deadline
from bestfix.core.edit import Applicability, Edit, EditError, Patch
from bestfix.core.outcome import Action, Exposure, Habit, Habits
from bestfix.core.report import ErrorInfo, Frame, Language, Report, Source, Span

__all__ = [
    "Action", "Applicability", "Asked", "Attempt", "Candidate", "Catalog", "Cell", "Column", "Context",
    "DatabaseContext", "Deadline", "Decision", "Edit", "EditError", "EmptyContext", "ErrorInfo", "Exposure", "Failure",
    "ForeignKey", "Frame", "Habit", "Habits", "Key", "Kind", "Language", "Outcome", "Patch", "Report", "Scored",
    "Source", "Span", "Table", "Value", "Verdict",
]  # fmt: skip
