"""Methods as other classes and other languages call them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.attribute_site import AttributeSite
from bestfix.generate.python.writing.templates import filled

__all__ = ["synonym"]

_SIZED = {"length": "len({self})", "size": "len({self})", "len": "len({self})", "Length": "len({self})"}
_ITEMS = {
    **_SIZED,
    "contains": "({0} in {self})",
    "includes": "({0} in {self})",
    "has": "({0} in {self})",
    "isEmpty": "(not {self})",
    "is_empty": "(not {self})",
    "empty": "(not {self})",
    "map": "[({0})(x) for x in {self}]",
    "toString": "str({self})",
}
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "list": {
        **_ITEMS,
        "add": "append",
        "push": "append",
        "push_back": "append",
        "enqueue": "append",
        "put": "append",
        "appendleft": "{self}.insert(0, {0})",
        "unshift": "{self}.insert(0, {0})",
        "push_front": "{self}.insert(0, {0})",
        "popleft": "{self}.pop(0)",
        "shift": "{self}.pop(0)",
        "dequeue": "{self}.pop(0)",
        "pop_front": "{self}.pop(0)",
        "pop_back": "pop",
        "removeAt": "pop",
        "indexOf": "index",
        "find": "index",
        "addAll": "extend",
        "concat": "extend",
        "union": "extend",
        "update": "extend",
        "discard": "remove",
        "delete": "remove",
        "removal": "remove",
        "del": "remove",
        "join": "{0}.join({self})",
        "items": "enumerate({self})",
        "sorted": "sorted({self}, {*})",
        "sum": "sum({self})",
        "max": "max({self})",
        "min": "min({self})",
        "mean": "(sum({self}) / len({self}))",
        "keys": "range(len({self}))",
        "values": "{self}",
        "first": "{self}[0]",
        "last": "{self}[-1]",
        "peek": "{self}[-1]",
        "top": "{self}[-1]",
        "get": "{self}[{0}]",
        "split": "[x.split({*}) for x in {self}]",
        "strip": "[x.strip({*}) for x in {self}]",
        "lower": "[x.lower() for x in {self}]",
        "upper": "[x.upper() for x in {self}]",
        "replace": "[x.replace({*}) for x in {self}]",
        "reversed": "{self}[::-1]",
        "unique": "list(dict.fromkeys({self}))",
        "filter": "[x for x in {self} if ({0})(x)]",
        "slice": "{self}[{0}:{1}]",
        "tolist": "{self}",
        "to_list": "{self}",
    },
    "set": {
        **_ITEMS,
        "append": "add",
        "push": "add",
        "insert": "add",
        "put": "add",
        "extend": "update",
        "addAll": "update",
        "delete": "discard",
        "minus": "difference",
        "sort": "sorted({self})",
        "subtract": "difference",
        "intersect": "intersection",
    },
    "dict": {
        **_ITEMS,
        "containsKey": "({0} in {self})",
        "hasKey": "({0} in {self})",
        "contains_key": "({0} in {self})",
        "put": "{self}[{0}] = {1}",
        "set": "{self}[{0}] = {1}",
        "add": "{self}[{0}] = {1}",
        "insert": "{self}[{0}] = {1}",
        "remove": "{self}.__delitem__({0})",
        "discard": "{self}.__delitem__({0})",
        "delete": "{self}.__delitem__({0})",
        "append": "{self}.update({0})",
        "extend": "update",
        "addAll": "update",
        "merge": "update",
        "keySet": "keys",
        "entrySet": "items",
        "entries": "items",
        "getOrDefault": "get",
        "sort": "dict(sorted({self}.items()))",
        "index": "list({self}).index({0})",
        "containsValue": "({0} in {self}.values())",
    },
    "str": {
        **_ITEMS,
        "toUpperCase": "upper",
        "toLowerCase": "lower",
        "to_upper": "upper",
        "to_lower": "lower",
        "uppercase": "upper",
        "lowercase": "lower",
        "toUpper": "upper",
        "toLower": "lower",
        "trim": "strip",
        "trimStart": "lstrip",
        "trimEnd": "rstrip",
        "indexOf": "find",
        "substring": "{self}[{0}:{1}]",
        "substr": "{self}[{0}:{0} + {1}]",
        "slice": "{self}[{0}:{1}]",
        "charAt": "{self}[{0}]",
        "startsWith": "startswith",
        "endsWith": "endswith",
        "replaceAll": "replace",
        "equals": "({self} == {0})",
        "equalsIgnoreCase": "({self}.lower() == {0}.lower())",
        "concat": "({self} + {0})",
        "append": "{self} += {0}",
        "push": "{self} += {0}",
        "add": "{self} += {0}",
        "reverse": "{self}[::-1]",
        "reversed": "{self}[::-1]",
        "sort": "sorted({self})",
        "sorted": "sorted({self})",
        "remove": "{self}.replace({0}, '')",
        "delete": "{self}.replace({0}, '')",
        "isNumeric": "isnumeric",
        "isnumber": "isnumeric",
        "is_digit": "isdigit",
        "isDigit": "isdigit",
        "isLetter": "isalpha",
        "isAlpha": "isalpha",
        "parseInt": "int({self})",
        "toInt": "int({self})",
        "charCodeAt": "ord({self}[{0}])",
        "to_string": "{self}",
        "tolist": "list({self})",
        "explode": "split",
        "chars": "list({self})",
        "matches": "({0} in {self})",
        "pop": "{self}[:-1]",
    },
    "tuple": {
        **_ITEMS,
        "append": "{self} += ({0},)",
        "add": "{self} += ({0},)",
        "extend": "{self} += tuple({0})",
        "sort": "{self} = tuple(sorted({self}, {*}))",
        "reverse": "{self} = {self}[::-1]",
        "indexOf": "index",
    },
    "range": {"append": "{self} = [*{self}, {0}]", **_SIZED, "sort": "{self} = sorted({self})"},
    "int": {
        "toString": "str({self})",
        "isdigit": "str({self}).isdigit()",
        "split": "str({self}).split({*})",
        "zfill": "str({self}).zfill({0})",
        "lower": "str({self}).lower()",
        "upper": "str({self}).upper()",
        "strip": "str({self}).strip()",
        "abs": "abs({self})",
        "round": "round({self}, {*})",
        "replace": "str({self}).replace({*})",
        "sqrt": "({self} ** 0.5)",
        "pow": "({self} ** {0})",
        "astype": "({0})({self})",
        "startswith": "str({self}).startswith({0})",
        "count": "str({self}).count({0})",
        "to_string": "str({self})",
    },
    "float": {
        "toString": "str({self})",
        "split": "str({self}).split({*})",
        "round": "round({self}, {*})",
        "abs": "abs({self})",
        "isnan": "({self} != {self})",
        "strip": "str({self}).strip()",
        "replace": "str({self}).replace({*})",
        "astype": "({0})({self})",
        "toFixed": "round({self}, {0})",
        "floor": "int({self} // 1)",
        "to_string": "str({self})",
    },
    "numpy.ndarray": {
        **_SIZED,
        "append": "{self} = numpy.append({self}, {0})",
        "to_list": "tolist",
        "toList": "tolist",
        "push": "{self} = numpy.append({self}, {0})",
        "index": "numpy.where({self} == {0})[0][0]",
        "count": "(({self} == {0}).sum())",
        "to_numpy": "{self}",
        "values": "{self}",
        "median": "numpy.median({self}, {*})",
        "unique": "numpy.unique({self}, {*})",
        "abs": "numpy.abs({self})",
        "sqrt": "numpy.sqrt({self})",
        "exp": "numpy.exp({self})",
        "log": "numpy.log({self})",
        "extend": "{self} = numpy.concatenate([{self}, {0}])",
        "average": "numpy.average({self}, {*})",
        "columns": "dtype.names",
        "isnull": "numpy.isnan({self})",
        "isna": "numpy.isnan({self})",
    },
    "pandas.Series": {
        "push": "{self} = pandas.concat([{self}, pandas.Series([{0}])])",
        "length": "len({self})",
        "len": "len({self})",
        "to_array": "to_numpy",
        "columns": "index",
        "contains": "{self}.str.contains({*})",
        "split": "{self}.str.split({*})",
        "lower": "{self}.str.lower()",
        "upper": "{self}.str.upper()",
        "strip": "{self}.str.strip({*})",
        "startswith": "{self}.str.startswith({*})",
        "endswith": "{self}.str.endswith({*})",
        "title": "{self}.str.title()",
        "year": "{self}.dt.year",
        "month": "{self}.dt.month",
        "day": "{self}.dt.day",
        "hour": "{self}.dt.hour",
        "minute": "{self}.dt.minute",
        "date": "{self}.dt.date",
        "weekday": "{self}.dt.weekday",
        "dayofweek": "{self}.dt.dayofweek",
        "strftime": "{self}.dt.strftime({*})",
        "days": "{self}.dt.days",
        "total_seconds": "{self}.dt.total_seconds()",
        "quarter": "{self}.dt.quarter",
        "zfill": "{self}.str.zfill({*})",
        "isdigit": "{self}.str.isdigit()",
    },
    "pandas.DataFrame": {
        "length": "len({self})",
        "len": "len({self})",
        "unique": "{self}.drop_duplicates()",
        "sort_by": "sort_values",
        "sort": "sort_values",
        "order_by": "sort_values",
        "rows": "index",
        "cols": "columns",
        "column": "columns",
        "to_array": "to_numpy",
        "group_by": "groupby",
        "with_columns": "assign",
        "is_null": "isnull",
        "to_list": "{self}.values.tolist()",
        "tolist": "{self}.values.tolist()",
        "select": "{self}[{0}]",
        "where_": "query",
        "fill_null": "fillna",
        "drop_nulls": "dropna",
        "nrow": "{self}.shape[0]",
        "ncol": "{self}.shape[1]",
        "str": "{self}.astype(str)",
    },
    "collections.deque": {
        **_ITEMS,
        "push": "append",
        "add": "append",
        "enqueue": "append",
        "shift": "popleft",
        "pop_left": "popleft",
        "dequeue": "popleft",
        "poll": "popleft",
        "append_left": "appendleft",
        "push_front": "appendleft",
        "unshift": "appendleft",
        "peek": "{self}[0]",
        "offer": "append",
        "top": "{self}[-1]",
    },
    "_io.TextIOWrapper": {
        "readLine": "readline",
        "readAll": "read",
        "readAllLines": "readlines",
        "write_line": "{self}.write({0} + '\\n')",
        "writeline": "{self}.write({0} + '\\n')",
        "split": "{self}.read().split({*})",
        "splitlines": "{self}.read().splitlines()",
        "println": "{self}.write({0} + '\\n')",
        "strip": "{self}.read().strip()",
        "replace": "{self}.read().replace({*})",
        "append": "write",
    },
}
"""What stands for an attribute that a class does not have: a method, or a template as in `removed_api.json`."""


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
        new = _SYNONYMS.get(cls, {}).get(site.name)
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
