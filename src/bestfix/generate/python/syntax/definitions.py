"""Heads of functions and classes, and their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, layout
from bestfix.lang.python import Token

__all__ = ["default_order", "duplicate_parameter", "lambda_statement", "name_form", "name_missing", "no_parentheses",
           "parameter_form", "star_parameters"]  # fmt: skip


@slip
def no_parentheses(broken: Broken) -> Iterator[Move]:
    """Give a function its parentheses.

    Why: a function without parameters is written without them, or they are forgotten.
    Example: `def f:` → `def f():`; `def area w, h:` → `def area(w, h):`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word != "def":
        return
    start = next(i for i, t in enumerate(row.tokens) if t.text == "def")
    rest = row.tokens[start + 1 :]
    if not rest or rest[0].kind != "name" or any(t.text == "(" for t in rest):
        return
    colon = next((t for t in rest if t.text == ":"), None)
    if colon is None:
        return
    inside = [t for t in rest[1:] if t.start < colon.start]
    if not inside:
        yield Move((Edit.insert(rest[0].end, "()"),), 0.97, "a function has parentheses, even without parameters")
    elif inside[-1].text == ")":
        yield Move((Edit(rest[0].end, inside[0].start, "("),), 0.95, "the parameters stand in parentheses")
    else:
        edits = (Edit(rest[0].end, inside[0].start, "("), Edit.insert(inside[-1].end, ")"))
        yield Move(edits, 0.93, "the parameters stand in parentheses")


@slip
def name_missing(broken: Broken) -> Iterator[Move]:
    """Give a function a name where it has none, or a name instead of a text.

    Why: the name was left for later, or put in quotes.
    Example: `def (x):` → `def function(x):`; `def "area"(r):` → `def area(r):`
    Safety: the name is a placeholder.
    """
    row = layout(broken).statement_at(broken.offset)
    if row is None or row.word not in {"def", "class"} or len(row.tokens) < 2:
        return
    second = row.tokens[1]
    noun = "function" if row.word == "def" else "Class"
    if second.text == "(" and row.word == "def":
        yield Move((Edit(row.tokens[0].end, second.start, f" {noun}"),), 0.75, "the function has no name", safe=False)
    elif second.text == ":":
        head = f" {noun}()" if row.word == "def" else f" {noun}"
        yield Move((Edit(row.tokens[0].end, second.start, head),), 0.8, f"the {noun.lower()} has no name", safe=False)
    elif second.kind == "string" and (name := second.text.strip("'\"")).isidentifier():
        yield Move((Edit(second.start, second.end, name),), 0.93, "a name stands without quotes")


@slip
def parameter_form(broken: Broken) -> Iterator[Move]:
    """Turn what cannot be a parameter into one.

    Why: a call was copied as the definition, with its values or `self.`.
    Example: `def f(self, self.x):` → `def f(self, x):`; `def f("name"):` → `def f(name):`
    Safety: where a value has no name, the parameter's name is a placeholder.
    """
    shape = layout(broken)
    found = _parameters(shape, broken)
    if found is None:
        return
    parts, taken = found
    for position, part in enumerate(parts):
        if not part or not _touched(broken, part) or "parenthesized" in broken.message:
            continue
        if len(part) == 1 and part[0].kind == "op" and part[0].text not in {"*", "**", "/"}:
            stop = parts[position + 1][0].start if parts[position + 1 : position + 2] not in ([], [[]]) else part[0].end
            yield Move((Edit.delete(part[0].start, stop),), 0.8, f"`{part[0].text}` is no parameter", safe=False)
        later = any(p and len(p) == 1 and p[0].kind == "name" for p in parts[position + 1 :])
        yield from _repaired(shape, part, taken, later=later)


@slip
def star_parameters(broken: Broken) -> Iterator[Move]:
    """Name the parameters that take the rest, and put them last.

    Why: the names after `*` and `**` are forgotten, or their order is not known.
    Example: `def f(**):` → `def f(**kwargs):`; `def f(**kwargs, a):` → `def f(a, **kwargs):`
    Safety: safe.
    """
    shape = layout(broken)
    found = _parameters(shape, broken)
    if found is None:
        return
    parts = [p for p in found[0] if p]
    texts = [shape.text[p[0].start : p[-1].end] for p in parts]
    if "bare *" in broken.message or "**" in texts or broken.message == "invalid syntax":
        for part, text in zip(parts, texts, strict=True):
            if text in {"*", "**"} and (part is parts[-1] or text == "**" or "**" in texts):
                name = "args" if text == "*" else "kwargs"
                yield Move((Edit.insert(part[0].end, name),), 0.98, f"`{text}` needs a name")
    if "may appear only once" in broken.message or texts.count("*") > 1:
        stars = [i for i, t in enumerate(texts) if t.startswith("*") and not t.startswith("**")]
        bare = [i for i in stars if texts[i] == "*"][-1:]
        for i in bare or stars[-1:]:
            begin, stop = (parts[i - 1][-1].end, parts[i][-1].end) if i else (parts[i][0].start, parts[i + 1][0].start)
            yield Move((Edit.delete(begin, stop),), 0.97, "`*` may stand once", safe=False)
    yield from _double_star_last(parts, texts)


@slip
def default_order(broken: Broken) -> Iterator[Move]:
    """Give the parameters after one with a default a default, too, or put them first.

    Why: parameters are added at the end.
    Example: `def f(a=1, b):` → `def f(a=1, b=None):`
    Safety: putting them first changes the order for callers.
    """
    if "non-default argument follows" not in broken.message and "without a default" not in broken.message:
        return
    shape = layout(broken)
    found = _parameters(shape, broken)
    if found is None:
        return
    parts = [p for p in found[0] if p]
    ends = next((i for i, p in enumerate(parts) if p[0].text in {"*", "**"}), len(parts))
    named = parts[:ends]
    has = [any(t.text == "=" for t in p) for p in named]
    first = has.index(True)
    without = [p for p, h in zip(named[first:], has[first:], strict=True) if not h and p[0].text != "/"]
    edits = tuple(Edit.insert(p[-1].end, "=None" if len(p) == 1 else " = None") for p in without)
    yield Move(edits, 0.5, "a parameter after one with a default needs a default, too")
    ordered = [*named[:first], *without, *[p for p, h in zip(named, has, strict=True) if h]]
    yield Move(_reordered(shape, named, ordered), 0.42, "parameters with a default come last")


@slip
def duplicate_parameter(broken: Broken) -> Iterator[Move]:
    """Give each parameter a name of its own.

    Why: a name is used twice, often `_`.
    Example: `def f(_, _):` → `def f(_, _2):`
    Safety: which of the two the body means stays open.
    """
    match = re.search(r"duplicate argument '(\w+)'", broken.message)
    found = _parameters(layout(broken), broken) or _lambda_parameters(layout(broken), match[1] if match else "")
    if match is None or found is None:
        return
    same = [t for p in found[0] for t in p[:2] if t.text == match[1]]
    edits = tuple(Edit.insert(t.end, str(number)) for number, t in enumerate(same[1:], 2))
    if edits:
        yield Move(edits, 0.7, f"two parameters are called `{match[1]}`")


@slip
def name_form(broken: Broken) -> Iterator[Move]:
    """Write a name that Python can read, or the multiplication that is meant.

    Why: a name starts with a digit, or `2x` is written as on paper.
    Example: `2be = 1` → `_2be = 1`; `y = 2x` → `y = 2 * x`
    Safety: a name is changed everywhere in the cell.
    """
    if not re.match(r"invalid (?:decimal|imaginary|hexadecimal|octal|binary) literal|invalid digit", broken.message):
        return
    shape = layout(broken)
    line, start = broken.line, broken.lines.start(broken.lineno)
    for match in re.finditer(r"(?<![\w.])(\d[\d_]*(?:\.\d+)?)([^\W\d]\w*)", line):
        digits, letters = match[1], match[2]
        place = start + match.start()
        if not place - 1 <= broken.offset <= start + match.end() + 1:
            continue
        before = line[: match.start()].rstrip()
        after = line[match.end() :].lstrip()
        names = {t.text for t in shape.tokens if t.kind == "name" and not shape.text[t.start - 1 : t.start].isdigit()}
        if re.search(r"\b(?:def|class|import|as|for|global)$", before) or re.match(r"(?:=(?!=)|,.*=(?!=))", after):
            alike = [m.start() for m in re.finditer(rf"(?<![\w.]){re.escape(match[0])}\b", broken.text)]
            yield Move(tuple(Edit.insert(i, "_") for i in alike), 0.95, "a name cannot start with a digit")
        elif letters in {"i", "I"} and letters not in names:
            yield Move(
                (Edit(start + match.start(2), start + match.end(2), "j"),), 0.98, "the imaginary unit is written `j`"
            )
        elif letters in names or len(letters) == 1:
            yield Move((Edit.insert(start + match.start(2), " * "),), 0.75, "a product needs `*`")
        else:
            quoted = (Edit.insert(place, "'"), Edit.insert(start + match.end(), "'"))
            yield Move(quoted, 0.45, f"`{match[0]}` is neither a number nor a name; as a text it stands in quotes")
            alike = [m.start() for m in re.finditer(rf"(?<![\w.]){re.escape(match[0])}\b", broken.text)]
            p = 0.4 if len(alike) > 1 else 0.15
            yield Move(tuple(Edit.insert(i, "_") for i in alike), p, "a name cannot start with a digit")
            yield Move((Edit.insert(place + len(digits), " "),), 0.1, f"`{digits}` and `{letters}` are two words")


@slip
def lambda_statement(broken: Broken) -> Iterator[Move]:
    """Give a lambda the value of its body: no `return`, a colon after its parameters.

    Why: a lambda is written like a function.
    Example: `lambda x: return x + 1` → `lambda x: x + 1`
    Safety: safe.
    """
    shape = layout(broken)
    edits = []
    for index, token in enumerate(shape.tokens):
        before = shape.token(index - 1)
        if token.text != "return" or before is None or before.text not in {":", "("}:
            continue
        row = shape.row_at(token.start)
        if row is not None and any(t.text == "lambda" for t in row.tokens if t.start < token.start):
            after = shape.token(index + 1)
            edits.append(Edit.delete(token.start, after.start if after else token.end))
    if edits:
        yield Move(tuple(edits), 0.95, "a lambda gives the value of its expression without `return`")
    at = shape.at(broken.offset)
    for index in range(max(1, at - 2), min(len(shape.tokens), at + 1)):
        token = shape.tokens[index]
        if token.text in {"->", "=>", "."} and any(t.text == "lambda" for t in shape.tokens[max(0, index - 6) : index]):
            yield Move(
                (Edit(shape.tokens[index - 1].end, token.end, ":"),), 0.85, "a colon follows the lambda's parameters"
            )


def _parameters(shape: Layout, broken: Broken) -> tuple[list[list[Token]], set[str]] | None:
    """Return the parameters of the function whose head the parser stopped in, each as its tokens, and all names."""
    row = shape.statement_at(broken.offset)
    if row is None or row.word != "def":
        return None
    index = shape.at(row.start)
    while index < len(shape.tokens) and shape.tokens[index].text != "(":
        index += 1
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in shape.tokens[index:]:
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
        if depth <= 0:
            break
        if token.text == "," and depth == 1:
            parts.append([])
        elif depth > 1 or token.text != "(" or parts[-1] or parts != [[]]:
            parts[-1].append(token)
    else:
        return None
    return parts, {t.text for p in parts for t in p if t.kind == "name"}


def _lambda_parameters(shape: Layout, name: str) -> tuple[list[list[Token]], set[str]] | None:
    """Return the parameters of the lambda that has a parameter `name`."""
    for index, token in enumerate(shape.tokens):
        if token.text == "lambda":
            end = next((i for i in range(index, len(shape.tokens)) if shape.tokens[i].text == ":"), None)
            names = [t for t in shape.tokens[index + 1 : end] if t.kind == "name"]
            if end is not None and [t.text for t in names].count(name) > 1:
                return [[t] for t in names], {t.text for t in names}
    return None


def _touched(broken: Broken, part: list[Token]) -> bool:
    return part[0].start <= broken.offset <= part[-1].end


def _repaired(shape: Layout, part: list[Token], taken: set[str], *, later: bool) -> Iterator[Move]:
    """Yield the moves for one parameter that is none."""
    start, end = part[0].start, part[-1].end
    text = shape.text[start:end]
    kinds = [t.kind for t in part]
    reason = f"`{text}` cannot be a parameter"
    if part[0].text in {"self", "cls"} and len(part) >= 3 and part[1].text == ".":
        yield Move((Edit.delete(start, part[2].start),), 0.9, reason)
    elif kinds[:2] == ["name", "name"]:
        typed = Edit(start, part[1].end, f"{part[1].text}: {part[0].text}")
        known = part[0].text in {"int", "float", "str", "bool", "list", "dict", "string", "double"}
        yield Move((typed,), 0.8 if known else 0.2, "the type of a parameter follows its name")
        yield Move((Edit.insert(part[0].end, ","),), 0.1 if known else 0.6, "a comma parts the parameters")
    elif len(part) == 1 and part[0].kind == "string" and (name := text.strip("'\"")).isidentifier():
        yield Move((Edit(start, end, name),), 0.85, "a parameter stands without quotes")
    elif kinds == ["name", "op"] and part[1].text not in {"=", ":"}:
        yield Move((Edit.delete(part[1].start, end),), 0.85, reason, safe=False)
    elif len(part) >= 3 and part[0].kind == part[2].kind == "name" and part[1].kind == "op":
        if part[1].text == ".":
            yield Move((Edit(part[1].start, part[1].end, ", "),), 0.7, "a comma parts the parameters")
        elif part[1].text not in {"=", ":"}:
            yield Move((Edit(part[0].end, part[2].start, ", "),), 0.6, "a comma parts the parameters")
    elif text.startswith(("[", "(", "{")) and part[1].kind == "name" and len(part) == 3:
        yield Move((Edit(start, end, part[1].text),), 0.97, reason)
    else:
        yield from _placeholder(shape, part, taken, later=later)


def _placeholder(shape: Layout, part: list[Token], taken: set[str], *, later: bool) -> Iterator[Move]:
    start, end = part[0].start, part[-1].end
    text = shape.text[start:end]
    value = part[0].kind in {"number", "string"} or part[0].text in {"None", "True", "False"}
    if not value and not text.startswith(("[", "(", "{")):
        return
    name = next(n for n in ("value", "value2", "value3", "argument") if n not in taken)
    new = name if later else f"{name}={text}"
    yield Move((Edit(start, end, new),), 0.95, f"`{text}` is a value; a parameter needs a name", safe=False)


def _double_star_last(parts: list[list[Token]], texts: list[str]) -> Iterator[Move]:
    double = next((i for i, t in enumerate(texts) if t.startswith("**")), None)
    if double is None or double == len(parts) - 1:
        return
    reason = "`**` takes what is left and comes last"
    if texts[-1] == "*":
        yield Move((Edit.delete(parts[-2][-1].end, parts[-1][-1].end),), 0.97, reason, safe=False)
        return
    begin, stop = parts[double][0].start, parts[double + 1][0].start
    end = parts[-1][-1].end
    yield Move((Edit.delete(begin, stop), Edit.insert(end, f", {texts[double]}")), 0.97, reason)


def _reordered(shape: Layout, parts: list[list[Token]], ordered: list[list[Token]]) -> tuple[Edit, ...]:
    """Return the edits that put the texts of parameters in another order."""
    edits = []
    for old, new in zip(parts, ordered, strict=True):
        if old is not new:
            edits.append(Edit(old[0].start, old[-1].end, shape.text[new[0].start : new[-1].end]))
    return tuple(edits)
