"""The whole of it: collect, break, label, in parts that are written one by one and never done twice."""

from __future__ import annotations

import importlib
import json
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from bestfix.config import Settings
from bestfix.generate.base import load_repairs
from bestfix.generate.python.syntax.model import load_model, using
from bestfix.lang.python import compiles
from bestfix.train.corpus import Snippet, snippets
from bestfix.train.label import SETTINGS, labelled
from bestfix.train.mutate import Program, Statement, broken, broken_query
from bestfix.train.pairs import Pair, pairs
from bestfix.train.record import Broken, part_of, write_shard
from bestfix.validate.sandbox.libc import end_with_parent

__all__ = [
    "ENVIRONMENT", "Part", "Sample", "build", "build_part", "human_parts", "package_parts", "query_parts",
]  # fmt: skip

P = ParamSpec("P")
T = TypeVar("T")
SIZE, TEXTS = 20, 200
"""Cells or queries, and texts that nothing runs, of one part: what is lost when a run is broken off."""
_RARITY = {"functions": 0.3, "doctests": 1.0}
"""Functions, in which code is more like people's own, are few among the cells and drawn more often."""
ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1",
}  # fmt: skip
"""What makes two interpreters do the same."""
_IMPORT = re.compile(r"^\s*(?:import|from)\s+([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the corpus, labelled in one go.

    Attributes:
        path: the file that it becomes.
        records: its programs.
        judge: weights of a judge of syntax fixes that stands in for the shipped one; empty for none.
    """

    path: Path
    records: tuple[Broken, ...]
    judge: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """Which of the cells and queries are broken, and how often.

    Attributes:
        seed: another seed, other cells and other mistakes.
        limit: cells of a package, or queries, at most.
        each: broken versions of each.
    """

    seed: int = 0
    limit: int | None = None
    each: int = 2


def package_parts(package: str, out: Path, sample: Sample) -> list[Part]:
    """Return the parts of a package's documentation: a random sample of its cells, each broken several times."""
    found = list(snippets(package, seed=sample.seed))
    rng = random.Random(f"{sample.seed}/{package}")
    found.sort(key=lambda cell: rng.random() * _RARITY[cell.source])
    cells = [[*_versions(cell, sample)] for cell in found[: sample.limit]]
    return _parts(cells, out / package)


def query_parts(path: Path, out: Path, sample: Sample) -> list[Part]:
    """Return the parts of a file of queries with their databases: a random sample, each broken several times."""
    found = list(pairs(path, seed=sample.seed))
    random.Random(f"{sample.seed}/sql").shuffle(found)
    chosen = sorted(found[: sample.limit], key=lambda pair: pair.database)
    return _parts([[*_broken_queries(pair, sample)] for pair in chosen], out / "sql")


def human_parts(path: Path, out: Path, *, crossfit: bool = False) -> list[Part]:
    """Return the parts of a file of people's own errors: JSON lines with `id`, `code` and `fixed`.

    `meta.family` is what near-duplicates share, where it is given.

    Args:
        path: the file.
        out: the folder of the corpus.
        crossfit: whether each error is answered by a judge that is fitted to the others; for the errors that the
            shipped judge was fitted to. The judges are kept beside the parts.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    records = [_human(json.loads(line), path.stem) for line in lines]
    folder = out / path.stem
    if not crossfit:
        return _parts([[record] for record in records], folder, TEXTS)
    by_fold: dict[int, list[Sequence[Broken]]] = {}
    for record in records:
        by_fold.setdefault(part_of(record.group), []).append([record])
    found = _judges([record for record in records if compiles(record.code)], folder / "judges.json")
    return [
        replace(part, judge=found[fold])
        for fold, group in sorted(by_fold.items())
        for part in _parts(group, folder / str(fold), TEXTS)
    ]


def _judges(records: Sequence[Broken], kept: Path) -> list[dict[str, float]]:
    """Return the judges of the parts of people's errors; they are fitted once."""
    if not kept.exists():
        fitted = _in_a_process(_fitted_judges, records)
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(fitted), "utf-8")
        partial.replace(kept)
    found: list[dict[str, float]] = json.loads(kept.read_text("utf-8"))
    return found


def _fitted_judges(records: Sequence[Broken]) -> list[dict[str, float]]:
    from bestfix.train.judges import judges

    return judges(records)


def build(
    parts: Sequence[Part],
    settings: Settings = SETTINGS,
    *,
    jobs: int,
    progress: Callable[[int, int, int], None],
) -> None:
    """Label the parts that are not there yet, and write each.

    Each part has a fresh interpreter with its strings hashed alike, so that it is the same whatever was done before it,
    beside it, or in another run.

    Args:
        parts: the parts.
        settings: how candidates are made.
        jobs: how many processes work on them.
        progress: is told, after each part, how many of how many are done and how many failures the part has.
    """
    waiting = [part for part in parts if not part.path.exists()]
    done = len(parts) - len(waiting)
    progress(done, len(parts), 0)
    with ThreadPoolExecutor(jobs) as crew:
        for future in as_completed([crew.submit(_in_a_process, build_part, part, settings) for part in waiting]):
            done += 1
            progress(done, len(parts), future.result())


def _in_a_process(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a task of this module returns in a fresh interpreter."""
    os.environ.update(ENVIRONMENT)
    with ProcessPoolExecutor(1, get_context("spawn"), end_with_parent, (os.getpid(),)) as pool:
        return pool.submit(task, *args, **kwargs).result()


def build_part(part: Part, settings: Settings) -> int:
    """Label a part in this process, which is its own, write it, and return how many failures it has."""
    os.environ["PYTHON_CPU_COUNT"] = "1"  # as many processes work side by side as were asked for, and no more
    load_repairs()
    _warm(record.setup + "\n" + record.intended[0] for record in part.records)
    model = load_model()
    with using(replace(model, judge=part.judge or model.judge)):
        found = labelled(part.records, settings)
    part.path.parent.mkdir(parents=True, exist_ok=True)
    write_shard(part.path, found)
    return len(found)


def _warm(texts: Iterable[str]) -> None:
    """Import what the programs import, once for all children of this process."""
    for name in sorted({name for text in texts for name in _IMPORT.findall(text)}):
        with suppress(Exception):  # whatever an import meets, the child will meet it too
            importlib.import_module(name)


def _versions(cell: Snippet, sample: Sample) -> Iterator[Broken]:
    rng = random.Random(f"{sample.seed}/{cell.id}/mistakes")
    for number, (program, mutations) in enumerate(broken(Program(cell.code, cell.setup), rng, sample.each)):
        yield Broken(
            f"{cell.id}/{sample.seed}.{number}", cell.group, cell.source, program.code, (program.intended,),
            setup=program.setup, mutations=mutations,
        )  # fmt: skip


def _broken_queries(pair: Pair, sample: Sample) -> Iterator[Broken]:
    rng = random.Random(f"{sample.seed}/{pair.id}/mistakes")
    for number, (statement, mutations) in enumerate(
        broken_query(Statement(pair.query, pair.names, pair.dialect), rng, sample.each)
    ):
        yield Broken(
            f"{pair.id}/{sample.seed}.{number}", pair.group, "sql-pairs", statement.code, (statement.intended,),
            database=str(pair.database), mutations=mutations,
        )  # fmt: skip


def _human(case: dict[str, Any], source: str) -> Broken:
    family = (case.get("meta") or {}).get("family", case["id"])
    return Broken(case["id"], f"{source}/{family}", source, case["code"], tuple(case["fixed"]), runs=False)


def _parts(groups: Sequence[Sequence[Broken]], folder: Path, size: int = SIZE) -> list[Part]:
    starts = range(0, len(groups), size)
    return [
        Part(folder / f"{n:05}.jsonl.gz", tuple(record for group in groups[start : start + size] for record in group))
        for n, start in enumerate(starts)
    ]
