"""Answers on file: what a model said is recorded, and said again without asking.

A cassette is a JSONL file. A line at its top tells the settings that it was recorded with:
`{"format": 1, "bestfix": …, "llm": {"model": …, "strategies": […], "k": …, …}}`. Every other line is a question with
what came of it: `{"key": …, "request": {…}, "completion": {…}}`, or `"failure": "Type: message"` for the completion.
The key is the SHA-256 of the request as canonical JSON; of several lines with one key the last counts. No API key and
no address of an endpoint is in it; the questions are what left the machine, already redacted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bestfix._version import __version__
from bestfix.config import LLM
from bestfix.core import Deadline
from bestfix.core.document import DocumentError, encoded, structured
from bestfix.generate.llm.errors import LLMError, NotAskedError
from bestfix.generate.llm.messages import Completion, Request
from bestfix.generate.llm.once import Model

__all__ = ["Cassette", "CassetteError", "RecordedError", "key_of", "recorded", "recorded_with"]

_TOLD = ("model", "strategies", "models", "k", "privacy", "prompt_tokens", "answer_tokens")
"""The settings that decide which questions are asked."""


class CassetteError(ValueError):
    """A file is no cassette; the message says where."""


class RecordedError(LLMError):
    """The question failed when it was recorded."""


@dataclass(eq=False)
class Cassette:
    """A model before which stands a file of its answers; what is not on file is asked and recorded.

    Attributes:
        path: the file.
        llm: the settings that a new file is recorded with.
        model: what answers the rest.
    """

    path: Path
    llm: LLM
    model: Model
    _new: dict[str, Completion] = field(default_factory=dict, init=False)

    async def complete(self, request: Request, deadline: Deadline) -> Completion:
        """Return the model's answers, from the file where it has them.

        Raises:
            LLMError: when there are none.
        """
        key = key_of(request)
        found = self._new.get(key) or recorded(self.path).get(key)
        if isinstance(found, Completion):
            return found
        try:
            completion = await self.model.complete(request, deadline)
        except NotAskedError:
            if found is not None:
                raise RecordedError(found) from None
            raise
        except LLMError as error:
            self._write({"key": key, "request": encoded(request), "failure": f"{type(error).__name__}: {error}"})
            raise
        self._new[key] = completion
        self._write({"key": key, "request": encoded(request), "completion": encoded(completion)})
        return completion

    def _write(self, line: Mapping[str, Any]) -> None:
        """Add a line, in one write, since several processes may do so at once."""
        lines: list[Mapping[str, Any]] = [line]
        if not self.path.exists():
            told = {name: encoded(getattr(self.llm, name)) for name in _TOLD}
            lines.insert(0, {"format": 1, "bestfix": __version__, "llm": told})
        with self.path.open("ab", buffering=0) as file:
            file.write("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode())


def key_of(request: Request) -> str:
    """Return the key of a request: equal requests have the same one, in every process."""
    text = json.dumps(encoded(request), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=4)
def recorded(path: Path) -> Mapping[str, Completion | str]:
    """Return what came of each question on file, by its key: the answers, or why there are none. Read once a process.

    Raises:
        CassetteError: when the file is none.
    """
    found: dict[str, Completion | str] = {}
    for number, line in _lines(path):
        try:
            failure = line.get("failure")
            found[line["key"]] = str(failure) if failure else structured(Completion, line["completion"])
        except (DocumentError, KeyError) as error:
            raise CassetteError(f"{path}:{number}: {error}") from error
    return found


def recorded_with(path: Path, llm: LLM) -> LLM:
    """Return the settings that ask the questions which are on file; `llm` says what the file does not.

    Raises:
        CassetteError: when the file is none.
    """
    told: Mapping[str, Any] = next((line["llm"] for _, line in _lines(path, heads=True)), {})
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items() if name in _TOLD}
    return replace(llm, **values)


def _lines(path: Path, *, heads: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered lines of a file: those that tell its settings, or all others."""
    if not path.exists():
        return
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
        except ValueError as error:
            raise CassetteError(f"{path}:{number}: {error}") from error
        if not isinstance(line, dict) or ("llm" in line and line.get("format") != 1):
            raise CassetteError(f"{path}:{number}: this is no line of a cassette of format 1")
        if ("llm" in line) == heads:
            yield number, line
