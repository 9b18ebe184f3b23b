"""The key of an endpoint: from the environment, else from the keyring."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from bestfix.generate.llm.endpoint import Endpoint
from bestfix.generate.llm.errors import MissingKeyError

__all__ = ["KEYRING_SERVICE", "Key", "find_key"]

KEYRING_SERVICE = "bestfix"
"""The name under which the keyring keeps our keys; the user name is the endpoint's host."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, which no repr shows.

    Attributes:
        value: the key itself; empty for an endpoint without one.
        origin: where it was found.
    """

    value: str = field(default="", repr=False)
    origin: str = "no key"

    def masked(self, text: str) -> str:
        """Return `text` without the key."""
        return text.replace(self.value, "[key]") if self.value else text


def find_key(endpoint: Endpoint) -> Key:
    """Return the key of an endpoint. The keyring may ask the user; for a local model it is left alone.

    Raises:
        MissingKeyError: when the endpoint needs a key and there is none.
    """
    variable = endpoint.key_variable
    if variable and (value := os.environ.get(variable, "").strip()):
        return Key(value, f"the variable {variable}")
    if value := "" if endpoint.local else _from_keyring(endpoint.host):
        return Key(value, "the keyring")
    if variable:
        raise MissingKeyError(
            f"{endpoint.host} needs a key: set {variable}, or run `keyring set {KEYRING_SERVICE} {endpoint.host}`"
        )
    return Key()


def _from_keyring(host: str) -> str:
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return (keyring.get_password(KEYRING_SERVICE, host) or "").strip()
    except Exception:  # noqa: BLE001 - a locked or broken keyring of any backend is one without our key
        return ""
