"""The whole of it: collect, break, label, in parts that are written one by one and never done twice."""

from __future__ import annotations

import importlib
import json
import os
import random
import re
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bestfix.config import Settings
from bestfix.generate.base import load_repairs
from bestfix.train.corpus import Snippet, snippets
from bestfix.train.label import SETTINGS, labelled
from bestfix.train.mutate import Program, Statement, broken, broken_query
from bestfix.train.pairs import Pair, pairs
from bestfix.train.record import Broken, write_shard
from bestfix.validate.sandbox.libc import prctl

__all__ = [
    "ENVIRONMENT", "Part", "Sample", "build", "build_part", "end_with_parent", "human_parts", "package_parts",
    "query_parts",
]  # fmt: skip

SIZE = 20
"""Cells of one part: what is lost when a run is broken off."""
_RARITY = {"functions": 0.3, "doctests": 1.0}
"""Functions, in which code is more like people's own, are few among the cells and drawn more often."""
_PDEATHSIG = 1
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
    """

    path: Path
    records: tuple[Broken, ...]


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
    rng = random.Random(f"{sample.seed}/{package}")  # noqa: S311 - no secret
    found.sort(key=lambda cell: rng.random() * _RARITY[cell.source])
    cells = [[*_versions(cell, sample)] for cell in found[: sample.limit]]
    return _parts(cells, out / package)


def query_parts(path: Path, out: Path, sample: Sample) -> list[Part]:
    """Return the parts of a file of queries with their databases: a random sample, each broken several times."""
    found = list(pairs(path, seed=sample.seed))
    random.Random(f"{sample.seed}/sql").shuffle(found)  # noqa: S311 - no secret
    chosen = sorted(found[: sample.limit], key=lambda pair: pair.database)
    return _parts([[*_broken_queries(pair, sample)] for pair in chosen], out / "sql")


def human_parts(path: Path, out: Path) -> list[Part]:
    """Return the parts of a file of people's own errors: JSON lines with `id`, `code` and `fixed`.

    `meta.family` is what near-duplicates share, where it is given.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return _parts([[_human(json.loads(line), path.stem)] for line in lines], out / path.stem)


def build(
    parts: Sequence[Part],
    settings: Settings = SETTINGS,
    *,
    jobs: int,
    progress: Callable[[int, int, int], None],
) -> None:
    """Label the parts that are not there yet, and write each.

    Args:
        parts: the parts.
        settings: how candidates are made.
        jobs: how many processes work on them.
        progress: is told, after each part, how many of how many are done and how many failures the part has.
    """
    load_repairs()
    os.environ["MPLBACKEND"] = "Agg"
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ.setdefault(name, "1")
    waiting = [part for part in parts if not part.path.exists()]
    done = len(parts) - len(waiting)
    progress(done, len(parts), 0)
    with ProcessPoolExecutor(jobs, get_context("fork"), end_with_parent, (os.getpid(),)) as pool:
        for future in as_completed(pool.submit(build_part, part, settings) for part in waiting):
            done += 1
            progress(done, len(parts), future.result())


def build_part(part: Part, settings: Settings) -> int:
    """Label a part in this process, write it, and return how many failures it has."""
    load_repairs()
    _warm(record.setup + "\n" + record.intended[0] for record in part.records)
    found = labelled(part.records, settings)
    part.path.parent.mkdir(parents=True, exist_ok=True)
    write_shard(part.path, found)
    return len(found)


def end_with_parent(parent: int) -> None:
    """Let this process end when the one that it works for does, however that ends."""
    prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _warm(texts: Iterable[str]) -> None:
    """Import what the programs import, once for all children of this process."""
    for name in sorted({name for text in texts for name in _IMPORT.findall(text)}):
        with suppress(Exception):  # whatever an import meets, the child will meet it too
            importlib.import_module(name)


def _versions(cell: Snippet, sample: Sample) -> Iterator[Broken]:
    rng = random.Random(f"{sample.seed}/{cell.id}/mistakes")  # noqa: S311 - no secret
    for number, (program, mutations) in enumerate(broken(Program(cell.code, cell.setup), rng, sample.each)):
        yield Broken(
            f"{cell.id}/{sample.seed}.{number}", cell.group, cell.source, program.code, (program.intended,),
            setup=program.setup, mutations=mutations,
        )  # fmt: skip


def _broken_queries(pair: Pair, sample: Sample) -> Iterator[Broken]:
    rng = random.Random(f"{sample.seed}/{pair.id}/mistakes")  # noqa: S311 - no secret
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


def _parts(groups: Sequence[Sequence[Broken]], folder: Path) -> list[Part]:
    starts = range(0, len(groups), SIZE)
    return [
        Part(folder / f"{n:05}.jsonl.gz", tuple(record for group in groups[start : start + SIZE] for record in group))
        for n, start in enumerate(starts)
    ]
