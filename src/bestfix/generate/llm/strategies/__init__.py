"""Ways to ask a language model for a fix, found by their entry points: ours come in by the same door as yours."""

from bestfix.generate.llm.strategies.base import AnswerError, Options, Strategy, load_strategies

__all__ = ["AnswerError", "Options", "Strategy", "load_strategies"]
