"""Quotes that are missing, of the wrong kind, or nested."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, layout
from bestfix.lang.python import Token, tokenized

__all__ = ["apostrophe", "nested_quotes", "triple_unclosed", "unterminated"]

_QUOTES = {"'": '"', '"': "'"}
_CODE = re.compile(
    r"""\s*(?:(?:def|class|if|elif|for|while|with|try|except|else)\b.*:\s*(?:\#.*)?$
        |(?:if|elif|for|while|with)\b.*[\[\]()=<>].*:\s*\w
        |(?:import|from|return|raise|yield|del|global|pass|break|continue|assert)\b(?![^=(]*\w\s+\w+\s+\w+\s*$)
        |@\w|[\w.\[\]'", ]+\s[-+*/]?=\s*\S|[\w.]+\(.*\)\s*$)""",
    re.VERBOSE,
)


@slip
def unterminated(broken: Broken) -> Iterator[Move]:
    """Close a string where it most likely ends, or give it the quote that it lacks.

    Why: a quote was forgotten, or is of the other kind than its partner.
    Example: `print("done)` → `print("done")`; `x == 'C":` → `x == 'C':`
    Safety: where a string ends is judged by the brackets that were open before it.
    """
    if not re.match(r"unterminated (?:f-)?string literal", broken.message):
        return
    quote = _quote_at(broken)
    if quote is None:
        return
    at, mark = quote
    end = broken.lines.end(broken.lineno)
    rest = broken.text[at + 1 : end]
    reason = f"the string that starts with {mark} on line {broken.lineno} is not closed"
    other = list(_other_kind(at, mark, rest, broken.text))
    yield from other
    yield from _escaped_end(at, mark, rest)
    surplus = list(_surplus(broken, at, mark, rest))
    sure = any(move.p > 0.7 for move in (*other, *surplus))
    share = 0.15 if sure else 1.0 if rest.strip() or _starts_operand(broken, at) else 0.1
    for offset, p in _ends(broken, at, rest):
        yield Move((Edit.insert(offset, mark),), p * share, reason)
    yield from _over_lines(broken, at, mark)
    yield from surplus
    yield from _opening_missing(broken, at, mark, rest)


@slip
def apostrophe(broken: Broken) -> Iterator[Move]:
    """Write a text that has an apostrophe in double quotes.

    Why: the apostrophe ends a string that starts with the same character.
    Example: `'I don't know'` → `"I don't know"`
    Safety: safe; the text is what its author sees.
    """
    line, start = broken.line, broken.lines.start(broken.lineno)
    for match in re.finditer(r"\w'\w", line):
        inner = match.start() + 1
        opening = line.rfind("'", 0, inner)
        closing = line.find("'", inner + 1)
        while re.match(r"\w'\w", line[closing - 1 : closing + 2]) and line.find("'", closing + 1) > 0:
            closing = line.find("'", closing + 1)
        if opening < 0 or closing < 0 or not re.match(r"(?:^|.*[\W_])(?i:[rbuf]{0,2})$", line[:opening]):
            continue
        if line[opening - 1 : opening].isalnum() and not re.search(r"(?<!\w)(?i:[rbuf]{1,2})$", line[:opening]):
            continue
        if '"' in line[opening:closing]:
            escapes = [i for i in range(opening + 1, closing) if line[i] == "'"]
            yield Move(tuple(Edit.insert(start + i, "\\") for i in escapes), 0.85, "an apostrophe ends the string")
            return
        edits = (Edit(start + opening, start + opening + 1, '"'), Edit(start + closing, start + closing + 1, '"'))
        yield Move(edits, 0.9, "an apostrophe ends a string in single quotes; double quotes keep it")
        return


@slip
def nested_quotes(broken: Broken) -> Iterator[Move]:
    """Use the other kind of quotes inside the braces of an f-string, or inside a string.

    Why: before Python 3.12 a string inside an f-string's braces may not repeat the outer quotes.
    Example: `f"{row["name"]}"` → `f"{row['name']}"`
    Safety: safe; both quotes mean the same.
    """
    yield from _nested_in_f_strings(broken)
    yield from _nested_in_text(broken)


@slip
def triple_unclosed(broken: Broken) -> Iterator[Move]:
    '''Close a triple-quoted string before the code that follows it.

    Why: the closing quotes were forgotten or are too few.
    Example: `"""Say hello.` above a function's code → `"""Say hello."""`
    Safety: where the text ends is judged by which lines look like code.
    '''
    if "unterminated triple-quoted" not in broken.message:
        return
    match = re.compile(r"""[A-Za-z]{0,2}('''|\"\"\")""").match(broken.text, broken.offset)
    if match is None:
        return
    mark = match[1]
    first, last = broken.lineno, len(broken.lines)
    reason = f"the text that starts with {mark} on line {first} is not closed"
    while last > first and not broken.lines.line(last).strip():
        last -= 1
    yield from _short_end(broken, mark, first, last, reason)
    code = next((n for n in range(first + 1, last + 1) if _CODE.match(broken.lines.line(n))), None)
    own = broken.lines.line(first)[match.end() - broken.lines.start(first) :].strip()
    if code is None:
        yield Move((Edit.insert(broken.lines.end(last), mark),), 0.85, reason)
        return
    before = code - 1
    while before > first and not broken.lines.line(before).strip():
        before -= 1
    if before > first or own:
        yield Move((Edit.insert(broken.lines.end(before), mark),), 0.75, reason)
    if own and before > first:
        yield Move((Edit.insert(broken.lines.end(first), mark),), 0.3, reason)
    if not own:
        yield Move((Edit.delete(match.start(), match.end()),), 0.5, f"{mark} on line {first} opens no text")
    yield Move((Edit.insert(broken.lines.end(last), mark),), 0.1, reason)


def _quote_at(broken: Broken) -> tuple[int, str] | None:
    """Return the offset and character of the quote that opens the unterminated string."""
    match = re.compile(r"[A-Za-z]{0,2}(['\"])").match(broken.text, broken.offset)
    return (match.start(1), match[1]) if match else None


def _open_before(broken: Broken, at: int) -> list[str]:
    """Return the brackets that are open at an offset, the innermost last."""
    stack: list[str] = []
    for token in layout(broken).tokens:
        if token.start >= at:
            break
        if token.kind == "op" and token.text in OPENERS:
            stack.append(token.text)
        elif token.kind == "op" and token.text in CLOSERS and stack:
            stack.pop()
    return stack


def _starts_operand(broken: Broken, at: int) -> bool:
    """Whether an operand can start at an offset."""
    before = broken.text[broken.lines.start(broken.lineno) : at].rstrip()
    return not before or before[-1] in "=(,[{+:%<>" or before.endswith((" return", " in", " and", " or", " not"))


def _ends(broken: Broken, at: int, rest: str) -> Iterator[tuple[int, float]]:
    """Yield offsets at which the string may end, with their likelihood."""
    stack = _open_before(broken, at)
    bare = rest.rstrip()
    row = layout(broken).statement_at(at)
    head = row is not None and bool(row.word) and row.word not in {"return", "import", "from", "not", "lambda"}
    place = len(bare)
    if (head and not stack and bare.endswith(":")) or (head and bare.endswith(":") and re.search(r"[)\]}]:$", bare)):
        place -= 1
    closers = [OPENERS[b] for b in reversed(stack)]
    cut, matched = place, 0
    tail: list[int] = [place]
    while cut > 0 and matched < len(closers) and bare[cut - 1] in ")]} ":
        cut -= 1
        if bare[cut] != " ":
            matched += 1
            tail.append(cut)
    wanted = _closers_at_end(bare[:place], closers)
    early = _before_arguments(broken, bare[: tail[wanted]] if wanted < len(tail) else bare)
    if early is not None:
        yield at + 1 + early, 0.8
    for index, offset in enumerate(tail):
        best = index == wanted
        yield at + 1 + offset, (0.8 if early is None else 0.3) if best else 0.08
    comma = re.search(r"\s*,\s*$", bare)
    if comma and stack:
        yield at + 1 + comma.start(), 0.7
    for separator in re.finditer(r",\s*[A-Za-z_]\w*\s*=|\s*[,)]\s*['\"]|\]|\)|,|\s(?:\+|%)\s", bare):
        yield at + 1 + separator.start(), 0.1 if separator[0][0] in ")]" else 0.06


def _before_arguments(broken: Broken, text: str) -> int | None:
    """Return where a text ends when what follows its first comma is more arguments, made of names that are known."""
    first, comma, others = text.partition(",")
    tokens = [t for t in tokenized(others) if t.text != ","]
    balanced = all(first.count(o) == first.count(c) for o, c in OPENERS.items())
    if comma and tokens and balanced and "'" not in others and '"' not in others and _is_known(broken, tokens):
        return len(first)
    return None


def _closers_at_end(text: str, closers: list[str]) -> int:
    """Return how many of the brackets that end a text close ones that are open before the string."""
    found = re.search(r"[)\]}\s]*$", text)
    ending = re.sub(r"\s", "", found[0]) if found else ""
    inner = sum(text.count(o) for o in OPENERS) - sum(text[: len(text) - len(ending)].count(c) for c in CLOSERS)
    outer = ending[max(0, inner) :] if inner > 0 else ending
    count = 0
    while count < min(len(outer), len(closers)):
        if list(outer[-count - 1 :]) != closers[: count + 1][: len(outer[-count - 1 :])] and count:
            break
        count += 1
    return count


def _other_kind(at: int, mark: str, rest: str, text: str) -> Iterator[Move]:
    """Yield the moves for a string whose two quotes are of different kinds."""
    other = _QUOTES[mark]
    places = [i for i, c in enumerate(rest) if c == other]
    if not places or len(places) % 2 == 0:
        return
    reason = "the string starts and ends with different quotes"
    close = at + 1 + places[0]
    likely = len(places) == 1
    follows = rest[places[0] + 1 :].lstrip()[:1]
    p = 0.8 if likely and (not follows or follows in ")]},:+%.=!<>;#") else 0.35
    opening_first = 0.3 if likely else 0.2
    if text.count(other, 0, at) > text.count(mark, 0, at):
        opening_first = 0.45
    yield Move((Edit(close, close + 1, mark),), p, reason)
    yield Move((Edit(at, at + 1, other),), p * opening_first * 2, reason)


def _escaped_end(at: int, mark: str, rest: str) -> Iterator[Move]:
    r"""Yield the move for a text that ends in a backslash, such as a folder: `"C:\"`."""
    match = re.search(rf"(?<!\\)\\{mark}(?=[\s)\]}},:;]*$)", rest)
    if match:
        place = at + 1 + match.start()
        yield Move((Edit.insert(place, "\\"),), 0.85, "the backslash before the last quote must be doubled")


def _over_lines(broken: Broken, at: int, mark: str) -> Iterator[Move]:
    """Yield the move that gives a text over several lines triple quotes."""
    for lineno in range(broken.lineno + 1, min(len(broken.lines), broken.lineno + 12) + 1):
        line = broken.lines.line(lineno)
        place = line.find(mark)
        if place < 0:
            if _CODE.match(line):
                return
            continue
        if line.count(mark) % 2 == 0 or re.search(r"[=(\[,]\s*$", line[:place]) or _CODE.match(line):
            return
        end = broken.lines.start(lineno) + place
        edits = (Edit(at, at + 1, mark * 3), Edit(end, end + 1, mark * 3))
        yield Move(edits, 0.75, "a text over several lines needs triple quotes")
        return


def _opening_missing(broken: Broken, at: int, mark: str, rest: str) -> Iterator[Move]:
    """Yield the moves for a quote that closes a text whose opening quote is missing, or that is one too many."""
    if rest.strip() and not re.match(r"\s*[)\]},:;+%.]", rest):
        return
    line_start = broken.lines.start(broken.lineno)
    before = [t for t in tokenized(broken.text[line_start:at]) if t.kind != "newline"]
    text = broken.text[line_start:at]
    starts = [i for i, t in enumerate(before) if t.kind == "op" and t.text in {"(", "[", "{", ",", "=", ":", "==", "+"}]
    for rank, index in enumerate(reversed(starts)):
        place = before[index].end
        place += len(text[place:]) - len(text[place:].lstrip())
        inside = text[place:]
        prose = len(re.findall(r"\w+", inside)) > 1 and not _is_expression(before[index + 1 :])
        if inside.strip() and rank < 3:
            p = (0.85 if prose else 0.45) / (1 + rank)
            yield Move((Edit.insert(line_start + place, mark),), p, f"the text before {mark} lacks its opening quote")
    if before:
        bare = not rest.strip() and (before[-1].text in CLOSERS or broken.text[at - 1].isspace())
        known = before[-1].end == len(text) and _is_known(broken, before[starts[-1] + 1 :] if starts else before)
        p = 0.6 if bare else 0.8 if known else 0.3
        yield Move((Edit.delete(at, at + 1),), p, f"the quote {mark} has no partner")


def _surplus(broken: Broken, at: int, mark: str, rest: str) -> Iterator[Move]:
    """Yield the move that removes the quote before what is code: names that the cell knows, and calls of them."""
    code = rest.rstrip(" :)]},")
    tokens = tokenized(code)
    if tokens and _is_known(broken, tokens) and re.fullmatch(r"[A-Za-z_][\w.]*(?:[(\[].*)?", code):
        yield Move((Edit.delete(at, at + 1),), 0.85, f"the quote {mark} has no partner")


def _is_known(broken: Broken, tokens: list[Token]) -> bool:
    """Whether tokens are an expression of names that the rest of the code has, too."""
    import builtins

    names = {t.text for i, t in enumerate(tokens) if t.kind == "name" and (i == 0 or tokens[i - 1].text != ".")}
    others = {t.text for t in broken.tokens if t.kind == "name" and broken.lines.lineno(t.start) != broken.lineno}
    known = names <= others | set(vars(builtins))
    return bool(names & others) and known and _is_expression(tokens)


def _is_expression(tokens: list[Token]) -> bool:
    """Whether operands and operators alternate."""
    operands = [t.kind in {"name", "number", "string"} for t in tokens]
    return not any(a and b for a, b in itertools.pairwise(operands))


def _nested_in_f_strings(broken: Broken) -> Iterator[Move]:
    start, line = broken.lines.start(broken.lineno), broken.line
    for match in re.finditer(r"""(?<!\w)(?i:f|rf|fr)(['"])(?!\1\1)""", line):
        mark, depth = match[1], 0
        inner: list[int] = []
        for place in range(match.end(), len(line)):
            char = line[place]
            depth += (char == "{") - (char == "}")
            if char == mark and depth > 0:
                inner.append(place)
            elif char == mark:
                break
        else:
            continue
        body = line[match.end() : place]
        if not inner or len(inner) % 2:
            continue
        other = _QUOTES[mark]
        if other not in body:
            edits = tuple(Edit(start + i, start + i + 1, other) for i in inner)
            yield Move(edits, 0.95, "quotes inside the braces of an f-string must be of the other kind")
        elif other not in re.sub(r"\{[^{}]*\}", "", body) and not re.search(r"\{[^{}]*" + other, body):
            edits = (
                Edit(start + match.end() - 1, start + match.end(), other),
                Edit(start + place, start + place + 1, other),
            )
            yield Move(edits, 0.9, "quotes inside the braces of an f-string must be of the other kind")
        else:
            edits = (Edit.insert(start + match.end(), mark * 2), Edit.insert(start + place, mark * 2))
            yield Move(edits, 0.9, "quotes inside the braces of an f-string must differ from the outer ones")


def _nested_in_text(broken: Broken) -> Iterator[Move]:
    """Yield the move for `"he said "hi" to me"`: string, word, string without spaces between."""
    shape = layout(broken)
    tokens = shape.tokens
    at = shape.at(broken.offset)
    for index in range(max(0, at - 2), min(at + 2, len(tokens) - 2)):
        left = tokens[index]
        if left.kind != "string" or left.text[-1:] not in _QUOTES or left.text.endswith(("'''", '"""')):
            continue
        mark = left.text[-1]
        last = index + 1
        while (
            last < len(tokens) and tokens[last].kind != "string" and "\n" not in shape.text[left.end : tokens[last].end]
        ):
            last += 1
        if last >= len(tokens) or tokens[last].kind != "string" or not tokens[last].text.startswith(mark):
            continue
        right = tokens[last]
        between = shape.text[left.end : right.start]
        if "\n" in between or last == index + 1 or re.search(r"[,+%]", between):
            continue
        joined = not between[:1].isspace() and not between[-1:].isspace()
        inner = (left.end - 1, right.start)
        other = _QUOTES[mark]
        if other in left.text + between + right.text:
            edits = tuple(Edit.insert(i, "\\") for i in inner)
        else:
            edits = tuple(Edit(i, i + 1, other) for i in inner)
        words = sum(c.isalnum() for c in left.text + right.text) > 2
        yield Move(
            edits,
            (0.55 if joined else 0.25) * (1 if words else 0.3),
            "quotes inside a string must be of the other kind",
        )


def _short_end(broken: Broken, mark: str, first: int, last: int, reason: str) -> Iterator[Move]:
    """Yield the moves for closing quotes that are too few."""
    pattern = re.compile(rf"(?<![{mark[0]}\\]){mark[0]}{{1,2}}(?=[\s)\]}},]*$)")
    for lineno in range(last, first - 1, -1):
        line = broken.lines.line(lineno)
        match = pattern.search(line)
        if match and line.count(mark[0]) - 3 * line.count(mark) in {1, 2}:
            place = broken.lines.start(lineno) + match.start()
            yield Move((Edit(place, place + len(match[0]), mark),), 0.93, reason)
            return
