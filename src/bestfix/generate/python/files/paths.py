"""Paths that do not exist, or are of another kind than was thought."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from bestfix.core import Candidate, Context, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.writing.edits import quoted
from bestfix.generate.similar import near

__all__ = ["file_for_folder", "near_path", "path_variables"]

_ENTRIES = 2000
"""Entries of a folder that are looked at."""
_FOLDERS = 200
"""Folders that are looked into for a file."""
_LENGTH = 1000
"""Characters of a path that is looked for."""


def _path(site: Site | None) -> str:
    """Return the path that the error names."""
    return "" if site is None else site.report.error.details.get("filename", "")


def _literals(site: Site, path: str) -> list[ast.Constant]:
    """Return the literal of a path in the failing statement, or else in the text."""
    for root in (site.statement, site.tree.root):
        found = [n for n in ast.walk(root) if isinstance(n, ast.Constant) and n.value == path]
        if found:
            return found[:1]
    return []


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the first entries of a folder; none when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry, _ in zip(entries, range(_ENTRIES), strict=False)]
    except OSError:
        return []


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _candidates(path: Path) -> Iterator[tuple[Path, str, float]]:
    """Yield paths that exist near a missing one, why they are meant, and the likelihood."""
    names = [entry.name for entry in _entries(path.parent)]
    for name in names:
        other = path.with_name(name)
        if name.lower() == path.name.lower():
            yield other, "it is there in another case", 0.9
        elif other.stem.lower() == path.stem.lower():
            yield other, "it is there with another extension", 0.82
    for match in near(path.name, names, least=0.6, limit=3):
        yield path.with_name(match.name), "a name like it is there", 0.2 + 0.65 * match.score
    yield from _elsewhere(path)


def _elsewhere(path: Path) -> Iterator[tuple[Path, str, float]]:
    """Yield the same file in another folder: below, beside, above, or one that is called nearly the same."""
    for folder in dict.fromkeys((path.parent, Path(), Path(".."), path.parent.parent)):
        if folder != path.parent and _exists(folder / path.name):
            yield folder / path.name, "it is in another folder", 0.72
        if folder == Path(".."):
            continue
        below = [e.name for e in _entries(folder)[:_FOLDERS] if not e.name.startswith(".") and e.is_dir()]
        for name in below:
            if _exists(folder / name / path.name):
                yield folder / name / path.name, "it is in another folder", 0.75
    if not _exists(path.parent):
        above = [entry.name for entry in _entries(path.parent.parent)]
        for match in near(path.parent.name, above, least=0.6, limit=2):
            other = path.parent.with_name(match.name) / path.name
            if _exists(other):
                yield other, "the folder is called otherwise", 0.85


@repair("FileNotFoundError", "OSError", "ComputeError")
def near_path(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the path of the file that was meant: one that exists.

    Why: names, extensions, cases and folders are mistyped.
    Example: `open("dta.csv")` → `open("data.csv")`
    Safety: safe; the file exists.
    """
    site = Site.of(report, context)
    text = _path(site)
    if site is None or not text or len(text) > _LENGTH or "\0" in text or text.startswith(("~", "$")):
        return
    path = Path(text)
    for literal in _literals(site, text) if path.name and not _exists(path) else ():
        seen: set[Path] = set()
        for other, why, prior in _candidates(path):
            if other not in seen:
                seen.add(other)
                edit = site.replace(literal, quoted(other.as_posix(), site.text(literal)))
                yield site.fix(edit, reason=f"{text!r} does not exist: {why}", prior=prior)


@repair("FileNotFoundError", "OSError")
def path_variables(report: Report, context: Context) -> Iterator[Candidate]:
    """Expand the home folder and variables of the shell in a path.

    Why: the shell expands `~` and `$HOME`; functions that open files do not.
    Example: `open("~/notes.txt")` → `open(os.path.expanduser("~/notes.txt"))`
    Safety: safe where the path exists.
    """
    site = Site.of(report, context)
    text = _path(site)
    if site is None or not (text.startswith("~") or "$" in text):
        return
    expanded = os.path.expandvars(os.path.expanduser(text))  # noqa: PTH111 - what cannot be expanded is no error
    for literal in _literals(site, text) if expanded != text else ():
        there = _exists(Path(expanded))
        reason = f"{text!r} is expanded by a shell alone"
        edit = site.replace(literal, quoted(expanded, site.text(literal)))
        yield site.fix(edit, reason=reason, prior=0.75 if there else 0.4)
        if context.value("os") is not None:
            function = "os.path.expanduser" if text.startswith("~") else "os.path.expandvars"
            edit = site.replace(literal, f"{function}({site.text(literal)})")
            yield site.fix(edit, reason=reason, prior=0.7 if there else 0.38)


@repair("NotADirectoryError", "IsADirectoryError", "PermissionError")
def file_for_folder(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the folder of a file where a folder is wanted, and the only file of a folder where a file is.

    Why: a path is one step too long or too short.
    Example: `os.listdir("data/a.csv")` → `os.listdir("data")`
    Safety: safe; the path exists.
    """
    site = Site.of(report, context)
    text = _path(site)
    if site is None or not text or len(text) > _LENGTH:
        return
    path = Path(text)
    for literal in _literals(site, text):
        if report.error.is_a("NotADirectoryError"):
            edit = site.replace(literal, quoted(path.parent.as_posix(), site.text(literal)))
            yield site.fix(edit, reason=f"{text!r} is a file", prior=0.75)
            continue
        files = [e.name for e in _entries(path) if not e.name.startswith(".") and e.is_file()]
        for name in files if len(files) <= 2 else ():
            edit = site.replace(literal, quoted((path / name).as_posix(), site.text(literal)))
            yield site.fix(edit, reason=f"{text!r} is a folder", prior=0.6 / len(files))
