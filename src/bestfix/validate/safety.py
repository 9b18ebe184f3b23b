"""What an edit makes a program do beyond computing: write, delete, start, install, connect, run text."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from bestfix.capture.embedded.magic import has_sql_magic, magic_statement
from bestfix.core import Language
from bestfix.lang.python import Tree, parsed, tokenized
from bestfix.lang.python.cell import is_foreign
from bestfix.lang.python.escapes import escapes, has_escapes
from bestfix.lang.sql.statements import first_words, statements
from bestfix.lang.text import Lines

__all__ = ["Effect", "added_effects"]


class Effect(StrEnum):
    """Something that reaches beyond the session."""

    WRITES = "writes files"
    DELETES = "deletes or moves files"
    PROCESS = "starts or ends processes"
    NETWORK = "uses the network"
    CODE = "runs text as code"
    INSTALLS = "installs packages"
    COMMAND = "runs a shell command or magic"
    DATABASE = "changes a database"


_MODULES: Mapping[str, Effect] = {
    "subprocess": Effect.PROCESS, "multiprocessing": Effect.PROCESS, "signal": Effect.PROCESS, "pty": Effect.PROCESS,
    "ctypes": Effect.PROCESS, "socket": Effect.NETWORK, "requests": Effect.NETWORK, "httpx": Effect.NETWORK,
    "urllib.request": Effect.NETWORK, "urllib3": Effect.NETWORK, "aiohttp": Effect.NETWORK, "smtplib": Effect.NETWORK,
    "ftplib": Effect.NETWORK, "http.client": Effect.NETWORK, "paramiko": Effect.NETWORK, "shutil": Effect.DELETES,
    "pip": Effect.INSTALLS, "ensurepip": Effect.INSTALLS, "micropip": Effect.INSTALLS, "runpy": Effect.CODE,
    "webbrowser": Effect.PROCESS, "tempfile": Effect.WRITES,
}  # fmt: skip
"""Modules all of whose functions have an effect."""
_FUNCTIONS: Mapping[str, Effect] = {
    **dict.fromkeys(("eval", "exec", "compile", "__import__", "execfile", "pickle.load", "pickle.loads"), Effect.CODE),
    **dict.fromkeys(("os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.rename", "os.renames", "os.replace",
                     "os.truncate"), Effect.DELETES),
    **dict.fromkeys(("os.mkdir", "os.makedirs", "os.chmod", "os.chown", "os.link", "os.symlink", "os.write", "os.open",
                     "os.utime", "os.putenv", "os.chdir"), Effect.WRITES),
    **dict.fromkeys(("os.system", "os.popen", "os.kill", "os.killpg", "os.fork", "os._exit", "os.abort",
                     "os.startfile"), Effect.PROCESS),
}  # fmt: skip
_METHODS: Mapping[str, Effect] = {
    **dict.fromkeys(("unlink", "rmdir", "rmtree"), Effect.DELETES),
    **dict.fromkeys(("write_text", "write_bytes", "touch", "mkdir", "savefig", "to_csv", "to_excel", "to_parquet",
                     "to_feather", "to_pickle", "to_hdf", "write_csv", "write_parquet", "write_html", "write_image",
                     "savetxt", "savez", "save", "dump", "extractall"), Effect.WRITES),
    **dict.fromkeys(("to_sql", "write_database", "commit"), Effect.DATABASE),
    **dict.fromkeys(("urlopen", "urlretrieve"), Effect.NETWORK),
    **dict.fromkeys(("run_line_magic", "run_cell_magic", "run_cell", "system", "getoutput"), Effect.COMMAND),
}  # fmt: skip
"""Functions and methods whose name tells, whatever they are called on."""
_SPAWNS = ("os.exec", "os.spawn", "os.posix_spawn")
_EXECUTES = frozenset({"execute", "executemany", "executescript", "sql", "query", "read_sql", "read_sql_query", "text"})
_WRITES = frozenset({
    "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE", "COPY", "ATTACH",
    "INSTALL", "LOAD", "EXPORT", "IMPORT", "VACUUM", "GRANT", "REVOKE", "CALL", "DO",
})  # fmt: skip


_WRITING = re.compile(rf"\b(?:{'|'.join(sorted(_WRITES))})\b", re.IGNORECASE)


def added_effects(before: str, after: str, language: Language = Language.PYTHON) -> tuple[Effect, ...]:
    """Return the effects of a program, or of a query, that an earlier version of it did not have, each once.

    An effect is known by the names that are called; where the earlier version does not parse, by those that stand in
    it. It is a courtesy to the user and a second wall: what a name hides is stopped by the sandbox.
    """
    effects = _of_sql if language is Language.SQL else _effects
    if not (found := effects(after)):
        return ()
    new = Counter(found) - Counter(effects(before))
    if language is Language.SQL:
        return tuple(dict.fromkeys(effect for effect, _ in new))
    known = () if parsed(before) is not None else {token.text for token in tokenized(before)}
    return tuple(dict.fromkeys(effect for effect, name in new if name.rpartition(".")[2] not in known))


@lru_cache(maxsize=64)
def _effects(text: str) -> tuple[tuple[Effect, str], ...]:
    """Return each effect of a program with what has it; the same text is asked about beside each of its fixes."""
    return tuple(_of_program(text))


def _of_program(text: str) -> Iterator[tuple[Effect, str]]:
    if has_escapes(text):
        yield from _of_escapes(text)
    tree = parsed(text)
    if tree is None:
        return
    names = dict(_imported(tree))
    for call in tree.nodes(ast.Call):
        name = _dotted(call.func, names)
        if (effect := _effect(call, name)) is not None:
            yield effect, name


def _of_escapes(text: str) -> Iterator[tuple[Effect, str]]:
    """Yield what the magics and shell commands of a cell do: of SQL what it does, not that it is a magic."""
    if is_foreign(text) and not has_sql_magic(text):
        yield Effect.COMMAND, text
        return
    lines = Lines(text)
    for escape in escapes(text):
        start, end = escape.span.start, escape.span.end
        if (query := magic_statement(text, lines.lineno(start))) is not None:
            yield from _of_sql(query.value)
        else:
            yield Effect.COMMAND, text[start : end if escape.code is None else escape.code]
        if is_foreign(text):
            return


@lru_cache(maxsize=64)
def _of_sql(text: str) -> tuple[tuple[Effect, str], ...]:
    """Return each statement of a query that does more than read."""
    if not _WRITING.search(text):
        return ()
    first = [first_words(span.of(text), 1) for span in statements(text)]
    return tuple((Effect.DATABASE, words[0]) for words in first if words and words[0] in _WRITES)


def _effect(call: ast.Call, name: str) -> Effect | None:
    method = name.rpartition(".")[2]
    if name in {"open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open"} or name.endswith(".open"):
        return Effect.WRITES if _writes(call, name) else None
    if name.startswith(_SPAWNS):
        return Effect.PROCESS
    for module, effect in _MODULES.items():
        if name.startswith(f"{module}."):
            return effect
    if method in _EXECUTES:
        return _of_statement(call)
    return _FUNCTIONS.get(name) or (_METHODS.get(method) if "." in name else None)


def _of_statement(call: ast.Call) -> Effect | None:
    """Return what an SQL statement does, as far as its text stands in the call."""
    text = call.args[0] if call.args else None
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    return next((effect for effect, _ in _of_sql(text.value)), None)


def _writes(call: ast.Call, name: str) -> bool:
    """Whether a call opens a file for more than reading."""
    given = next((k.value for k in call.keywords if k.arg == "mode"), None)
    place = 1 if "." not in name or name.partition(".")[0] in {"io", "codecs", "gzip", "bz2", "lzma"} else 0
    if given is None and len(call.args) > place:
        given = call.args[place]
    if given is None:
        return False
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return bool(set(given.value) & set("wax+")) and len(given.value) <= 3
    return True


def _imported(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the names that imports give, with what they stand for."""
    for node in tree.nodes(ast.Import):
        for alias in node.names:
            if alias.asname:
                yield alias.asname, alias.name
    for imports in tree.nodes(ast.ImportFrom):
        for alias in imports.names:
            yield alias.asname or alias.name, f"{imports.module}.{alias.name}"


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """Return the dotted name of what is called; a part that is no name is `?`."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return "?"
