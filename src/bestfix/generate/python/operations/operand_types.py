"""Operators between values of classes that do not go together."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.operands import operands
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import NUMBERS, as_number, converted, read_number

__all__ = [
    "column_of_numbers", "column_of_text", "number_from_text", "sequence_from_item", "swapped_operator",
    "text_from_value",
]  # fmt: skip

_BYTES = frozenset({"bytes", "bytearray"})
_COLUMNS = frozenset({"pandas.Series", "numpy.ndarray"})
_SEQUENCES = frozenset({"list", "tuple", "set", "frozenset"})


@repair("TypeError")
def text_from_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a number into text before it is joined to text.

    Why: other languages join text and numbers without being told to.
    Example: `"total: " + 3` → `"total: " + str(3)`
    Safety: safe; a text that is joined to a number is there to be read.
    """
    site = Site.of(report, context)
    for left, right, a, b, symbol in operands(site) if site else ():
        if site is None or symbol not in {"+", "+="} or "str" not in {a, b} or a == b:
            continue
        text, other = (left, right) if a == "str" else (right, left)
        if other is left and symbol == "+=":
            continue
        kind = b if other is right else a
        numeric = bool(read_number(site.literal(text)))
        if kind in _BYTES:
            yield site.fix(
                *_called(site, other, "decode"), reason=f"{short(site.text(other))} is bytes, not text", prior=0.8
            )
        elif kind == "list" and symbol == "+":
            yield site.fix(*converted(site, other, "str"), reason="a list is joined to text", prior=0.35)
        elif isinstance(other, ast.Constant) and isinstance(other.value, int) and numeric_text(site, text):
            reason = f"{short(site.text(text))} holds text: the digit is to be text as well"
            yield site.fix(*quoted_numbers(site, text, other), reason=reason, prior=0.7)
        elif kind not in _SEQUENCES | {"pandas.Series"}:
            reason = f"{short(site.text(other))} is {kind or 'no text'}: text is joined only to text"
            known = isinstance(text, ast.Constant) or not (numeric or as_number(site, text))
            prior = 0.92 if _says_something(text) else 0.8 if known else 0.4
            yield site.fix(*converted(site, other, "str"), reason=reason, prior=prior)


def _says_something(text: ast.expr) -> bool:
    """Whether words are written out in a text: then it is there to be read."""
    literals = [n.value for n in ast.walk(text) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return any(char.isalpha() for literal in literals for char in literal)


def numeric_text(site: Site, expr: ast.expr) -> bool:
    """Whether an expression is a name that holds digits alone, or nothing yet."""
    value = site.literal(expr)
    return isinstance(expr, ast.Name) and (value == "" or (isinstance(value, str) and value.isdigit()))


def quoted_numbers(site: Site, text: ast.expr, number: ast.Constant) -> list[Edit]:
    """Return the edits that quote a number, and others that are joined to the same name in the scope."""
    edits = [site.replace(number, repr(site.text(number)))]
    for node in ast.walk(site.scope):
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Constant(value=int()) as other):
                if isinstance(text, ast.Name) and name == text.id and other is not number:
                    edits.append(site.replace(other, repr(site.text(other))))
    return edits


def _called(site: Site, expr: ast.expr, method: str) -> list[Edit]:
    span = site.tree.span(expr)
    return [Edit(span.start, span.end, f"{site.atom(expr)}.{method}()")]


@repair("TypeError")
def number_from_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn text that spells a number into the number before calculating or comparing.

    Why: `input()`, files and forms give text, even when it looks like a number.
    Example: `input("age? ") >= 18` → `int(input("age? ")) >= 18`
    Safety: safe where the text is known to spell a number.
    """
    site = Site.of(report, context)
    for left, right, a, b, symbol in operands(site) if site else ():
        if site is None or "str" not in {a, b} or (symbol == "*" and _spell_numbers(site, left, right)):
            continue
        for expr, kind, other in ((left, a, b), (right, b, a)):
            if kind != "str" or (other not in NUMBERS and not (other == "str" and symbol in {"*", "-", "/"})):
                continue
            if symbol.endswith("=") and expr is left and symbol[0] not in "<>":
                continue
            for edits, share in as_number(site, expr):
                adding = symbol == "+"
                reason = f"{short(site.text(expr))} is text, not a number"
                yield site.fix(*edits, reason=reason, prior=share * (0.65 if adding else 0.9))
        if symbol in {"<", "<=", ">", ">="} and a != b:
            number = right if a == "str" else left
            reason = "text is compared with a number"
            yield site.fix(*converted(site, number, "str"), reason=reason, prior=0.15, safe=False)


def _spell_numbers(site: Site, *factors: ast.expr) -> bool:
    """Whether all factors of a product are text that spells numbers: all of them are to be converted then."""
    return all(read_number(site.literal(factor)) for factor in factors)


@repair("TypeError")
def column_of_numbers(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a column of text into numbers before calculating with it.

    Why: files hold text; one odd value keeps a whole column from being read as numbers.
    Example: `df["a"] + 1` → `df["a"].astype(int) + 1`
    Safety: safe where every text spells a number.
    """
    site = Site.of(report, context)
    for left, right, a, b, _ in operands(site) if site is not None else ():
        for column, kind, other in ((left, a, b), (right, b, a)):
            found = site.exact(column) if site is not None and kind == "pandas.Series" else None
            if site is None or found is None or other not in NUMBERS | {"pandas.Series"}:
                continue
            first = next((found.item(label) for label in found.keys()[:1]), None)
            if number := read_number(first.literal() if first is not None else None):
                edit = Edit.insert(site.tree.span(column).end, f".astype({number})")
                yield site.fix(edit, reason=f"{short(site.text(column))} is a column of text", prior=0.8)


@repair("TypeError")
def column_of_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a column of numbers into text before text is joined to it.

    Why: other tools join text and numbers without being told to.
    Example: `df["price"] + " EUR"` → `df["price"].astype(str) + " EUR"`
    Safety: safe; what is joined to text is there to be read.
    """
    site = Site.of(report, context)
    match site.node if site is not None else None:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            pass
        case _:
            return
    for column, text in ((left, right), (right, left)):
        if site is not None and site.kind(column) in _COLUMNS and site.kind(text) == "str":
            edit = Edit.insert(site.tree.span(column).end, ".astype(str)")
            reason = f"{short(site.text(column))} holds numbers: text is joined only to text"
            yield site.fix(edit, reason=reason, prior=0.88)


@repair("TypeError")
def sequence_from_item(report: Report, context: Context) -> Iterator[Candidate]:
    """Join a single item to a sequence as a sequence of one, or sequences of two kinds as one kind.

    Why: `+` and `+=` join sequences of one kind; adding one item needs brackets or `append`.
    Example: `names += 3` → `names.append(3)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None:
        return
    node = site.node
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and site.says("object is not iter"):
        if site.kind(node.target) == "list":
            target, item = site.text(node.target), site.text(node.value)
            reason = f"{short(item)} is one item: `append` adds it to a list"
            yield site.fix(site.replace(node, f"{target}.append({item})"), reason=reason, prior=0.75)
            yield site.fix(site.replace(node.value, f"[{item}]"), reason=reason, prior=0.15)
        return
    for left, right, a, b, symbol in operands(site):
        if symbol == "+":
            yield from _joined(site, left, right, a, b)


def _joined(site: Site, left: ast.expr, right: ast.expr, a: str, b: str) -> Iterator[Candidate]:
    for expr, kind, other in ((right, b, a), (left, a, b)):
        if other not in {"list", "tuple"} or kind == other or kind in {"", "NoneType"}:
            continue
        item = site.text(expr)
        holder = left if expr is right else right
        sample = site.item_of(site.exact(holder))
        fits = sample is not None and sample.type_name == kind
        if kind in {"list", "tuple", "set", "range", "dict_keys", "dict_values", "map", "filter", "zip"}:
            reason = f"{short(item)} is a {kind}: only sequences of one kind are joined"
            yield site.fix(*converted(site, expr, other), reason=reason, prior=0.35 if fits else 0.5)
        if kind not in {"dict_keys", "dict_values", "map", "filter", "zip", "range"}:
            one = f"[{item}]" if other == "list" else f"({item},)"
            prior = 0.7 if fits or kind in {"int", "float", "str"} else 0.4
            yield site.fix(site.replace(expr, one), reason=f"{short(item)} is one item of the {other}", prior=prior)


@repair("TypeError")
def swapped_operator(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the operator that means for these operands what was meant.

    Why: `^` is a power elsewhere, `+` joins dictionaries elsewhere, `=+` is `+=` with its signs swapped.
    Example: `3.5 ^ 2` → `3.5 ** 2`
    Safety: unsafe where the operator means something else for other values.
    """
    site = Site.of(report, context)
    if site is None:
        return
    yield from _swapped_sign(site)
    yield from _meant_assignment(site)
    for left, right, a, b, symbol in operands(site):
        new = _meant_operator(a, b, symbol.rstrip("=") if symbol not in _COMPARISONS else "")
        gap = site.between(left, right)
        if new and (at := gap.of(site.source.text).find(symbol)) >= 0:
            start = gap.start + at
            edit = Edit(start, start + len(symbol), new + ("=" if symbol.endswith("=") else ""))
            yield site.fix(edit, reason=f"`{symbol}` is not defined for {a} and {b}; `{new}` is", prior=0.7)
        if symbol == "-" and {a, b} <= {"list", "tuple"} and isinstance(site.node, ast.BinOp):
            text = f"[x for x in {site.text(left)} if x not in {site.text(right)}]"
            yield site.fix(site.replace(site.node, text), reason="sequences cannot be subtracted", prior=0.5)


_COMPARISONS = frozenset({"<", "<=", ">", ">="})


def _meant_operator(a: str, b: str, symbol: str) -> str:
    numbers = {"int", "float", "complex"}
    if symbol == "^" and {a, b} <= numbers:
        return "**"
    if symbol == "+" and a == b and a in {"dict", "set", "frozenset", "collections.Counter"}:
        return "|"
    if symbol == "&" and a == b == "dict":
        return "|"
    return "*" if symbol == "@" and ({a, b} & numbers) else ""


def _swapped_sign(site: Site) -> Iterator[Candidate]:
    """Yield `a += b` for `a =+ b`."""
    statement = site.statement
    if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.UnaryOp)):
        return
    start = site.tree.span(statement.targets[-1]).end
    value = site.tree.span(statement.value).start
    sign = site.source.text[value]
    if site.says("bad operand type for unary") and sign in "+-" and site.source.text[value - 1] == "=":
        operand = site.tree.span(statement.value.operand).start
        spaces = "" if site.source.text[operand - 1] in "+-" else " "
        edit = Edit(start, operand, f" {sign}= " if spaces or site.source.text[start] == " " else f"{sign}=")
        yield site.fix(edit, reason=f"`={sign}` assigns; `{sign}=` adds to what is there", prior=0.85)


def _meant_assignment(site: Site) -> Iterator[Candidate]:
    """Yield `a = b` for a statement `a - b` that computes nothing."""
    node = site.node
    if not (isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name) and isinstance(node.op, ast.Sub)):
        return
    if isinstance(site.tree.parents.get(node), ast.Expr):
        gap = site.between(node.left, node.right)
        at = gap.start + gap.of(site.source.text).index("-")
        reason = "the difference is used for nothing: `=` was meant"
        yield site.fix(Edit(at, at + 1, "="), reason=reason, prior=0.75)
