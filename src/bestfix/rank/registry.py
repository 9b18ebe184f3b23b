"""Which fitted model is in use: those that were promoted, beside the ones that come with the package.

    <folder>/trees/changes/00001.json    what was changed, when and why; the last change says what is in use
    <folder>/trees/3fa9c1d20b7e/         a promoted model: its manifest, its heads, its card

Nothing is ever overwritten. A change is a file that is linked into place under the next number, which one process alone
can do, so that any number of them may read and change at once.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bestfix.core.document import DocumentError, encoded, structured
from bestfix.rank.boosted import ModelError
from bestfix.rank.model import MANIFEST, Model, load_model

__all__ = ["CARD", "Change", "Registry"]

CARD = "card.md"
"""The file, in a model's folder, that says for people what it is."""
_KINDS = {".txt": "trees", ".json": "logistic"}
"""The selectors whose model can be promoted, by the ending of its heads."""
_CHANGES = "changes"
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the model in use.

    Attributes:
        number: counts the changes of a selector from 1.
        model: the name of the model that is in use from then on; empty for the one that comes with the package.
        before: the number of the change that a rollback goes back to; 0 for the model that comes with the package.
        when: the time, in UTC, as ISO 8601.
        why: what a person or the comparison said.
    """

    number: int
    model: str
    before: int
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Registry:
    """A folder of promoted models, which a person or a team shares."""

    folder: Path

    @classmethod
    def at(cls, folder: str = "") -> Registry:
        """Return the registry of a folder, or of the user."""
        if folder:
            return cls(Path(folder).expanduser())
        from platformdirs import user_data_path

        return cls(user_data_path("bestfix") / "models")

    def in_use(self, kind: str) -> Path | None:
        """Return the folder of the promoted model of a selector; `None` where the package's own is in use.

        Raises:
            ModelError: when the last change cannot be read.
        """
        last = self.last(kind)
        return self.folder / kind / last.model if last and last.model else None

    def last(self, kind: str) -> Change | None:
        """Return the change that holds.

        Raises:
            ModelError: when it cannot be read.
        """
        names = self._names(kind)
        return self._change(kind, int(names[-1].partition(".")[0])) if names else None

    def changes(self, kind: str) -> list[Change]:
        """Return all changes of a selector's model, the first one first.

        Raises:
            ModelError: when one cannot be read.
        """
        return [self._change(kind, int(name.partition(".")[0])) for name in self._names(kind)]

    def promote(self, source: Path, why: str) -> tuple[str, Change]:
        """Copy a model's folder into the registry and put the copy into use.

        Args:
            source: the folder, as `bestfix train fit` wrote it.
            why: what speaks for it.

        Returns:
            The selector whose model it is, and the change.

        Raises:
            ModelError: when it is no model that can be used, or the registry cannot be written.
        """
        kind = _kind(load_model(source))
        try:
            name = self._kept(kind, source)
            return kind, self._changed(kind, lambda last: (name, last.number if last else 0), why)
        except OSError as error:
            raise ModelError(f"cannot promote {source} to {self.folder}: {error.strerror or error}") from error

    def rollback(self, kind: str, why: str) -> Change:
        """Put the model into use that was in use before the last promotion.

        Raises:
            ModelError: when there is none before, or the registry cannot be written.
        """

        def earlier(last: Change | None) -> tuple[str, int]:
            if last is None or not last.model:
                raise ModelError(f"the model of `{kind}` that comes with the package is in use; there is none before")
            before = self._change(kind, last.before) if last.before else Change(0, "", 0, "", "")
            return before.model, before.before

        try:
            return self._changed(kind, earlier, why)
        except OSError as error:
            raise ModelError(f"cannot change {self.folder}: {error.strerror or error}") from error

    def _kept(self, kind: str, source: Path) -> str:
        """Copy a model to a folder that is named by its manifest's hash, complete or not at all; return the name."""
        name = load_model(source).name
        target = self.folder / kind / name
        if target.is_dir():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=target.parent))
        try:
            manifest = load_model(source).manifest
            for file in (MANIFEST, manifest.accept.file, manifest.success.file, CARD):
                if file != CARD or (source / file).is_file():
                    shutil.copyfile(source / file, partial / file)
            load_model(partial)
            partial.chmod(0o755)
            partial.rename(target)
        except OSError:
            if not target.is_dir():  # otherwise another process was faster with the same model
                raise
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return name

    def _changed(self, kind: str, decide: Callable[[Change | None], tuple[str, int]], why: str) -> Change:
        """Write the next change, decided by the last one; decide anew when another process was faster."""
        folder = self.folder / kind / _CHANGES
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            last = self.last(kind)
            model, before = decide(last)
            when = datetime.now(UTC).isoformat(timespec="seconds")
            change = Change((last.number if last else 0) + 1, model, before, when, why)
            if _linked(folder / f"{change.number:05}.json", json.dumps(encoded(change)).encode()):
                return change
        raise ModelError(f"{folder}: other processes change it all the time; try again")

    def _names(self, kind: str) -> list[str]:
        try:
            found = os.listdir(self.folder / kind / _CHANGES)  # noqa: PTH208 - the cheapest, for each failure asks
        except OSError:
            return []
        return sorted(name for name in found if name.endswith(".json") and name.partition(".")[0].isdigit())

    def _change(self, kind: str, number: int) -> Change:
        path = self.folder / kind / _CHANGES / f"{number:05}.json"
        try:
            change = structured(Change, json.loads(path.read_bytes()))
        except (OSError, ValueError, DocumentError) as error:
            raise ModelError(f"{path}: {error}") from error
        if Path(change.model).name != change.model:
            raise ModelError(f"{path}: {change.model!r} is no name of a model")
        return change


def _kind(model: Model) -> str:
    """Return the selector that a model is for."""
    return _KINDS[Path(model.manifest.accept.file).suffix]


def _linked(path: Path, data: bytes) -> bool:
    """Write a file whole, unless it is there already; return whether it was written."""
    descriptor, name = tempfile.mkstemp(prefix=".partial-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        path.hardlink_to(name)
    except FileExistsError:
        return False
    finally:
        Path(name).unlink()
    return True
