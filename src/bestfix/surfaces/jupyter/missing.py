"""What does not work in this kernel, and what would help."""

from __future__ import annotations

from importlib.util import find_spec

from bestfix.config import Settings

__all__ = ["missing"]


def missing(settings: Settings) -> list[str]:
    """Return what the settings ask for and this kernel cannot do, a line each."""
    lines: list[str] = []
    if settings.verify == "sandbox":
        from bestfix.validate.sandbox import capabilities

        lines += [f"fixes are checked without being run: {why}" for why in capabilities().missing[:1]]
    package = {"openai": "openai", "anthropic": "anthropic"}[settings.llm.provider]
    if settings.asks_model and find_spec(package) is None:
        extra = "llm" if package == "openai" else "anthropic"
        lines.append(f'the model is not asked: in the kernel\'s environment, pip install "bestfix[{extra}]"')
    return lines
