"""Every setting in one frozen object; `config_layers` says where their values come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

__all__ = ["LLM", "Log", "Settings", "SettingsError", "config_file"]

PROVIDERS = ("openai", "anthropic")
"""The protocols that a model's endpoint may speak."""
PRIVACY = ("schema-only", "with-values")
"""What a prompt may say of the user's data, the least first."""


class SettingsError(ValueError):
    """A setting is unknown or has a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class LLM:
    """Which language model is asked, and how; the table `[llm]` of the file.

    Attributes:
        model: the model's name at its endpoint; empty for no model at all.
        provider: the protocol of the endpoint: `openai` (which most servers speak) or `anthropic`.
        base_url: where the endpoint is; empty for the provider's own.
        api_key_env: the variable that holds the key; empty for the one that belongs to the endpoint's host. A key that
            is not there is looked up in the keyring.
        strategies: the prompts to ask with, the most wanted first.
        models: other models for some of the strategies, by the strategy's name.
        k: how many answers are asked for at most, over all strategies.
        deadline: seconds from the report to the decision when a model is asked.
        privacy: what a prompt says of the user's data: `schema-only` or `with-values`.
        prompt_tokens: length of one prompt at most.
        answer_tokens: length of one answer at most.
        always: whether the model is asked, and all answers are awaited, even where a repair is sure.
        cassette: a file to which answers are recorded, and from which they are given again without asking; empty for
            none. With `network = false` the file alone answers.
    """

    model: str = ""
    provider: str = "openai"
    base_url: str = ""
    api_key_env: str = ""
    strategies: tuple[str, ...] = (
        "direct", "cause-first", "minimal-line", "schema-rich", "predicted-output", "sampled",
    )  # fmt: skip
    models: Mapping[str, str] = field(default_factory=dict)
    k: int = 8
    deadline: float = 2.5
    privacy: str = "schema-only"
    prompt_tokens: int = 6000
    answer_tokens: int = 1024
    always: bool = False
    cassette: str = ""

    def __post_init__(self) -> None:
        if self.provider not in PROVIDERS:
            raise SettingsError(f"llm.provider must be one of {', '.join(PROVIDERS)}, got {self.provider!r}")
        if self.privacy not in PRIVACY:
            raise SettingsError(f"llm.privacy must be one of {', '.join(PRIVACY)}, got {self.privacy!r}")
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            raise SettingsError(f"llm.base_url must start with http:// or https://, got {self.base_url!r}")
        if "@" in self.base_url.partition("?")[0]:
            raise SettingsError("llm.base_url must hold no user name or password; a key goes into a variable")
        if not self.deadline > 0:
            raise SettingsError(f"llm.deadline must be a positive number of seconds, got {self.deadline}")
        for name in ("k", "prompt_tokens", "answer_tokens"):
            if getattr(self, name) < 1:
                raise SettingsError(f"llm.{name} must be at least 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Log:
    """What is kept of failures and of what became of them; the table `[log]` of the file. See docs/events.md.

    Attributes:
        enabled: whether anything is.
        code: whether texts are kept: of what failed, of its fixes, of messages; else hashes and measurements alone.
        path: the SQLite file; empty for `events.db` in the user's data folder.
        url: a PostgreSQL database in place of the file, such as `postgresql://host/team`; its password belongs into
            PostgreSQL's own password file.
        days: how long the file keeps a failure; 0 for ever. A database that others share is purged by its owner.
    """

    enabled: bool = True
    code: bool = False
    path: str = ""
    url: str = ""
    days: int = 365

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("postgresql://", "postgresql+psycopg://")):
            raise SettingsError(f"log.url must start with postgresql://, got {self.url.partition('://')[0]!r}")
        if self.url and self.path:
            raise SettingsError("log.url and log.path are both set; one place keeps the events")
        if self.days < 0:
            raise SettingsError(f"log.days must not be negative, got {self.days}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How bestfix behaves.

    Attributes:
        selector: which selector orders the candidates: one of `bestfix.rank.selectors`, such as `trees`.
        models: the folder of promoted models (`bestfix model`), which a team may share; empty for the user's own.
        shadow: another one, whose choice is recorded beside it and never shown; empty for none.
        k: how many candidates are checked and ranked at most.
        deadline: seconds from the report to the decision; `inf` counts the work in steps instead, so that it is the
            same on every machine.
        threshold: the least probability at which a fix is shown, 0 to 1.
        explore: how often, 0 to 0.5, another fix that is nearly as good is shown in place of the best one, so that the
            ranking can be learned from what becomes of it.
        automatic: whether a failing cell is answered unasked.
        verify: `sandbox` runs candidates in a confined copy of the session, where the machine can; `static` runs none.
        network: whether anything may be sent over a network; `false` forbids even what would stay on this machine.
        database: what an editor checks `.sql` files against: a file of DuckDB or SQLite, or a URL; empty for none.
        llm: the language model.
        log: what is kept of failures.
    """

    selector: str = "trees"
    models: str = ""
    shadow: str = ""
    k: int = 10
    deadline: float = 1.0
    threshold: float = 0.8
    explore: float = 0.0
    automatic: bool = True
    verify: str = "sandbox"
    network: bool = True
    database: str = ""
    llm: LLM = field(default_factory=LLM)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        if self.k < 1:
            raise SettingsError(f"k must be at least 1, got {self.k}")
        if not self.deadline > 0:
            raise SettingsError(f"deadline must be a positive number of seconds, got {self.deadline}")
        if not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold must lie between 0 and 1, got {self.threshold}")
        if not 0 <= self.explore <= 0.5:
            raise SettingsError(f"explore must lie between 0 and 0.5, got {self.explore}")
        if self.verify not in {"sandbox", "static"}:
            raise SettingsError(f"verify must be 'sandbox' or 'static', got {self.verify!r}")

    @property
    def asks_model(self) -> bool:
        """Whether a language model is asked: one is named, and the network is allowed or its answers are on file."""
        return bool(self.llm.model) and (self.network or bool(self.llm.cassette))

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        environ: Mapping[str, str] | None = None,
        overrides: Mapping[str, object] | None = None,
    ) -> Settings:
        """Return the settings that hold: of `bestfix.config_layers.in_force`, which takes the same arguments.

        Raises:
            SettingsError: when a file is no TOML, or a setting does not exist or has a value that does not fit.
        """
        from bestfix.config_layers import in_force

        return in_force(path, environ, overrides).settings


def config_file() -> Path:
    """Return where the user's settings are written."""
    return _config_file(*map(os.environ.get, ("XDG_CONFIG_HOME", "HOME", "APPDATA", "LOCALAPPDATA")))


@lru_cache(maxsize=8)
def _config_file(*_: str | None) -> Path:
    """Return where the user's settings are written, as long as these variables stand."""
    from platformdirs import user_config_path

    return user_config_path("bestfix") / "bestfix.toml"
