"""A front end made of jupyter_client: a real kernel, and a page's comm to it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import start_new_kernel

ATTACH = 'try:\n __import__("bestfix.surfaces.jupyter", None, None, ["attach"]).attach()\nexcept ImportError:\n pass'


class Page:
    """A page that runs cells and follows its comm."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.comm = uuid.uuid4().hex
        self.seen: list[dict[str, Any]] = []
        self.over: set[str] = set()

    def attach(self, **opening: Any) -> None:
        """Do what the labextension does: attach until that is done, then open the comm.

        A cell that fails has the kernel give up what waits behind it.
        """
        while self.reply(self.client.execute(ATTACH, silent=True))["status"] != "ok":
            pass
        self.open(**opening)

    def reply(self, sent: str) -> dict[str, Any]:
        """Return the content of the kernel's reply to a request."""
        while True:
            message = self.client.get_shell_msg(timeout=60)
            if message["parent_header"].get("msg_id") == sent:
                return message["content"]

    def open(self, **opening: Any) -> None:
        self._shell("comm_open", {"target_name": "bestfix", "data": {"protocol": 1, "version": "0", **opening}})

    def close(self) -> None:
        self._shell("comm_close", {"data": {}})

    def say(self, kind: str, **fields: Any) -> None:
        self._shell("comm_msg", {"data": {"type": kind, **fields}})

    def run(self, code: str, cell: str | None = None) -> str:
        """Run a cell, wait until it is over, and return its request's id."""
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": True,
        }  # fmt: skip
        message = self.client.session.msg("execute_request", content)
        if cell is not None:
            message["metadata"] = {"cellId": cell}
        self.client.shell_channel.send(message)
        self.wait(message["header"]["msg_id"])
        return message["header"]["msg_id"]

    def wait(self, sent: str, seconds: float = 60) -> None:
        """Read messages until a request is over."""
        for message in self._messages(seconds):
            idle = message["content"].get("execution_state") == "idle"
            if idle and message["parent_header"].get("msg_id") == sent:
                return
        raise TimeoutError(f"nothing ended {sent}")

    def said(self, kind: str, seconds: float = 60) -> dict[str, Any]:
        """Return, and take out, the first message of a kind that the kernel has sent or sends."""
        while True:
            for number, data in enumerate(self.seen):
                if data["type"] == kind:
                    return self.seen.pop(number)
            if next(self._messages(seconds), None) is None:
                raise TimeoutError(f"no {kind!r} came")

    def outputs(self, code: str) -> list[dict[str, Any]]:
        """Run a cell and return the content of what it shows."""
        sent = self.client.execute(code)
        found = []
        for message in self._messages(60):
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["content"].get("execution_state") == "idle":
                return found
            if message["msg_type"] in {"display_data", "update_display_data", "stream", "execute_result", "error"}:
                found.append({"kind": message["msg_type"], **message["content"]})
        raise TimeoutError(code)

    def _messages(self, seconds: float) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.client.get_iopub_msg(timeout=left)
            except Empty:
                return
            if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == self.comm:
                self.seen.append(message["content"]["data"])
            if message["content"].get("execution_state") == "idle":
                self.over.add(message["parent_header"].get("msg_id"))
            yield message

    def _shell(self, kind: str, content: dict[str, Any]) -> None:
        message = self.client.session.msg(kind, {"comm_id": self.comm, **content})
        self.client.shell_channel.send(message)
        self.wait(message["header"]["msg_id"])


def own_environment(home: Path, **variables: str) -> dict[str, str]:
    """Return an environment whose user folders are in `home`; unlikely fixes are shown, and on busy machines, too."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESTFIX_")}
    folders = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "IPYTHONDIR")
    shown = {"BESTFIX_THRESHOLD": "0.05", "BESTFIX_DEADLINE": "10"}
    return {**kept, **{name: str(home / name.lower()) for name in folders}, **shown, **variables}


@contextmanager
def started(home: Path, **variables: str) -> Iterator[Any]:
    """Yield the client of a fresh kernel."""
    manager, client = start_new_kernel(kernel_name="python3", env=own_environment(home, **variables))
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def cells(*texts: str) -> dict[str, Any]:
    """Return what a page says of a notebook with these cells, called c1, c2, …"""
    told = {f"c{n}": {"text": text, "label": f"cell {n}"} for n, text in enumerate(texts, 1)}
    return {"order": list(told), "changed": told}
