"""The accessors `.dt` and `.str` of a column whose values are of another class."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Applicability, Candidate, Context, Edit, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.attribute_site import AttributeSite
from bestfix.generate.python.writing.edits import import_edit

__all__ = ["datetime_column", "text_column"]


@repair("AttributeError")
def datetime_column(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a column of dates that were read as text into dates before asking for their parts.

    Why: files hold text; a column becomes dates only when it is told to.
    Example: `df["when"].dt.year` → `pd.to_datetime(df["when"]).dt.year`
    Safety: safe where the texts are dates; it fails where they are not.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.name != "dt" or ".dt accessor" not in report.error.message:
        return
    pandas, edits = _pandas(site)
    for node in site.same():
        span = site.tree.span(node.value)
        edits.append(Edit(span.start, span.end, f"{pandas}.to_datetime({site.text(node.value)})"))
    text = site.text(site.node.value)
    yield Candidate.edit(site.source, *edits, reason=f"`{text}` holds no dates yet", prior=0.88)


@repair("AttributeError")
def text_column(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a column into text before its methods of text are used.

    Why: a column that looks like text was read as numbers.
    Example: `df["zip"].str.zfill(5)` → `df["zip"].astype(str).str.zfill(5)`
    Safety: unsafe: what is missing becomes the text `nan`.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.name != "str" or ".str accessor" not in report.error.message:
        return
    edits = [Edit.insert(site.tree.span(node.value).end, ".astype(str)") for node in site.same()]
    text = site.text(site.node.value)
    yield Candidate.edit(
        site.source, *edits, reason=f"`{text}` holds no text", prior=0.87, applicability=Applicability.UNSAFE
    )


def _pandas(site: AttributeSite) -> tuple[str, list[Edit]]:
    """Return what pandas is called in the session, and the edits that import it where it is not."""
    names = [n.id for n in site.tree.nodes(ast.Name)] + ["pd", "pandas"]
    for name in dict.fromkeys(names):
        value = site.context.value(name)
        if value is not None and value.kind is Kind.MODULE and value.type_name == "pandas":
            return name, []
    return "pd", [import_edit(site.tree, "import pandas as pd")]
