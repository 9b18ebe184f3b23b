"""A fine-tuned encoder that reads the error, the failing line and the change, and says how likely it is right."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix.core import Report, Scored
from bestfix.core.document import structured
from bestfix.rank.boosted import ModelError
from bestfix.rank.facts import Change
from bestfix.rank.families import family
from bestfix.rank.selectors.base import Scores

__all__ = ["ODDS", "TOKENS", "LanguageModel", "TextOdds", "pair"]

ODDS = "bestfix.json"
"""The file, in the model's folder, of what makes its outputs probabilities."""
TOKENS = 160
"""Tokens of the encoder's own that it reads of a candidate."""
_MESSAGE, _LINES = 200, 300


@dataclass(frozen=True, slots=True)
class TextOdds:
    """From an output to a probability: the slope and the constant of both heads."""

    accept_slope: float = 1.0
    accept_bias: float = 0.0
    success_slope: float = 1.0
    success_bias: float = 0.0


def pair(report: Report, scored: Scored) -> tuple[str, str]:
    """Return the two texts that the encoder reads: what failed, and what the candidate changes."""
    source, _, lineno = report.innermost
    lines = source.text.splitlines()
    line = lines[lineno - 1].strip() if lineno is not None and 0 < lineno <= len(lines) else ""
    said = f"{family(report)} {report.error.type}: {report.error.message[:_MESSAGE]} in {line[:_LINES]}"
    patch = scored.candidate.patch
    edited = report.source(patch.source) or report.failing
    change = Change.of(edited.text, patch.edits)
    return said, f"{_flat(change.before)} becomes {_flat(change.after)}"


def _flat(lines: str) -> str:
    """Return lines on one, so that the encoder sees where they end and how they are indented."""
    marked = [f"{'>' * ((len(line) - len(line.lstrip())) // 4)} {line.strip()}" for line in lines.splitlines()]
    return " | ".join(marked)[:_LINES]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Scores candidates by what they look like.

    Attributes:
        tokenizer, network: those of `transformers`.
        odds: what makes outputs probabilities.
        size: the bytes of its files.
    """

    tokenizer: Any
    network: Any
    odds: TextOdds
    size: int

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Return the selector of a folder that `bestfix train language-model` wrote; nothing in it is run.

        Raises:
            ModelError: without the packages of the extra `lm`, or when the folder holds no such model.
        """
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            odds = structured(TextOdds, json.loads((folder / ODDS).read_text("utf-8")))
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            network = AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True, use_safetensors=True
            )
        except (ImportError, OSError, ValueError) as error:
            raise ModelError(f"{folder}: {error}") from error
        network.eval()
        return cls(tokenizer, network, odds, sum(f.stat().st_size for f in folder.iterdir() if f.is_file()))

    def __call__(self, report: Report, candidates: Sequence[Scored]) -> Sequence[Scores]:
        """Return both probabilities of each candidate."""
        return [
            Scores(
                _sigmoid(self.odds.accept_slope * accept + self.odds.accept_bias),
                _sigmoid(self.odds.success_slope * success + self.odds.success_bias),
            )
            for accept, success in self.outputs([pair(report, scored) for scored in candidates])
        ]

    def outputs(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """Return the two outputs for each pair of texts."""
        import torch

        batch = self.tokenizer(
            [first for first, _ in pairs], [second for _, second in pairs], padding=True, truncation=True,
            max_length=TOKENS, return_tensors="pt",
        ).to(self.network.device)  # fmt: skip
        with torch.inference_mode():
            outputs: list[list[float]] = self.network(**batch).logits.tolist()
        return outputs


def _sigmoid(odds: float) -> float:
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))
