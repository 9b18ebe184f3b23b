"""Cases: failing programs with what counts as their fix, read from JSON lines or from readable TOML."""

from __future__ import annotations

import fnmatch
import json
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bestfix.core import Cell, Language

__all__ = ["Case", "CaseError", "load_cases", "selected"]

READABLE = frozenset({
    "id", "code", "fixed", "setup", "error", "check", "contains", "test", "tier", "cells",
})  # fmt: skip
"""The fields of a case in a readable file."""
METHODS = frozenset({
    "exact-ast", "exact-lex", "parses", "contains-any", "runs", "tests", "advice", "nothing",
    "result-set equals gold", "executes",
})  # fmt: skip
"""How a case may be judged."""


class CaseError(ValueError):
    """A case file cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Case:
    """A failure and what counts as its fix.

    Attributes:
        id: unique among the cases of a run.
        source: the collection that it comes from.
        language: the language of `code`.
        code: the failing cell or query.
        runs: whether the code must be run to fail; code that does not compile is not.
        setup: code run before it.
        error: the class of the error that was recorded, or empty.
        record: the recorded error and everything else that only one language or check reads.
        fixed: accepted fixes, whole new texts.
        methods: how a candidate is judged; the first is the case's own, the others are reported beside it.
        tier: `A` has a trustworthy reference or test, `B` only shows that the error is gone.
        folder: the folder that the code runs in a copy of.
        cells: the other cells of the notebook.
    """

    id: str
    source: str
    language: Language
    code: str
    runs: bool
    setup: str
    error: str
    record: Mapping[str, Any] = field(repr=False)
    fixed: tuple[str, ...]
    methods: tuple[str, ...]
    tier: str
    folder: Path | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def method(self) -> str:
        """How the case itself is judged."""
        return self.methods[0]

    @property
    def text_only(self) -> bool:
        """Whether nothing has to be run: neither the case nor a candidate."""
        return not (self.runs or self.setup or {"runs", "tests"} & set(self.methods))


def load_cases(paths: Iterable[Path]) -> list[Case]:
    """Return the cases of the files, of a folder those of its case files.

    Raises:
        CaseError: when a file cannot be read, a line is no case, or two cases have one id.
    """
    cases: dict[str, Case] = {}
    for path in _files(paths):
        for line, case in _lines(path):
            if case.id in cases:
                raise CaseError(f"{path}:{line}: a case called {case.id!r} was there before")
            cases[case.id] = case
    return list(cases.values())


def selected(
    cases: Sequence[Case], *, only: Sequence[str] = (), limit: int | None = None, seed: int | None = None
) -> list[Case]:
    """Return the cases whose id matches one of the globs, at most `limit` of each source: the first, or a sample."""
    kept = [case for case in cases if not only or any(fnmatch.fnmatchcase(case.id, glob) for glob in only)]
    if limit is None:
        return kept
    by_source: dict[str, list[Case]] = {}
    for case in kept:
        by_source.setdefault(case.source, []).append(case)
    chosen: set[str] = set()
    for group in by_source.values():
        some = group if seed is None else random.Random(seed).sample(group, len(group))
        chosen |= {case.id for case in some[:limit]}
    return [case for case in kept if case.id in chosen]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in {".jsonl", ".toml"})
        else:
            yield path


def _lines(path: Path) -> Iterator[tuple[int, Case]]:
    """Yield the cases of a file with the line that each starts at."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: {error}") from error
    records = _toml_records(path, text) if path.suffix == ".toml" else _json_records(path, text)
    for line, record in records:
        try:
            yield line, _case(record, path)
        except KeyError as error:
            raise CaseError(f"{path}:{line}: the case has no {error.args[0]!r}") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise CaseError(f"{path}:{line}: {error}") from error


def _json_records(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(f"{path}:{number}: no JSON: {error.msg} at column {error.colno}") from error
        if not isinstance(record, dict):
            raise CaseError(f"{path}:{number}: a case is a JSON object, this is a {type(record).__name__}")
        yield number, record


def _toml_records(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        tables = tomllib.loads(text).get("case", [])
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: {error}") from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[case]]"]
    for number, table in zip(lines, tables, strict=False):
        if unknown := sorted(table.keys() - READABLE):
            raise CaseError(
                f"{path}:{number}: a case has no field {unknown[0]!r}; it has {', '.join(sorted(READABLE))}"
            )
        yield number, _expanded(table, path.stem)


def _expanded(table: dict[str, Any], family: str) -> dict[str, Any]:
    """Return a readable case in the form of a JSON one."""
    fixed = table.get("fixed", [])
    snippets = table.get("contains")
    check = {
        "method": table.get("check") or ("exact-ast" if fixed else "contains-any" if snippets else table["check"]),
        "test": table.get("test"),
        "any_of": [snippets] if isinstance(snippets, str) else snippets,
    }
    return {
        **table,
        "id": f"{family}/{table['id']}",
        "source": family,
        "fixed": [fixed] if isinstance(fixed, str) else fixed,
        "check": {name: value for name, value in check.items() if value is not None},
        "error": {"type": table.get("error", "")},
        "meta": {"tier": table.get("tier", "A")},
    }


def _case(record: dict[str, Any], path: Path) -> Case:
    if "query" in record:
        return _sql_case(record, path)
    code, check, meta = record["code"], record["check"], record.get("meta") or {}
    kind = record.get("kind") or _kind(code)
    if kind not in {"syntax", "runtime"}:
        raise ValueError(f"kind must be 'syntax' or 'runtime', not {kind!r}")
    fixed = tuple(record.get("fixed") or ())
    return Case(
        id=str(record["id"]),
        source=str(record["source"]),
        language=Language.PYTHON,
        code=code,
        runs=kind == "runtime",
        setup=record.get("setup") or "",
        error=str((record.get("error") or {}).get("type", "")),
        record={"error": record.get("error") or {}, "check": check},
        fixed=fixed,
        methods=_methods(check, kind, fixed),
        tier=str(meta.get("tier") or check.get("tier") or "A"),
        folder=_folder(path, meta.get("cwd")),
        cells=tuple(Cell(**cell) for cell in record.get("cells") or ()),
    )


def _sql_case(record: dict[str, Any], path: Path) -> Case:
    """Return the case of a query: its database by path, its reference as the accepted fix."""
    database = path.parent / str(record["db"])
    if not database.is_file():
        raise ValueError(f"there is no database {database}")
    gold = [record["gold"], *(record.get("gold_alternatives") or ())] if record.get("gold") else []
    method = str(record["check"])
    if method not in {"result-set equals gold", "executes"}:
        raise ValueError(f"a query is judged by its result set or by executing, not by {method!r}")
    return Case(
        id=str(record["id"]),
        source=str(record["source"]),
        language=Language.SQL,
        code=str(record["query"]),
        runs=False,
        setup="",
        error=str(record.get("error_class") or ""),
        record={"error": record.get("error") or {}, "db": str(database), "dialect": str(record["dialect"])},
        fixed=tuple(gold),
        methods=(method,) if method == "executes" else (method, "executes"),
        tier="A" if method != "executes" else "B",
    )


def _kind(code: str) -> str:
    from bestfix.lang.python import compiles

    return "runtime" if compiles(code) is None else "syntax"


def _methods(check: Mapping[str, Any], kind: str, fixed: Sequence[str]) -> tuple[str, ...]:
    """Return the case's own method, then every other that its data allow."""
    also = [str(m).replace("exact-lexical", "exact-lex") for m in check.get("also") or ()]
    if fixed:
        also += ["exact-ast"] + (["exact-lex"] if kind == "syntax" else [])
    if kind == "syntax":
        also.append("parses")
    methods = dict.fromkeys([str(check["method"]), *also])
    if unknown := [m for m in methods if m not in METHODS]:
        raise ValueError(f"no method is called {unknown[0]!r}; there are {', '.join(sorted(METHODS))}")
    if "tests" in methods and "test" not in check:
        raise ValueError("the method 'tests' needs check.test")
    return tuple(methods)


def _folder(path: Path, cwd: str | None) -> Path | None:
    if cwd is None:
        return None
    folder = path.parent / cwd
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} of meta.cwd does not exist")
    return folder
