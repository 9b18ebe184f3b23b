"""Files that are opened for something else than is done with them, and folders that are missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.writing.edits import quoted

__all__ = ["file_encoding", "file_mode", "folder_exists", "missing_folder"]

_BINARY = frozenset({
    ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".zip", ".gz", ".pkl", ".pickle", ".npy", ".npz", ".mp3", ".wav", ".bin",
    ".parquet", ".xlsx", ".pt", ".db", ".sqlite", ".joblib",
})  # fmt: skip


@repair("FileNotFoundError", "OSError")
def missing_folder(report: Report, context: Context) -> Iterator[Candidate]:
    """Make the folder before something is written into it.

    Why: opening a file for writing makes the file, not its folders.
    Example: `open("out/a.txt", "w")` → `os.makedirs("out", exist_ok=True)` before it
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Call) or report.error.is_a("FileExistsError"):
        return
    call = site.node
    name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
    if name == "mkdir" and isinstance(call.func, ast.Attribute):
        yield from _parents(site, call)
        return
    found = site.search(r"Cannot save file into a non-existent directory: '(.*)'")
    path = report.error.details.get("filename", "")
    folder = found[1] if found else Path(path).parent.as_posix()
    mode = site.literal(call.args[1]) if name == "open" and len(call.args) > 1 else ""
    modes = [mode, *(site.literal(k.value) for k in call.keywords if k.arg == "mode")]
    writes = (
        found or name.startswith(("to_", "save", "dump", "write")) or any(str(m)[:1] in set("wax") for m in modes if m)
    )
    if not writes or folder in {"", "."} or Path(folder).is_dir():
        return
    lines = [f'os.makedirs("{folder}", exist_ok=True)']
    if context.value("os") is None:
        lines.insert(0, "import os")
    yield site.fix(
        site.insert_before(site.statement, *lines), reason=f"the folder {folder!r} does not exist", prior=0.85
    )


def _parents(site: Site, call: ast.Call) -> Iterator[Candidate]:
    """Yield the call that makes the folders above as well."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    reason = "the folder above does not exist"
    if site.text(owner) == "os":
        end = site.tree.span(call.func).end
        yield site.fix(Edit(end - len("mkdir"), end, "makedirs"), reason=reason, prior=0.85)
    else:
        separator = ", " if call.args or call.keywords else ""
        edit = Edit.insert(site.tree.span(call).end - 1, f"{separator}parents=True")
        yield site.fix(edit, reason=reason, prior=0.85)


@repair("FileExistsError")
def folder_exists(report: Report, context: Context) -> Iterator[Candidate]:
    """Make a folder only where it does not exist yet.

    Why: a notebook is run twice.
    Example: `os.mkdir("out")` → `os.makedirs("out", exist_ok=True)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Call) or not isinstance(site.node.func, ast.Attribute):
        return
    call, function = site.node, site.node.func
    end = site.tree.span(call).end - 1
    separator = ", " if call.args or call.keywords else ""
    if function.attr in {"mkdir", "makedirs"}:
        edits = [Edit.insert(end, f"{separator}exist_ok=True")]
        if site.text(function) == "os.mkdir":
            at = site.tree.span(function).end
            edits.append(Edit(at - len("mkdir"), at, "makedirs"))
        yield site.fix(*edits, reason="the folder exists already", prior=0.88)


@repair("UnsupportedOperation", "TypeError", "UnicodeDecodeError")
def file_mode(report: Report, context: Context) -> Iterator[Candidate]:
    """Open a file for what is done with it: reading or writing, text or bytes.

    Why: `open` reads text unless it is told otherwise.
    Example: `open("a.txt").write("x")` → `open("a.txt", "w").write("x")`
    Safety: unsafe where a file is opened for writing: its contents go.
    """
    site = Site.of(report, context)
    if site is None:
        return
    for call in _opened(site):
        old = site.literal(call.args[1]) if len(call.args) > 1 else "r"
        name = site.literal(call.args[0]) if call.args else ""
        if not isinstance(old, str) or any(k.arg == "mode" for k in call.keywords):
            continue
        new = _wanted_mode(site, old, Path(str(name)).suffix.lower())
        if not new or new == old:
            continue
        if len(call.args) > 1:
            edit = site.replace(call.args[1], quoted(new, site.text(call.args[1])))
        else:
            edit = Edit.insert(site.tree.span(call.args[0]).end, f", {quoted(new, site.text(call.args[0]))}")
        yield site.fix(edit, reason=f"the file is opened with mode {old!r}", prior=0.8, safe=new[0] == "r")
        return


def _wanted_mode(site: Site, mode: str, extension: str) -> str:
    if site.search("not writable|not writeable"):
        return "w" + mode[1:].replace("+", "")
    if site.search("not readable"):
        return "r" + mode[1:].replace("+", "")
    if site.search(
        r"write\(\) argument must be str, not bytes|'\w+' codec can't decode|a bytes-like object is required"
    ):
        text_wanted = site.search("a bytes-like object") is not None
        if text_wanted:
            return mode.replace("b", "")
        return mode + "b" if extension in _BINARY or (not site.search("'") and "b" not in mode) else ""
    return ""


def _opened(site: Site) -> Iterator[ast.Call]:
    """Yield the calls of `open` that may have made the file that failed: around the failure first."""
    for root in (site.node, *[n for n in site.tree.ancestors(site.node) if isinstance(n, ast.With)], site.scope):
        items = [i.context_expr for i in root.items] if isinstance(root, ast.With) else [root]
        for item in items:
            for node in ast.walk(item):
                if isinstance(node, ast.Call) and site.text(node.func) in {"open", "io.open"}:
                    yield node


@repair("UnicodeDecodeError", "UnicodeEncodeError")
def file_encoding(report: Report, context: Context) -> Iterator[Candidate]:
    """Say which encoding a file has.

    Why: older programs write Latin-1 or Windows encodings, or UTF-16.
    Example: `open("a.txt").read()` → `open("a.txt", encoding="latin-1").read()`
    Safety: unsafe; the encoding is concluded from one byte.
    """
    site = Site.of(report, context)
    if site is None:
        return
    encoding = _encoding(site)
    calls = [*_opened(site)] or [c for c in site.inside(ast.Call) if isinstance(c, ast.Call)][:1]
    for call in calls[:1]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
        keyword = next((k for k in call.keywords if k.arg == "encoding"), None)
        reason = f"the file is not written in this encoding: {encoding} reads it"
        if keyword is not None:
            edit = site.replace(keyword.value, f'"{encoding}"')
        elif name in {"decode", "encode"} and call.args:
            edit = site.replace(call.args[0], f'"{encoding}"')
        elif name in {"decode", "encode"}:
            edit = Edit.insert(site.tree.span(call).end - 1, f'"{encoding}"')
        else:
            edit = Edit.insert(site.tree.span(call).end - 1, f', encoding="{encoding}"')
        yield site.fix(edit, reason=reason, prior=0.7, safe=False)


def _encoding(site: Site) -> str:
    """Return the encoding that explains the byte that could not be read."""
    if site.report.error.is_a("UnicodeEncodeError"):
        return "utf-8"
    found = site.search(r"'([\w-]+)' codec can't decode bytes? (?:0x)?([0-9a-f]*) ?.*in position (\d+)")
    if found is None:
        return "latin-1"
    codec, byte, position = found[1], int(found[2] or "0", 16), int(found[3])
    if codec in {"ascii", "charmap", "cp1252"}:
        return "utf-8"
    if position == 0 and byte in {0xFF, 0xFE}:
        return "utf-16"
    return "cp1252" if 0x80 <= byte < 0xA0 else "latin-1"
