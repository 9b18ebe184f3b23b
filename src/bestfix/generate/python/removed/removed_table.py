"""The table of what libraries and Python have removed or renamed, `removed_api.json`, as objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

__all__ = ["Row", "Table", "table"]

_ARITY = re.compile(r"(?P<name>[^(]*)\((?P<arity>\d*|\*)\)$")


@dataclass(frozen=True, slots=True)
class Row:
    """One removal.

    Attributes:
        old: what is gone: a dotted name, or `package:function:keyword` with `=value` where only that value is meant.
        new: what stands for it now: a dotted name, or a template in which `{self}` is the object before the last dot,
            `{0}`, `{1}` … are the arguments, `{*}` is all of them, `{**}` those not named otherwise, `{value}` is a
            keyword's value, `{rest}` all other arguments and `{func}` the function; empty where it is just left out.
        since: the release that took it away, such as `"numpy 2.0"`.
        note: the address of that release's notes.
        needs: a statement that `new` needs above it, mostly an import.
        arity: arguments that a call must have for the row to apply; -1 for any call, `None` for any use.
    """

    old: str
    new: str
    since: str
    note: str
    needs: str = ""
    arity: int | None = None

    @property
    def name(self) -> str:
        """The last part of the old name."""
        return self.old.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """The old name without its last part: a module or a class; it may end in `.*` for any class below."""
        return self.old.rpartition(".")[0]

    @property
    def is_template(self) -> bool:
        """Whether the new form is more than a name."""
        return re.fullmatch(r"[\w.]+", self.new) is None

    def is_of(self, classes: Sequence[str]) -> bool:
        """Whether the old name belongs to one of the classes, given by their qualified names."""
        if "*" not in self.owner:
            return self.owner in classes
        before, _, after = self.owner.partition("*")
        return any(c.startswith(before) and c.endswith(after) for c in classes)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows by where they apply."""

    builtins: Mapping[str, Sequence[Row]]
    modules: Mapping[str, Sequence[Row]]
    attributes: Mapping[str, Sequence[Row]]
    methods: Mapping[str, Sequence[Row]]
    keywords: Mapping[str, Sequence[Row]]
    values: Mapping[str, Sequence[Row]]
    frequencies: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        """Yield every row."""
        for group in (self.builtins, self.modules, self.attributes, self.methods, self.keywords, self.values):
            for rows in group.values():
                yield from rows


@lru_cache(maxsize=1)
def table() -> Table:
    """Return the table."""
    text = resources.files("bestfix.generate.python.removed").joinpath("removed_api.json").read_text(encoding="utf-8")
    data = json.loads(text)
    notes: Mapping[str, str] = data["releases"]

    def grouped(kind: str, *, last: bool = False, separator: str = ".") -> Mapping[str, Sequence[Row]]:
        groups: dict[str, list[Row]] = {}
        for fields in data[kind]:
            row = _row(fields, notes)
            key = row.old.rpartition(separator)[2].partition("=")[0] if last else row.old
            groups.setdefault(key, []).append(row)
        return groups

    return Table(
        builtins=grouped("builtins"),
        modules=grouped("modules"),
        attributes=grouped("attributes"),
        methods=grouped("methods", last=True),
        keywords=grouped("keywords", last=True, separator=":"),
        values=grouped("values", last=True, separator=":"),
        frequencies={old: new for old, new, _ in data["frequencies"]},
    )


def _row(fields: Sequence[str], notes: Mapping[str, str]) -> Row:
    old, new, since, *needs = fields
    arity: int | None = None
    if match := _ARITY.match(old):
        old = match["name"]
        arity = -1 if match["arity"] == "*" else int(match["arity"] or 0)
    return Row(old, new, since, notes[since], needs[0] if needs else "", arity)
