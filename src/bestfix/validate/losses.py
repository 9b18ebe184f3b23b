"""What of the user's query a fix leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bestfix.core import Edit
from bestfix.lang.sql import Query, Select, Token, tokenized
from bestfix.lang.sql.tokens import KEYWORDS, RESERVED

__all__ = ["loses_value", "losses", "other_statement"]

_COMPARING = frozenset([
    "=", "==", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "IN", "BETWEEN", "IS", "EXISTS", "USING",
])  # fmt: skip
_CLAUSES = ("GROUP BY", "ORDER BY")
_SETS = frozenset(["UNION", "INTERSECT", "EXCEPT"])
_LIMITS = frozenset(["LIMIT", "TOP", "FETCH", "ROWNUM", "ROWCOUNT"])
_STATEMENTS = frozenset(["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "FROM", "REPLACE", "TABLE"])
_NO_NAMES = RESERVED - {"ORDER", "GROUP", "END", "LIMIT", "OFFSET", "LEFT", "RIGHT", "FULL", "VALUES", "WHEN"} | {
    "UPDATE", "INSERT", "DELETE"
}  # fmt: skip
_HEAD = 500
"""The characters in which the first word stands."""
_OPERANDS = frozenset(["name", "quoted", "string", "number", "param", "template"])


@lru_cache(maxsize=64)
def _query(text: str) -> Query:
    return Query(text)


def other_statement(before: str, after: str) -> bool:
    """Whether a query has become a statement of another kind, such as a DELETE that has become a SELECT."""
    kinds = [_kind(tokenized(text[:_HEAD])) for text in (before, after)]
    return kinds[0] in _STATEMENTS - {"FROM", "VALUES", "TABLE"} and kinds[0] != kinds[1]


def _kind(tokens: Sequence[Token]) -> str:
    word = next((t.upper for t in tokens if t.text != "("), "")
    return "SELECT" if word == "WITH" else word


def loses_value(before: str, after: str) -> bool:
    """Whether a string or number that a statement holds is nowhere in the other one."""
    return bool(_values(before) - {token.name for token in tokenized(after)})


def _values(text: str) -> set[str]:
    return {token.name for token in tokenized(text) if token.kind in {"string", "number"}}


def losses(before: str, after: str, edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return what the query `before` asked for and `after` does not, one line each."""
    old, new = _query(before), _query(after)
    found = [*_clauses(old, new), *_outputs(old, new), *_words(old, edits), *_names(old, new), *_tautologies(old, new)]
    return tuple(dict.fromkeys(found))


def _clauses(old: Query, new: Query) -> Iterator[str]:
    earlier, later = _counted(old), _counted(new)
    for name, count in earlier.items():
        if later[name] < count and (name not in _CLAUSES or _written(new, name) < _written(old, name)):
            yield f"this drops {name if name.isupper() else f'a {name}'}"


def _written(query: Query, clause: str) -> int:
    """Return how often the words of a clause are written, in windows too."""
    return sum(f"{query.word(i)} {query.word(i + 1)}" == clause for i in range(len(query.tokens)))


def _counted(query: Query) -> Counter[str]:
    """Return how many of each thing a query asks for; a word that is written twice in a row counts once."""
    found = Counter(name for select in query.selects for name in _CLAUSES if name in select.clauses)
    previous = ""
    for index in range(len(query.tokens)):
        word = query.word(index)
        if word in _COMPARING and previous not in _COMPARING and _conditional(query, index):
            found["condition"] += 1
        elif word == "NOT" and previous != word:
            found["NOT"] += 1
        elif word in _SETS and word != previous:
            found["set operation"] += 1
        elif word in _LIMITS:
            found["limit"] = 1
        previous = word
    found["NOT"] += sum(t.text in {"<>", "!="} for t in query.tokens)
    return found


def _conditional(query: Query, index: int) -> bool:
    select = query.select_at(index)
    clause = select.clause_at(index) if select else None
    return clause is not None and clause.name in {"FROM", "WHERE", "HAVING", "QUALIFY"}


def _outputs(old: Query, new: Query) -> Iterator[str]:
    earlier, later = _first(old), _first(new)
    if earlier and later and earlier.items and later.items and "FROM" in earlier.clauses:
        stars = any(new.tokens[i.end - 1].text == "*" for i in later.items)
        if len(later.items) < len(earlier.items) and not stars:
            yield "this drops an output column"


def _first(query: Query) -> Select | None:
    return next((s for s in query.selects if s.depth == 0 and "SELECT" in s.clauses), None)


def _words(old: Query, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the operands that an edit takes away, if no edit puts them elsewhere."""
    brought = {t.name.lower() for e in edits for t in tokenized(e.text)}
    for edit in edits:
        if edit.text.strip():
            continue
        for index, token in enumerate(old.tokens):
            inside = edit.start <= token.start and token.end <= edit.end
            if (
                inside
                and not ("nulls" in brought and _orders(old, index))
                and _means(old, index)
                and token.name
                and token.name.lower() not in brought
            ):
                yield f"this drops `{token.text}`"


def _orders(query: Query, index: int) -> bool:
    """Whether a token only says in which order rows come."""
    select = query.select_at(index)
    clause = select.clause_at(index) if select else None
    return clause is not None and clause.name == "ORDER BY"


def _means(query: Query, index: int) -> bool:
    """Whether a token is an operand of its own: no qualifier, no alias, not the token before it again."""
    token = query.tokens[index]
    if token.kind not in _OPERANDS or token.upper in KEYWORDS | {"BY"} or query.word(index + 1) == ".":
        return False
    if _is_argument(query, index):
        return False
    before, after = query.word(index - 1), query.word(index + 1)
    return before not in {"AS", token.upper} and after != token.upper


def _is_argument(query: Query, index: int) -> bool:
    """Whether a token stands in the parentheses of a call."""
    opening = max((o for o, close in query.closing.items() if o < index < close), default=0)
    return opening > 0 and query.tokens[opening - 1].identifier and query.word(opening - 1) not in KEYWORDS


def _names(old: Query, new: Query) -> Iterator[str]:
    """Yield the words of the grammar that have been quoted to pass for a name or a text."""
    words = {t.upper for t in old.tokens if t.kind == "name"} & _NO_NAMES
    held = {t.name.upper() for t in old.tokens if t.kind in {"quoted", "string"}}
    for token in new.tokens:
        if token.kind in {"quoted", "string"} and token.name.upper() in words - held:
            yield f"this takes `{token.name}` for a name"


def _tautologies(old: Query, new: Query) -> Iterator[str]:
    """Yield the columns that are compared with themselves, and were not."""
    before = set(_compared_with_themselves(old))
    for column in _compared_with_themselves(new):
        if column not in before:
            yield f"this compares `{column}` with itself"


def _compared_with_themselves(query: Query) -> Iterator[str]:
    for index in range(3, len(query.tokens) - 3):
        dots = query.word(index - 2) == query.word(index + 2) == "."
        if query.word(index) in {"=", "=="} and dots and query.word(index + 4) != ".":
            left, right = query.span(index - 3, index), query.span(index + 1, index + 4)
            if left.lower() == right.lower():
                yield left
