"""Blocks in braces, and comments of other languages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import TAB
from bestfix.lang.python import parsed

__all__ = ["block_braces", "block_comment", "line_comment", "typed_function"]

_HEAD = re.compile(
    r"""[ \t}]*(?:async[ \t]+)?
        (?:if|elif|else[ \t]+if|elseif|else|for|foreach|while|do
          |try|catch|except|finally|def|function|class|with|switch)\b
        (?P<rest>[^{\n]*?)[ \t]*(?P<colon>:?)[ \t]*\{[ \t]*(?=$|\#|//)""",
    re.VERBOSE,
)
_SINGLE = re.compile(
    r"([ \t]*(?:if|elif|else|for|while|def)\b[^{]*?)[ \t]*:?[ \t]*\{[ \t]*([^{}:]+?)[ \t]*;?[ \t]*\}[ \t]*;?[ \t]*$"
)
_CLOSE = re.compile(r"[ \t]*\}[ \t]*;?[ \t]*(?=$|\#|//)")
_TYPE = r"(?:(?:public|private|protected|static|final|export|default)[ \t]+)*"
_TYPED = re.compile(
    rf"^(?P<indent>[ \t]*){_TYPE}"
    r"(?:void|int|float|double|string|String|bool|boolean|char|long|function|func|auto|public|private|static)"
    r"[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]*\((?P<parameters>[^()]*)\)[ \t]*(?=[:{]?[ \t]*(?:$|\#|//))",
    re.MULTILINE,
)
_NAMED = re.compile(
    r"^[ \t]*(?P<head>(?:(?:var|let|const)[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?:async[ \t]+)?"
    r"(?:function[ \t]*)?\()"
    r"[\w \t,=]*\)(?P<arrow>[ \t]*=>)?(?=[ \t]*\{[ \t]*$)",
    re.MULTILINE,
)


@slip
def block_braces(broken: Broken) -> Iterator[Move]:
    """Turn blocks in braces into indented ones.

    Why: other languages mark blocks by braces.
    Example: `if (x > 3) {` … `}` → `if (x > 3):` …
    Safety: safe where the lines inside are indented; those that are not are indented by their depth.
    """
    text = broken.text
    heads = [n for n in range(1, len(broken.lines) + 1) if _HEAD.match(broken.lines.line(n))]
    single = _SINGLE.match(broken.line)
    if single is not None:
        start, end = broken.lines.start(broken.lineno), broken.lines.end(broken.lineno)
        edits = [Edit(start + single.end(1), start + single.start(2), ": "), Edit.delete(start + single.end(2), end)]
        yield Move(tuple(edits), 0.95, "Python marks a block by a colon, not by braces")
    if not heads:
        return
    edits = []
    depth = 0
    for n in range(1, len(broken.lines) + 1):
        line, start = broken.lines.line(n), broken.lines.start(n)
        head, close = _HEAD.match(line), _CLOSE.match(line)
        if line.lstrip().startswith("}") and depth and (head or close):
            depth -= 1
            if not head:
                tail = line[line.index("}") + 1 :].strip(" \t;")
                end = broken.lines.start(n + 1) if not tail else start + line.index(tail)
                edits.append(Edit.delete(start, min(len(text), end)))
                continue
            brace = start + line.index("}")
            rest = line[line.index("}") + 1 :]
            edits.append(Edit.delete(brace, brace + 1 + len(rest) - len(rest.lstrip())))
        if head:
            brace = start + line.index("{", head.end("rest"))
            edits.append(Edit(start + head.end("rest"), brace + 1, ":"))
            depth += 1
    yield Move(tuple(edits), 0.9, "Python marks a block by a colon and indentation, not by braces")


@slip
def typed_function(broken: Broken) -> Iterator[Move]:
    """Define a function with `def`, its parameters without types in front.

    Why: habit from other languages.
    Example: `int add(int a, int b):` → `def add(a, b):`
    Safety: safe.
    """
    matches = [m for m in _TYPED.finditer(broken.text) if m.start() <= broken.offset]
    edits = []
    for match in matches:
        edits.append(Edit(match.end("indent"), match.start("name"), "def "))
        for parameter in re.finditer(
            r"(?:^|(?<=,))[ \t]*(?:[A-Za-z_]\w*(?:\[\]|<\w+>)?[ \t*&]+)+(?=[A-Za-z_]\w*[ \t]*(?:,|$|=))",
            match["parameters"],
        ):
            lead = len(parameter[0]) - len(parameter[0].lstrip())
            begin = match.start("parameters") + parameter.start() + lead
            edits.append(Edit.delete(begin, match.start("parameters") + parameter.end()))
    for match in _NAMED.finditer(broken.text):
        if match.start() <= broken.offset:
            edits.append(Edit(match.start("head"), match.end("head"), f"def {match['name']}("))
            if match["arrow"]:
                edits.append(Edit.delete(match.start("arrow"), match.end("arrow")))
    if edits:
        yield Move(tuple(edits), 0.92, "a function is defined with `def`")


@slip
def line_comment(broken: Broken) -> Iterator[Move]:
    """Write `#` before a comment that starts with `//` or `--`, or take the mark from a statement.

    Why: other languages mark comments so.
    Example: `x = 3  // the limit` → `x = 3  # the limit`
    Safety: safe for text; code that was commented out is either kept as a comment or taken back in.
    """
    edits, alive = [], []
    near = False
    for n in range(1, len(broken.lines) + 1):
        line, start = broken.lines.line(n), broken.lines.start(n)
        match = re.match(r"[ \t]*(//+|--+)[ \t]*", line) or _trailing(line)
        if match is None:
            continue
        near = near or abs(n - broken.lineno) <= 1
        mark = (start + match.start(1), start + match.end(1))
        edits.append(Edit(*mark, "#"))
        if match.start() == 0 and _is_statement(line[match.end() :]):
            alive.append(Edit.delete(mark[0], start + match.end()))
    if not edits or not near:
        return
    yield Move(tuple(edits), 0.55 if alive else 0.93, "a comment starts with `#` in Python")
    if alive:
        kept = [e for e in edits if not any(e.start == a.start for a in alive)]
        yield Move((*kept, *alive), 0.65, "`//` is no comment in Python; the statement after it counts")


@slip
def block_comment(broken: Broken) -> Iterator[Move]:
    """Write `#` before the lines of a `/* … */` comment, or take the marks away when code stands in it.

    Why: other languages mark comments so.
    Example: `/* the limit */` → `# the limit`
    Safety: safe for text; code that was commented out is either kept as a comment or taken back in.
    """
    comments, alive = [], []
    near = False
    for match in re.finditer(r"(/\*+)(.*?)(\*+/)", broken.text, re.DOTALL):
        first, last = broken.lines.lineno(match.start()), broken.lines.lineno(match.end() - 1)
        near = near or first - 1 <= broken.lineno <= last + 1
        inside = match[2].strip("\n")
        follows = broken.text[match.end() : broken.lines.end(last)].strip()
        if follows and first == last:
            comments.append(Edit.delete(match.start(), match.end()))
        else:
            comments += _commented(broken, match, first, last)
        if _is_statement(inside):
            space = len(match[2]) - len(match[2].lstrip(" \t"))
            alive += [Edit.delete(match.start(), match.end(1) + space), Edit.delete(match.end(2), match.end())]
    if not near:
        return
    yield Move(tuple(comments), 0.5 if alive else 0.93, "a comment starts with `#` in Python")
    if alive:
        yield Move(tuple(alive), 0.7, "`/* */` is no comment in Python; the code in it counts")


def _trailing(line: str) -> re.Match[str] | None:
    """Return the mark of a comment after code: one that no operand can follow, or that prose follows."""
    code = re.sub(r"'[^']*'|\"[^\"]*\"", lambda m: "_" * len(m[0]), line)
    for match in re.finditer(r"(?<=[\s;:)\]}])(//+)[ \t]*", code):
        tail = code[match.end() :]
        if "#" in code[: match.start()]:
            return None
        if (
            re.match(r"\s*[A-Za-z]+[\s,'.]+[A-Za-z]", tail)
            or not tail
            or code[: match.start()].rstrip()[-1:] in {":", ";", ",", "(", "{"}
        ):
            return re.compile(r"(//+)[ \t]*").match(line, match.start())
    return None


def _commented(broken: Broken, match: re.Match[str], first: int, last: int) -> Iterator[Edit]:
    """Yield the edits that put `#` before each line of a comment."""
    yield Edit(match.start(), match.end(1), "#")
    for n in range(first + 1, last + 1):
        line, start = broken.lines.line(n), broken.lines.start(n)
        lead = re.match(r"[ \t]*(?:\*(?!/)[ \t]?)?", line)
        place = start + (lead.end() if lead else 0)
        if n == last and place >= match.start(3):
            yield Edit(match.start(3), match.end(), "#")
            return
        yield Edit(start + len(line) - len(line.lstrip(" \t")), place, "# ")
    space = len(match[2]) - len(match[2].rstrip(" \t"))
    yield Edit.delete(match.end(2) - space, match.end())


def _is_statement(text: str) -> bool:
    """Whether a text is code, and not words that happen to parse."""
    code = textwrap.dedent(text.expandtabs(TAB)).strip()
    if not code or not re.search(r"[=(\[]|\b(?:return|break|continue|pass|else|import)\b", code):
        return False
    if any(parsed(attempt) for attempt in (code, code + "\n    pass", "if _:\n    pass\n" + code + "\n    pass")):
        return True
    lines = code.split("\n")
    return len(lines) > 1 and lines[0].endswith(":")
