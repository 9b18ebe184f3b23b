"""Where events are kept, and the random identity of this install."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bestfix.config import Log

__all__ = ["Install", "Place", "data_folder"]


def data_folder() -> Path:
    """Return the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("bestfix")


@dataclass(frozen=True, slots=True)
class Place:
    """Where events go.

    Attributes:
        folder: the user's data folder, which holds what is not in the database: the identity, the spool, the switch.
        path: the SQLite file; `None` for a server.
        url: the address of the PostgreSQL database; empty for a file.
    """

    folder: Path
    path: Path | None
    url: str = ""

    @classmethod
    def of(cls, log: Log) -> Place:
        """Return the place that the settings name."""
        folder = data_folder()
        if log.url:
            return cls(folder, None, log.url)
        return cls(folder, Path(log.path).expanduser().absolute() if log.path else folder / "events.db")

    @property
    def address(self) -> str:
        """The place as SQLAlchemy writes it."""
        if self.path is not None:
            return f"sqlite:///{self.path}"
        return self.url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def spool(self) -> Path:
        """The folder of events that wait until the database can be written."""
        return self.folder / f"spool-{hashlib.sha256(self.address.encode()).hexdigest()[:8]}"

    @property
    def switch(self) -> Path:
        """The file that, by being there, turns logging off: `bestfix log off` makes it."""
        return self.folder / "log-off"

    @property
    def off(self) -> bool:
        """Whether `bestfix log off` was said."""
        return self.switch.exists()


@dataclass(frozen=True, slots=True)
class Install:
    """Who this install is: random, and nothing else.

    Attributes:
        id: tells it from others.
        salt: the key of its hashes, so that nobody else can look up what was hashed.
        kept: whether it is on file; otherwise it lasts as long as the process.
    """

    id: str
    salt: bytes
    kept: bool = True

    @classmethod
    def load(cls, folder: Path) -> Install:
        """Return the identity on file, made on first use; one for this process where none can be kept."""
        file = folder / "install.json"
        if (found := cls._read(file)) is not None:
            return found
        made = cls(secrets.token_hex(8), secrets.token_bytes(16))
        try:
            made._write(file)
        except OSError:
            return cls(made.id, made.salt, kept=False)
        return cls._read(file) or made

    def digest(self, text: str) -> str:
        """Return the salted hash of a text: 32 hexadecimal digits."""
        return hmac.new(self.salt, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]

    @classmethod
    def _read(cls, file: Path) -> Install | None:
        try:
            held = json.loads(file.read_bytes())
            return cls(str(held["id"]), bytes.fromhex(held["salt"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _write(self, file: Path) -> None:
        """Write the file unless another process has; one that cannot be read is replaced."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"{file.name}.{self.id}")
        draft.write_text(json.dumps({"id": self.id, "salt": self.salt.hex()}), "utf-8")
        draft.chmod(0o600)
        try:
            os.link(draft, file)
        except FileExistsError:
            if self._read(file) is None:
                draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
