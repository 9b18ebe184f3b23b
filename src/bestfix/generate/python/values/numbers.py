"""Text that is to become a number and is written in another way, and numbers out of bounds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short

__all__ = [
    "complex_result",
    "empty_slice",
    "integer_of_missing",
    "number_in_text",
    "numbers_of_column",
    "swapped_date_parts",
    "zero_divisor",
]

_TEXT = r"(?:could not convert string to float|invalid literal for int\(\) with base (\d+)): '(.*)'"


_WRITTEN = (
    (r"[-+]?\d{1,3}(,\d{2,3})+(\.\d+)?", '.replace(",", "")', "it has commas between its thousands", 0.9),
    (r"[-+]?\d+,\d+", '.replace(",", ".")', "it has a comma for the decimal point", 0.7),
    (r"[-+]?(?P<mark>[$€£¥])\s*[\d.]+|[\d.]+\s*(?P<sign>[$€£¥])", '.strip("{mark}")', "it has a currency sign", 0.9),
    (
        r"[-+]?(?P<mark>[$€£¥])\s*\d[\d,]*(\.\d+)?",
        '.replace("{mark}", "").replace(",", "")',
        "it has a currency sign and commas",
        0.9,
    ),
    (r"[-+]?[\d.]+\s*%", '.rstrip("%")', "it is a percentage", 0.8),
    (r"[-+]?\d{1,3}(?P<mark>[ _'])\d{3}.*", '.replace("{mark}", "")', "it has marks between its thousands", 0.85),
    (r"[-+]?(?!0[xXbBoO])[\d.]+(?P<mark>\s*[A-Za-z°µ]+)", '.removesuffix("{mark}")', "it has a unit", 0.65),
)
"""How people write numbers: the pattern, the methods that make it readable, what is wrong with it, the likelihood."""


def _cleaned(text: str) -> Iterator[tuple[str, str, float]]:
    """Yield the methods that make a text readable as a number, what is wrong with it, and the likelihood."""
    for pattern, methods, why, prior in _WRITTEN:
        if found := re.fullmatch(pattern, text.strip()):
            groups = found.groupdict()
            yield methods.replace("{mark}", groups.get("mark") or groups.get("sign") or ""), why, prior
            return


@repair("ValueError")
def number_in_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Read a number that is written with commas, a currency, a unit, a fraction or in another base.

    Why: numbers in files are written for people.
    Example: `float("1,234")` → `float("1,234".replace(",", ""))`
    Safety: safe where the text is known.
    """
    site = Site.of(report, context)
    found = site.search(_TEXT, "could not convert string", "invalid literal") if site is not None else None
    if site is None or found is None:
        return
    kind = "int" if found[1] else "float"
    for call in site.inside(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id="int" | "float" as function), args=[text]) if function == kind:
                break
    else:
        return
    for how, why, prior in _cleaned(found[2]):
        reason = f"'{found[2]}' is not read as a number: {why}"
        if "%" in how:
            new = f"{kind}({site.atom(text)}{how}) / 100"
            yield site.fix(site.replace(call, new), reason=reason, prior=prior)
        else:
            yield site.fix(site.replace(text, site.atom(text) + how), reason=reason, prior=prior)
    if kind == "int" and re.fullmatch(r"\s*[-+]?(\d*\.\d+|\d+\.\d*)(e[-+]?\d+)?\s*", found[2], re.IGNORECASE):
        edit = site.replace(text, f"float({site.text(text)})")
        yield site.fix(edit, reason=f"'{found[2]}' is written as a fraction", prior=0.85)
    end = site.tree.span(text).end
    if kind == "int" and re.fullmatch(r"(0x)?[0-9a-fA-F]*[a-fA-F][0-9a-fA-F]*", found[2]):
        yield site.fix(Edit.insert(end, ", 16"), reason=f"'{found[2]}' is written in base 16", prior=0.75)
    if len(found[2].split()) > 1 and all(re.fullmatch(r"[-+]?[\d.]+", word) for word in found[2].split()):
        new = f"list(map({kind}, {site.atom(text)}.split()))"
        yield site.fix(site.replace(call, new), reason=f"'{found[2]}' holds several numbers", prior=0.6)


@repair("ValueError")
def empty_slice(report: Report, context: Context) -> Iterator[Candidate]:
    """Leave out a slice that leaves nothing to read a number from.

    Why: a slice that fits longer text.
    Example: `int("5"[1:])` → `int("5")`
    Safety: unsafe; the slice may be right for other text.
    """
    site = Site.of(report, context)
    if site is None or not site.says("to float: ''", ": ''"):
        return
    for node in site.inside(ast.Subscript):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.step is None:
            edit = Edit.delete(site.tree.span(node.value).end, site.tree.span(node).end)
            yield site.fix(edit, reason=f"{short(site.text(node))} leaves nothing", prior=0.5, safe=False)


@repair("ValueError")
def numbers_of_column(report: Report, context: Context) -> Iterator[Candidate]:
    """Clean the texts of a column before they become numbers.

    Why: numbers in files are written for people, and some are missing.
    Example: `s.astype(float)` → `s.str.replace(",", "").astype(float)`
    Safety: unsafe where texts become missing values.
    """
    site = Site.of(report, context)
    found = site.search(_TEXT, "could not convert string", "invalid literal") if site is not None else None
    found = found or (
        site.search(r"()Unable to parse string ['\"](.*?)['\"]", "Unable to parse") if site is not None else None
    )
    if site is None or found is None or not isinstance(site.node, ast.Call):
        return
    match site.node:
        case ast.Call(func=ast.Attribute(value=column, attr="astype")):
            pass
        case ast.Call(func=ast.Attribute(attr="to_numeric"), args=[column]):
            pass
        case _:
            return
    end = site.tree.span(column).end
    for how, why, prior in _cleaned(found[2]):
        text = (
            how.replace(".replace(", ".str.replace(").replace(".strip", ".str.strip").replace(".rstrip", ".str.rstrip")
        )
        text = text.replace(".removesuffix", ".str.removesuffix").replace('"$", ""', '"$", "", regex=False')
        yield site.fix(Edit.insert(end, text), reason=f"'{found[2]}': {why}", prior=prior)
    pandas = next((n for n in ("pd", "pandas") if context.value(n) is not None), None)
    if pandas:
        text = f'{pandas}.to_numeric({site.text(column)}, errors="coerce")'
        reason = f"'{found[2]}' is no number; it becomes a missing value"
        yield site.fix(site.replace(site.node, text), reason=reason, prior=0.6, safe=False)


@repair("ValueError", "TypeError")
def integer_of_missing(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the integer class that knows missing values, for a column that has some.

    Why: numpy's integers cannot be missing.
    Example: `s.astype(int)` → `s.astype("Int64")`
    Safety: safe; the values stay, the missing ones as well.
    """
    site = Site.of(report, context)
    if site is None or not site.says("onvert non-finite values", "onvert NA", "onvert NaN", "onvert float NaN"):
        return
    match site.node:
        case ast.Call(func=ast.Attribute(value=column, attr="astype"), args=[kind]):
            reason = "the column has missing values"
            yield site.fix(site.replace(kind, '"Int64"'), reason=reason, prior=0.6)
            edit = Edit.insert(site.tree.span(column).end, ".fillna(0)")
            yield site.fix(edit, reason=reason, prior=0.45, safe=False)


@repair("ValueError")
def swapped_date_parts(report: Report, context: Context) -> Iterator[Candidate]:
    """Swap month and day where the month cannot be one, or take the last possible base.

    Why: dates are written in another order elsewhere.
    Example: `date(2021, 13, 1)` → `date(2021, 1, 13)`
    Safety: unsafe; a slip in the number is possible as well.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Call):
        return
    arguments = [*site.node.args, *(k.value for k in site.node.keywords)]
    if site.says("month must be in 1..12") and len(arguments) >= 3:
        month, day = arguments[1], arguments[2]
        if 1 <= (site.number(day) or 0) <= 12 < (site.number(month) or 0) <= 31:
            edits = [site.replace(month, site.text(day)), site.replace(day, site.text(month))]
            yield site.fix(*edits, reason="month and day are swapped", prior=0.7, safe=False)
    if site.says("int() base must be") and len(arguments) == 2 and (site.number(arguments[1]) or 0) > 36:
        yield site.fix(site.replace(arguments[1], "36"), reason="the largest base is 36", prior=0.4, safe=False)


@repair("ValueError")
def complex_result(report: Report, context: Context) -> Iterator[Candidate]:
    """Take the root or logarithm of a negative number with the module for complex ones.

    Why: `math` knows real numbers alone.
    Example: `math.sqrt(-4)` → `cmath.sqrt(-4)`
    Safety: unsafe; a negative number may be the mistake.
    """
    site = Site.of(report, context)
    if site is None or not site.says("math domain error", "expected a nonnegative input", "expected a positive input"):
        return
    match site.node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math") as module), args=[number, *_]):
            pass
        case _:
            return
    value = site.literal(number)
    if isinstance(value, int | float) and value < 0:
        edits = [site.replace(module, "cmath")]
        if context.value("cmath") is None:
            edits.append(site.insert_before(site.tree.root.body[0], "import cmath"))
        reason = f"{short(site.text(number))} is negative: the result is complex"
        yield site.fix(*edits, reason=reason, prior=0.25, safe=False)


@repair("ZeroDivisionError")
def zero_divisor(report: Report, context: Context) -> Iterator[Candidate]:
    """Start a loop that divides by its counter at one, or divide only where there is something to divide by.

    Why: the empty case or the first round is forgotten.
    Example: `for i in range(5): 1 / i` → `for i in range(1, 5): 1 / i`
    Safety: unsafe; what the result should be without a divisor is a guess.
    """
    site = Site.of(report, context)
    if site is None:
        return
    match site.node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=divisor):
            pass
        case ast.BinOp(op=ast.Pow(), left=divisor) | ast.Call(func=ast.Name(id="divmod"), args=[_, divisor]):
            pass
        case _:
            return
    for loop in site.loops():
        match loop:
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[stop])):
                if isinstance(divisor, ast.Name) and divisor.id == name:
                    edit = Edit.insert(site.tree.span(stop).start, "1, ")
                    yield site.fix(edit, reason=f"`{name}` is 0 in the first round", prior=0.65, safe=False)
    if not isinstance(divisor, ast.Constant):
        text = site.text(divisor)
        counted = isinstance(divisor, ast.Call) and site.text(divisor.func) == "len"
        test = site.text(divisor.args[0]) if counted and isinstance(divisor, ast.Call) else text
        whole = f"({site.text(site.node)} if {test} else 0)"
        parent = site.tree.parents.get(site.node)
        bare = isinstance(parent, ast.Assign | ast.Return | ast.Expr)
        edit = site.replace(site.node, whole[1:-1] if bare else whole)
        yield site.fix(edit, reason=f"{short(text)} is 0", prior=0.4 if counted else 0.2, safe=False)
