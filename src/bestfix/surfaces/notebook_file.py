"""A notebook file, of which nothing but the cells that are fixed changes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix.surfaces.files import FileError, TextFile

__all__ = ["NotebookFile", "OtherLanguageError"]

_INDENT = re.compile(r"\{\n([ \t]*)\S")


class OtherLanguageError(FileError):
    """A notebook is not in Python."""


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """A notebook of format 4.

    Attributes:
        file: the text of the file.
        document: the JSON document in it.
    """

    file: TextFile
    document: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> NotebookFile:
        """Return the notebook in a file.

        Raises:
            FileError: when it cannot be read or is no notebook of format 4.
            OtherLanguageError: when it is not in Python.
        """
        file = TextFile.read(path)
        try:
            document = json.loads(file.text)
        except (ValueError, RecursionError) as error:
            raise FileError(f"{path} is no notebook: {error}") from error
        if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
            raise FileError(
                f"{path} is no notebook of format 4; `jupyter nbconvert --to notebook` converts an older one"
            )
        notebook = cls(file, document)
        if (language := notebook.language) != "python":
            raise OtherLanguageError(f"{path} is a notebook in {language}, not in Python")
        return notebook

    @property
    def language(self) -> str:
        """The language of its cells, in lower case."""
        metadata = self.document.get("metadata") or {}
        for part, name in (("language_info", "name"), ("kernelspec", "language")):
            if isinstance(found := (metadata.get(part) or {}).get(name), str):
                return found.lower()
        return "python"

    @property
    def code(self) -> Sequence[str]:
        """The texts of its code cells."""
        return [_text(cell.get("source", "")) for cell in self._code_cells()]

    @property
    def errors(self) -> Sequence[tuple[str, str, str] | None]:
        """The type, message and traceback that the file holds as the output of each code cell that failed."""
        return [_error(cell.get("outputs")) for cell in self._code_cells()]

    def with_code(self, texts: Sequence[str]) -> bytes:
        """Return the bytes of the notebook with other texts in its code cells; the form of the JSON is kept."""
        document = json.loads(self.file.text)
        cells = [cell for cell in document["cells"] if cell.get("cell_type") == "code"]
        for cell, text in zip(cells, texts, strict=True):
            if text != _text(cell.get("source", "")):
                cell["source"] = text.splitlines(keepends=True) if isinstance(cell["source"], list) else text
        return self.file.with_text(self._written(document)).encoded()

    def _written(self, document: object) -> str:
        text = self.file.text
        indent = match[1] if (match := _INDENT.match(text)) else None
        end = text[len(text.rstrip("\n")) :]
        return json.dumps(document, indent=indent, ensure_ascii=text.isascii()) + end

    def _code_cells(self) -> list[dict[str, Any]]:
        return [cell for cell in self.document["cells"] if cell.get("cell_type") == "code"]


def _error(outputs: object) -> tuple[str, str, str] | None:
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict) and output.get("output_type") == "error":
            lines = output.get("traceback")
            traceback = "\n".join(map(str, lines)) if isinstance(lines, list) else ""
            return str(output.get("ename", "")), str(output.get("evalue", "")), traceback
    return None


def _text(source: str | Sequence[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
