"""Sealing what must not be read from a stolen database, and signing what users hand back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

__all__ = ["Secret"]

_FILE = "secret"


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret of one installation, the same for all its workers and replicas.

    Attributes:
        text: the secret itself.
    """

    text: str = field(repr=False)

    @classmethod
    def of(cls, given: str, folder: Path) -> Secret:
        """Return the secret that was given, else the one in a folder, made there when it is not yet."""
        if given:
            return cls(given)
        path = folder / _FILE
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = folder / f"{_FILE}-{secrets.token_hex(4)}"
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(32), encoding="ascii")
            try:
                os.link(made, path)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return cls(path.read_text(encoding="ascii"))

    def seal(self, text: str) -> bytes:
        """Return a text encrypted and authenticated (Fernet)."""
        return self._box().encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str | None:
        """Return the text again; `None` when it was sealed with another secret."""
        from cryptography.fernet import InvalidToken

        try:
            return self._box().decrypt(sealed).decode()
        except InvalidToken:
            return None

    def signature(self, *parts: str) -> str:
        """Return what proves that these texts were handed out together."""
        message = "\0".join(parts).encode()
        return hmac.new(self._key("sign"), message, hashlib.sha256).hexdigest()[:32]

    def is_signature(self, signature: str, *parts: str) -> bool:
        """Whether a signature is that of these texts."""
        return hmac.compare_digest(signature.encode(), self.signature(*parts).encode())

    def _box(self) -> Fernet:
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self._key("seal")))

    def _key(self, purpose: str) -> bytes:
        return hashlib.sha256(f"bestfix {purpose} {self.text}".encode()).digest()
