"""Methods as other classes and other languages call them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.attributes.synonym_table import SYNONYMS
from bestfix.generate.python.reading.attribute_site import AttributeSite
from bestfix.generate.python.writing.templates import filled

__all__ = ["synonym"]


@repair("AttributeError")
def synonym(report: Report, context: Context) -> Iterator[Candidate]:
    """Use what this class offers for a method that another class or another language has.

    Why: `add`, `push` and `append`, `length` and `len` are mixed up between classes and languages.
    Example: `items.push(3)` → `items.append(3)`
    Safety: safe; the class has the method.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None:
        return
    for cls in (site.owner.type_name, *site.owner.bases):
        new = SYNONYMS.get(cls, {}).get(site.name)
        if new is None:
            continue
        edits = list(_edits(site, new))
        shown = re.sub(r"\{self\}", "x", re.sub(r"\{[^s}]*\}", "…", new))
        if edits:
            reason = f"a `{cls.rpartition('.')[2]}` has no `{site.name}`; `{shown}` does it"
            yield Candidate.edit(site.source, *edits, reason=reason, prior=0.9)
        return


def _edits(site: AttributeSite, new: str) -> Iterator[Edit]:
    """Yield the edits that put the new form in every place with the same owner and attribute."""
    for node in site.same():
        span = site.tree.span(node)
        if new.replace(".", "").isidentifier():
            yield Edit(span.end - len(site.name), span.end, new)
            continue
        parent = site.tree.parents.get(node)
        call = parent if isinstance(parent, ast.Call) and parent.func is node else None
        whole: ast.expr = call or node
        text = filled(new, node.value, call, site.tree, site.context)
        statement = site.tree.parents.get(whole)
        if text is None or ("{self} " in new and "= " in new and not isinstance(statement, ast.Expr)):
            return
        here = site.tree.span(whole)
        yield Edit(here.start, here.end, _named(text, site))


def _named(text: str, site: AttributeSite) -> str:
    """Return a new form with numpy and pandas as the session calls them."""
    for module, usual in (("numpy.", "np."), ("pandas.", "pd.")):
        if module in text and site.context.value(usual[:-1]) is not None:
            text = text.replace(module, usual)
    return text
