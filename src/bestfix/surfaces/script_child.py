"""Runs a script as `python script.py` does; on a crash it leaves the decision in a file.

This file is itself run by path in a fresh interpreter. The user's program must find the interpreter as Python would
have left it, so nothing of bestfix is imported before it crashes.
"""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from typing import Any


def main(answer: str, script: str, arguments: list[str]) -> None:
    """Run `script` with `arguments`; write the decision to the file `answer` when it crashes."""
    path = os.path.abspath(script)  # noqa: PTH100 - Python does not resolve it either
    sys.argv = [script, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(script))  # noqa: PTH120 - pathlib would be one import more
    own, module = sys.modules["__main__"], type(sys)("__main__")
    loader = type(vars(own)["__loader__"])("__main__", path)
    vars(module).update(__file__=path, __builtins__=builtins, __cached__=None, __loader__=loader)
    if "__annotations__" in vars(own):
        vars(module)["__annotations__"] = {}
    sys.modules["__main__"] = module
    process = os.getpid()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib would be one import more
            data = file.read()
        exec(compile(data, path, "exec", dont_inherit=True), vars(module))  # noqa: S102 - this is what `python` does
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever the script raises is printed as Python prints it
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
        sys.excepthook(type(error), error, error.__traceback__)
        if isinstance(error, KeyboardInterrupt):
            sys.exit(130)
        if os.getpid() == process:
            _contained(_leave, answer, path, error)
        sys.exit(1)


def _leave(answer: str, path: str, error: BaseException) -> None:
    """Write the decision about a crash."""
    import json
    from pathlib import Path

    from bestfix.surfaces.crash import decide
    from bestfix.surfaces.wire import decision_to

    Path(answer).write_text(json.dumps(decision_to(decide(error, Path(path)))), encoding="utf-8", errors="replace")


def _contained(action: Callable[..., None], *arguments: Any) -> None:
    """Do something of ours: when it fails, the user's own traceback must stay the last word."""
    try:
        action(*arguments)
    except Exception as failure:  # noqa: BLE001 - a bug of ours must not hide the user's error
        sys.stderr.write(f"bestfix: no answer ({type(failure).__name__}: {failure})\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
