"""Where a model is, how it is spoken to, and which key belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bestfix.config import Settings

__all__ = ["HOMES", "Endpoint"]

HOMES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
"""The provider's own endpoint."""

_KEY_VARIABLES = {
    "api.openai.com": "OPENAI_API_KEY",
    "api.anthropic.com": "ANTHROPIC_API_KEY",
    ".openai.azure.com": "AZURE_OPENAI_API_KEY",
    ".azuredatabricks.net": "DATABRICKS_TOKEN",
    ".databricks.com": "DATABRICKS_TOKEN",
    "openrouter.ai": "OPENROUTER_API_KEY",
}
"""The variable in which a host's users keep their key; a key goes to no other host unless a setting says so."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint; equal endpoints share one client.

    Attributes:
        provider: the protocol that it speaks.
        base_url: its address.
        key_variable: the environment variable of its key; empty where no key is known to be needed.
        network: whether anything may be sent at all.
    """

    provider: str
    base_url: str
    key_variable: str = ""
    network: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Endpoint:
        """Return the endpoint that the settings name."""
        llm = settings.llm
        base_url = llm.base_url or HOMES[llm.provider]
        return cls(llm.provider, base_url, llm.api_key_env or _key_variable(base_url), settings.network)

    @property
    def host(self) -> str:
        """The host, with the port when it is not the usual one."""
        return urlsplit(self.base_url).netloc

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return urlsplit(self.base_url).hostname in {"localhost", "127.0.0.1", "::1"}

    def __str__(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _key_variable(base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    found = (name for known, name in _KEY_VARIABLES.items() if host == known or host.endswith(f".{known.lstrip('.')}"))
    return next(found, "")
