"""Names that nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.similar import near

__all__ = ["near_name"]


@repair("NameError")
def near_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the name that was meant: a near one that the session, Python or the cell defines.

    Why: names are mistyped, or remembered almost right.
    Example: `pritn("hi")` → `print("hi")`
    Safety: safe; nothing else can be meant by a name that does not exist.
    """
    source, span, _ = report.innermost
    name = report.error.details.get("name", "")
    if span is None or span.of(source.text) != name:
        return
    for match in near(name, context.names()):
        edit = Edit(span.start, span.end, match.name)
        reason = f"`{name}` is not defined; `{match.name}` is"
        yield Candidate.edit(source, edit, reason=reason, prior=match.score, evidence={"similarity": match.score})
