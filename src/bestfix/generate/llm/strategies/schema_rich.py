"""Ask with as much of the schema as fits: the tables, frames and objects near the failure, ranked."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.core import Candidate
from bestfix.generate.llm.briefing import Briefing
from bestfix.generate.llm.messages import Request
from bestfix.generate.llm.strategies.base import Options
from bestfix.generate.llm.strategies.fixes import edited
from bestfix.generate.llm.strategies.prompt import EDITS, asked

__all__ = ["SchemaRich", "schema_rich"]

TASK = f"""\
The sections `session` and `catalog` say which objects, columns and tables there are: use only names that stand there, \
in the code, or that the edit itself defines.
{EDITS}"""
SHARES = {"catalog": 0.7, "session": 0.5, "other cells": 0.1}


@dataclass(frozen=True, slots=True)
class SchemaRich:
    """Most of the prompt is schema."""

    name: str = "schema-rich"

    def request(self, briefing: Briefing, options: Options) -> Request:
        """Return the question."""
        return asked(self.name, briefing, options, task=TASK, shares=SHARES)

    def candidates(self, answer: str, briefing: Briefing) -> list[Candidate]:
        """Return the fix."""
        return edited(self.name, answer, briefing)


schema_rich = SchemaRich()
