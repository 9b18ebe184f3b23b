"""The text of an edit of tokens, and the line that explains it."""

from __future__ import annotations

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Move
from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.view import CLOSER, OPENER, View

__all__ = ["move"]

_PLACEHOLDERS = {"def": "function", "class": "Name", "for": "item", "as": "name", ".": "name", "import": "module"}
_HEADERS = frozenset("for if while def class else elif try except with finally".split())


def move(view: View, proposal: Proposal, p: float) -> Move:
    """Return the move that a proposal stands for."""
    i, j, new = proposal.first, proposal.last, proposal.new
    items = view.items
    if proposal.action == "ins":
        return Move((_insertion(view, i, new),), p, _missing(view, i, new), safe=new not in {"NAME", "STRING"})
    if proposal.action in {"del", "run"}:
        gone = view.broken.text[items[i].start : items[j - 1].end]
        reason = "the line goes on" if gone.isspace() else f"{_shown(gone)} does not belong here"
        return Move((_removal(view, i, j),), p, reason, safe=gone.isspace())
    if proposal.action == "rep":
        text = {"NAME": _renamed(items[i].text), "STRING": f"'{items[i].text}'"}.get(new, new)
        reason = f"{_shown(text)} is meant instead of {_shown(items[i].text)}"
        return Move((Edit(items[i].start, items[i].end, text),), p, reason)
    if proposal.action == "wrap":
        edits = (_opening(view, i, new), Edit.insert(items[j - 1].end, CLOSER[new]))
        return Move(edits, p, f"`{new}{CLOSER[new]}` is missing")
    if proposal.action == "quote":
        gone = view.broken.text[items[i].start : items[j - 1].end]
        quote = '"' if "'" in gone else "'"
        return Move((Edit(items[i].start, items[j - 1].end, f"{quote}{gone}{quote}"),), p, f"{_shown(gone)} is text")
    a, b = items[i], items[j]
    if proposal.action == "unwrap":
        return Move((_removal(view, i, i + 1), Edit(b.start, b.end)), p, f"`{a.text}{b.text}` is too much", safe=False)
    edits = (Edit(a.start, a.end, new), Edit(b.start, b.end, CLOSER[new]))
    return Move(edits, p, f"`{new}{CLOSER[new]}` is meant instead of `{a.text}{b.text}`")


def _shown(text: str) -> str:
    """Return a text as a reason quotes it."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= 30 else line[:29] + '…'}`"


def _renamed(text: str) -> str:
    """Return the nearest word to `text` that is a name."""
    return "_" + text if text[:1].isdigit() else text + "_"


def _opening(view: View, i: int, kind: str) -> Edit:
    """Return the edit that opens a bracket before item `i`; white space after a word that is called goes."""
    items = view.items
    if 0 < i < len(items) and items[i].spaced and items[i - 1].kind in {"print", "exec"}:
        gap = view.broken.text[items[i - 1].end : items[i].start]
        if gap.isspace():
            return Edit(items[i - 1].end, items[i].start, kind)
    return Edit.insert(items[i].start if i < len(items) else items[-1].end, kind)


def _insertion(view: View, i: int, new: str) -> Edit:
    """Return the edit that puts a token in before item `i`, spaced as is usual."""
    items, text = view.items, view.broken.text
    before = items[i - 1] if i else None
    after = items[i] if i < len(items) else None
    at_end = after is None or after.text == "\n"
    if new == "NL" and before is not None and after is not None:
        return Edit(before.end, after.start, "\n" + _indent(view, i))
    if new in OPENER or new in {",", ":", "."}:
        where = before.end if before is not None and before.text != "\n" else after.start if after else 0
        tight = at_end or new not in {",", ":"} or text[where : where + 1] in {" ", "\t"}
        return Edit.insert(where, new if tight else new + " ")
    if new in CLOSER or new == "@":
        return Edit.insert(after.start if after is not None and not at_end else before.end if before else 0, new)
    word = {"NAME": _PLACEHOLDERS.get(view.kind(i - 1), "value"), "STRING": "''"}.get(new, new)
    if before is None or before.text == "\n":
        return Edit.insert(after.start if after else len(text), word + " ")
    lead = "" if before.kind in CLOSER or before.kind == "." else " "
    tight = at_end or text[before.end : before.end + 1] in {" ", "\t"} or (after is not None and after.kind in OPENER)
    return Edit.insert(before.end, lead + word + ("" if tight else " "))


def _removal(view: View, i: int, j: int) -> Edit:
    """Return the edit that takes the items `i` to `j` out, with the white space that they leave over."""
    items, text = view.items, view.broken.text
    start, end = items[i].start, items[j - 1].end
    before = items[i - 1] if i else None
    after = items[j] if j < len(items) else None
    at_start, at_end = before is None or before.text == "\n", after is None or after.text == "\n"
    if after is not None and items[i].text == "\n" and j == i + 1:
        return Edit(start, after.start, " ")
    if at_end:
        return Edit(before.end if before is not None and not at_start else start, end)
    if after is not None and not text[end : after.start].strip(" \t"):
        glued = not at_start and text[start - 1] not in " \t" and (text[start - 1] + text[after.start]).isidentifier()
        return Edit(start, after.start, " " if glued else "")
    return Edit(start, end)


def _indent(view: View, i: int) -> str:
    """Return the white space at the start of the line on which item `i` stands."""
    text, start = view.broken.text, view.items[i].start
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip())]


def _missing(view: View, i: int, new: str) -> str:
    """Return the reason for putting a token in."""
    if new == "NL":
        return "a new line is missing"
    if new in OPENER and any(view.kind(k) == OPENER[new] for k in range(i)):
        return f"`{OPENER[new]}` was never closed"
    if new == ":" and i:
        first = view.firsts[view.items[i - 1].line]
        if first in _HEADERS:
            return f"missing `:` after `{first} …`"
    return {"NAME": "a name is missing", "STRING": "a text is missing"}.get(new, f"`{new}` is missing")
