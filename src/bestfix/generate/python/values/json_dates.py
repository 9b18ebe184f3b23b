"""JSON and dates that are written in another way than they are read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.operands import operands
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.edits import quoted

__all__ = ["date_format", "date_operand", "json_function", "json_text", "json_value", "known_format"]

_DATES = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y.%m.%d", "%Y%m%d",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d %b %y", "%d-%b-%y",
    "%d/%m/%y", "%m/%d/%y", "%y-%m-%d", "%d.%m.%y", "%A, %d %B %Y", "%A, %B %d, %Y", "%a, %d %b %Y", "%a %b %d %Y",
    "%Y-%m", "%m/%Y", "%b %Y", "%B %Y", "%Y",
)  # fmt: skip
_TIMES = ("", "%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S%z", "%H:%M:%S %z", "%H:%M:%SZ")


def known_format(text: str, like: str = "") -> str:
    """Return the format in which a date is written, the order of day and month as in `like`; empty when unknown."""
    text = text.strip()
    if len(text) > 60 or "%" in text:
        return ""
    month_first = "%m" in like and "%d" in like and like.index("%m") < like.index("%d")
    dates = sorted(_DATES, key=lambda f: ("%m/%d" in f or "%m-%d-" in f) != month_first if "%d" in f else 0)
    for time in _TIMES:
        for joint in (" ", "T", ", ") if time else ("",):
            for date in dates:
                if _reads(text, f"{date}{joint}{time}"):
                    return f"{date}{joint}{time}"
    return next((time for time in _TIMES[1:] if _reads(text, time)), "")


def _reads(text: str, form: str) -> bool:
    marks, wanted = re.sub(r"\w+", "", text), re.sub(r"%\w", "", form)
    if re.sub("[A-Za-z]", "", wanted) != marks and not form.endswith("%z"):
        return False
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 - only whether it can be read is asked
    except (ValueError, re.error):
        return False
    return True


@repair("ValueError")
def date_format(report: Report, context: Context) -> Iterator[Candidate]:
    """Read a date in the format in which it is written.

    Why: dates are written in many ways.
    Example: `datetime.strptime("2020-01-31", "%d/%m/%Y")` → `datetime.strptime("2020-01-31", "%Y-%m-%d")`
    Safety: safe where day and month cannot be confused.
    """
    site = Site.of(report, context)
    found = (
        site.search(r"time data ['\"](.*?)['\"] (?:does not|doesn't) match format ['\"](.*?)['\"]") if site else None
    )
    if site is None:
        return
    if found is None:
        yield from _rest(site)
        return
    text, old = found[1], found[2]
    new = known_format(text, old)
    literals = [n for n in ast.walk(site.statement) if isinstance(n, ast.Constant) and n.value == old]
    literals = literals or [n for n in site.tree.nodes(ast.Constant) if n.value == old]
    if new and new != old:
        for literal in literals[:1]:
            edit = site.replace(literal, quoted(new, site.text(literal)))
            yield site.fix(edit, reason=f"{text!r} is written as {new!r}", prior=0.85)
    for keyword in (k for c in site.inside(ast.Call) if isinstance(c, ast.Call) for k in c.keywords):
        if keyword.arg == "format" and site.literal(keyword.value) == old:
            edit = site.replace(keyword.value, '"mixed"')
            yield site.fix(edit, reason="the dates are written in several ways", prior=0.5 if new else 0.6)


def _rest(site: Site) -> Iterator[Candidate]:
    """Yield the format with the part that the text has more: `unconverted data remains`."""
    if not site.search("unconverted data remains") or not isinstance(site.node, ast.Call) or len(site.node.args) != 2:
        return
    text, form = site.literal(site.node.args[0]), site.literal(site.node.args[1])
    new = known_format(text, form if isinstance(form, str) else "") if isinstance(text, str) else ""
    if new and isinstance(site.node.args[1], ast.Constant):
        edit = site.replace(site.node.args[1], quoted(new, site.text(site.node.args[1])))
        yield site.fix(edit, reason=f"{text!r} is written as {new!r}", prior=0.85)


@repair("TypeError")
def date_operand(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn the other side of a comparison or a difference with a date into a date or a time span.

    Why: dates in text and days in numbers have to be converted.
    Example: `date.today() + 7` → `date.today() + timedelta(days=7)`
    Safety: safe.
    """
    site = Site.of(report, context)
    for left, right, a, b, symbol in operands(site) if site is not None else ():
        for kind, other, expr in ((a, b, right), (b, a, left)):
            if site is None or kind.rpartition(".")[2] not in {"datetime", "date", "Timestamp"}:
                continue
            reason = f"{short(site.text(expr))} is a {other}, not a date"
            if other in {"int", "float"} and symbol in {"+", "-", "+=", "-="}:
                name = _named(context, "timedelta", "datetime")
                yield site.fix(site.replace(expr, f"{name}(days={site.text(expr)})"), reason=reason, prior=0.8)
            elif other == "str":
                yield from _from_text(site, expr, kind, reason)
            elif {kind, other} == {"datetime.datetime", "datetime.date"}:
                moment = left if a == "datetime.datetime" else right
                edit = Edit.insert(site.tree.span(moment).end, ".date()")
                yield site.fix(edit, reason="a moment is compared with a day", prior=0.75)
                break


def _from_text(site: Site, expr: ast.expr, kind: str, reason: str) -> Iterator[Candidate]:
    text = site.literal(expr)
    form = known_format(text) if isinstance(text, str) else ""
    pandas = next((n for n in ("pd", "pandas") if site.context.value(n) is not None), None)
    if kind.endswith("Timestamp") and pandas:
        new = f"{pandas}.Timestamp({site.text(expr)})"
        yield site.fix(site.replace(expr, new), reason=reason, prior=0.85)
    elif form:
        name = _named(site.context, "datetime", "datetime")
        day = ".date()" if kind == "datetime.date" else ""
        new = f'{name}.strptime({site.text(expr)}, "{form}"){day}'
        yield site.fix(site.replace(expr, new), reason=reason, prior=0.8)


def _named(context: Context, name: str, module: str) -> str:
    """Return how the session calls a class: by itself, or through its module."""
    found = context.value(name)
    if found is not None and str(found.kind) == "class":
        return name
    for alias in (module, "dt"):
        value = context.value(alias)
        if value is not None and str(value.kind) == "module":
            return f"{alias}.{name}"
    return f'__import__("{module}").{name}'


@repair("JSONDecodeError", "ValueError")
def json_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Read text that is nearly JSON: single quotes, commas before a bracket, one document a line.

    Why: Python's own notation and JSON look alike.
    Example: `json.loads("{'a': 1}")` → `json.loads('{"a": 1}')`
    Safety: safe where the text is known.
    """
    site = Site.of(report, context)
    if site is None or not report.error.is_a("JSONDecodeError") or not isinstance(site.node, ast.Call):
        return
    argument = site.node.args[0] if site.node.args else None
    if argument is None:
        return
    text = site.literal(argument)
    if isinstance(text, str) and site.search("Extra data"):
        name = site.text(site.node.func)
        new = f"[{name}(line) for line in {site.atom(argument)}.splitlines()]"
        yield site.fix(site.replace(site.node, new), reason="the text holds one document a line", prior=0.8)
    if not isinstance(text, str):
        return
    if isinstance(argument, ast.Constant) and (cleaned := _as_json(text)):
        yield site.fix(site.replace(argument, _literal(cleaned)), reason="JSON wants double quotes", prior=0.8)
        return
    if _is_literal(text):
        prior = 0.6
        reason = "the text is Python's notation, not JSON"
        edits = [site.replace(site.node.func, "ast.literal_eval")]
        if context.value("ast") is None:
            first = next(iter(site.tree.root.body))
            edits.append(site.insert_before(first, "import ast"))
        yield site.fix(*edits, reason=reason, prior=prior)
        edit = Edit.insert(site.tree.span(argument).end, ".replace(\"'\", '\"')")
        yield site.fix(edit, reason="JSON wants double quotes", prior=0.5)


def _as_json(text: str) -> str:
    """Return the JSON that a text was meant to be; empty when that is not clear."""
    import json

    tries = [re.sub(r",(\s*[}\]])", r"\1", text)]
    tries += [re.sub(r"'((?:[^'\\]|\\.)*)'", r'"\1"', t) for t in tries]
    tries += [re.sub(r"([{,]\s*)([A-Za-z_]\w*)(\s*:)", r'\1"\2"\3', t) for t in tries]
    words = {"True": "true", "False": "false", "None": "null"}
    tries += [re.sub(r"\b(True|False|None)\b", lambda m: words[m[1]], t) for t in tries]
    for candidate in tries:
        try:
            json.loads(candidate)
        except ValueError:
            continue
        return candidate
    return ""


def _literal(text: str) -> str:
    if "\n" in text and '"""' not in text:
        return f'"""{text}"""' if not text.endswith('"') else f"'''{text}'''"
    return repr(text)


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


@repair("TypeError", "AttributeError")
def json_function(report: Report, context: Context) -> Iterator[Candidate]:
    """Use `json.load` for files, `json.loads` for text, and neither for what is read already.

    Why: the two differ by one letter.
    Example: `json.load("{}")` → `json.loads("{}")`
    Safety: safe.
    """
    site = Site.of(report, context)
    match site.node if site is not None else None:
        case ast.Call(func=ast.Attribute(attr="load" | "loads" as name) as function, args=[argument, *_]):
            pass
        case _:
            return
    if site is None:
        return
    end = site.tree.span(function).end
    if name == "load" and site.search(r"'(str|bytes)' object has no attribute 'read'"):
        text = site.literal(argument)
        if isinstance(text, str) and re.fullmatch(r"[\w./\\ -]+\.\w+", text):
            yield site.fix(
                site.replace(argument, f"open({site.text(argument)})"), reason="the file is opened first", prior=0.85
            )
        else:
            yield site.fix(Edit.insert(end, "s"), reason="`load` reads files, `loads` text", prior=0.88)
    if name == "loads" and (found := site.search(r"the JSON object must be str, bytes or bytearray, not (\w+)")):
        if found[1] in {"TextIOWrapper", "BufferedReader", "StringIO"}:
            yield site.fix(Edit.delete(end - 1, end), reason="`loads` reads text, `load` files", prior=0.92)
        elif found[1] in {"dict", "list"}:
            edit = site.replace(site.node, site.text(argument))
            yield site.fix(edit, reason=f"{short(site.text(argument))} is read already", prior=0.75)
        elif found[1] == "Response":
            edit = site.replace(site.node, f"{site.atom(argument)}.json()")
            yield site.fix(edit, reason="a response reads its JSON itself", prior=0.85)


@repair("TypeError")
def json_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Write what JSON does not know as a list, a number or text.

    Why: JSON knows no sets, dates or arrays.
    Example: `json.dumps({1, 2})` → `json.dumps(list({1, 2}))`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(r"Object of type (\w+) is not JSON serializable") if site is not None else None
    if site is None or found is None or not isinstance(site.node, ast.Call) or not site.node.args:
        return
    kind, argument = found[1], site.node.args[0]
    reason = f"JSON has no {kind}"
    own = site.kind(argument).rpartition(".")[2] == kind
    text = {"set": "list({})", "frozenset": "list({})", "dict_keys": "list({})", "range": "list({})"}.get(kind)
    if own and (text or kind == "ndarray"):
        new = text.format(site.text(argument)) if text else f"{site.atom(argument)}.tolist()"
        yield site.fix(site.replace(argument, new), reason=reason, prior=0.85)
    default = {"set": "list", "frozenset": "list", "int64": "int", "float32": "float", "ndarray": "list"}.get(
        kind, "str"
    )
    edit = Edit.insert(site.tree.span(site.node).end - 1, f", default={default}")
    yield site.fix(edit, reason=reason, prior=0.7)
