"""A decision as the code actions that an editor offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types

from bestfix.core import Decision, Scored, Span
from bestfix.surfaces.card import rows, visible
from bestfix.surfaces.lsp.document import Document
from bestfix.surfaces.lsp.findings import Finding

__all__ = ["ACCEPTED", "Answer", "actions", "diagnostics"]

ACCEPTED = "bestfix.accepted"
"""The command that an editor runs after it has made the edits of an action."""
SOURCE = "bestfix"
_OTHERS, _LEAST = 3, 0.05
"""Further fixes of one error that are offered, and how likely each must be."""
_PREVIEW = 60
"""Characters of a fixed line in a title."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided about a finding.

    Attributes:
        finding: the finding.
        decision: the decision.
        failure: what the event log calls the failure; empty when nothing is logged.
    """

    finding: Finding
    decision: Decision
    failure: str = ""


def diagnostics(document: Document, findings: tuple[Finding, ...]) -> list[types.Diagnostic]:
    """Return the findings of a text, one for each place; what may be defined by other means is only a warning."""
    return [
        types.Diagnostic(
            document.range(span),
            finding.message,
            severity=(
                types.DiagnosticSeverity.Warning if finding.kind == "NameError" else types.DiagnosticSeverity.Error
            ),
            code=finding.kind,
            source=SOURCE,
        )
        for finding in findings
        for span in finding.spans
    ]


def actions(document: Document, answer: Answer, *, invoked: bool, versioned: bool) -> Iterator[types.CodeAction]:
    """Yield the fixes for a finding, the likeliest first.

    Args:
        document: the text.
        answer: what was decided.
        invoked: whether the user asked: only then come fixes of which bestfix is not sure.
        versioned: whether the editor takes edits of one version of a text.
    """
    shown, ranked = answer.decision.shown, answer.decision.ranked
    for index, scored in enumerate(ranked[: 1 + _OTHERS]):
        sure, patch = scored is shown, scored.candidate.patch
        likely = index == 0 or (scored.p_accept or 0) >= _LEAST
        if not patch.edits or patch.display_only or not (sure or (invoked and likely)):
            continue
        yield types.CodeAction(
            title=_title(answer.decision, scored, sure=sure),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=diagnostics(document, (answer.finding,)),
            is_preferred=sure,
            edit=_edit(document, scored, versioned=versioned),
            command=types.Command("bestfix: accepted", ACCEPTED, arguments=[answer.failure, index]),
            data={"diff": answer.decision.diff_of(scored, context=3), "p_accept": scored.p_accept, "sure": sure},
        )


def _title(decision: Decision, scored: Scored, *, sure: bool) -> str:
    """Return what was wrong and what the line becomes, when it is one line."""
    patch = scored.candidate.patch
    changed = rows(decision.sources[patch.source], scored.text, context=0)
    after = [row.text.strip() for row in changed if row.mark == "+"]
    preview = f" → {after[0][:_PREVIEW]}" if len(after) == 1 else ""
    doubt = "" if sure else f"Unsure ({scored.p_accept or 0:.0%}): "
    return visible(f"{doubt}{scored.candidate.reason}{preview}")


def _edit(document: Document, scored: Scored, *, versioned: bool) -> types.WorkspaceEdit:
    edits = [
        types.TextEdit(document.range(Span(edit.start, edit.end)), edit.text) for edit in scored.candidate.patch.edits
    ]
    if not versioned:
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, edits)])
