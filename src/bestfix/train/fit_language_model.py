"""Fine-tuning an encoder to tell right candidates from wrong ones by their text."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bestfix.rank.boosted import ModelError
from bestfix.rank.selectors.language_model import ODDS, TOKENS, LanguageModel, TextOdds, pair
from bestfix.train.fit_data import TARGETS, Array, targets_of, told
from bestfix.train.record import Labelled

__all__ = ["Example", "Tuning", "examples", "fine_tuned", "outputs"]

LARGE = 200_000_000
"""Parameters above which only an adapter is trained, and merged at the end."""
_HELD = 0.1
_READ = 64
"""Examples that are read at once where nothing is learned."""


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate as the encoder reads it.

    Attributes:
        texts: what failed and what changes.
        targets: 1, 0 or `nan` for each of `TARGETS`.
        failure: the record that it is of.
    """

    texts: tuple[str, str]
    targets: tuple[float, float]
    failure: str


@dataclass(frozen=True, slots=True)
class Tuning:
    """How an encoder is fine-tuned.

    Attributes:
        base: the folder or the name of a model of Hugging Face.
        epochs: how often it sees the examples.
        batch: examples of a step.
        rate: the learning rate at its highest.
        threads: of the processor, where there is no GPU.
        limit: about how many candidates it learns from at most, whole failures; all of them when `None`.
        seed: of the head's first weights and of the order.
    """

    base: str
    epochs: int = 2
    batch: int = 32
    rate: float = 8e-5
    threads: int = 1
    limit: int | None = None
    seed: int = 0


def examples(records: Iterable[Labelled]) -> list[Example]:
    """Return the candidates of records, in the order of the rows of their table."""
    return [Example(pair(r.report, s), targets_of(label), r.id) for r in records for s, label in told(r)]


def fine_tuned(
    given: Sequence[Example], tuning: Tuning, out: Path, step: Callable[[int, int], None] = lambda _, __: None
) -> LanguageModel:
    """Fine-tune an encoder, write it to a folder and return it; a tenth of the failures is kept to fit its odds.

    It is tuned on a GPU where `torch` sees one.

    Raises:
        ModelError: without the packages of the extra `lm`, or when the base is no encoder that can be had.
    """
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as error:
        raise ModelError(f"{error}: pip install 'bestfix[lm]'") from error
    torch.set_num_threads(tuning.threads)
    torch.manual_seed(tuning.seed)
    try:
        tokenizer = AutoTokenizer.from_pretrained(tuning.base)
        network = AutoModelForSequenceClassification.from_pretrained(
            tuning.base, num_labels=len(TARGETS), problem_type="multi_label_classification"
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"{tuning.base}: {error}") from error
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = _adapted(network.float()).to(device)
    failures = _chosen(given, tuning)
    held = set(failures[: max(1, int(_HELD * len(failures)))])
    learned = set(failures) - held
    _train(network, tokenizer, [e for e in given if e.failure in learned], tuning, step)
    if hasattr(network, "merge_and_unload"):
        network = network.merge_and_unload()
    out.mkdir(parents=True, exist_ok=True)
    network.save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)
    (out / ODDS).write_text(json.dumps(asdict(TextOdds())), "utf-8")
    odds = _odds(_loaded(out, device), [e for e in given if e.failure in held])
    (out / ODDS).write_text(json.dumps(asdict(odds), indent=1) + "\n", "utf-8")
    return _loaded(out, device)


def _loaded(folder: Path, device: str) -> LanguageModel:
    model = LanguageModel.load(folder)
    model.network.to(device)
    return model


def outputs(model: LanguageModel, given: Sequence[Example]) -> Array:
    """Return the outputs of a model for both `TARGETS`, a row an example."""
    texts = [example.texts for example in given]
    rows = [row for start in range(0, len(texts), _READ) for row in model.outputs(texts[start : start + _READ])]
    return np.array(rows).reshape(-1, len(TARGETS))


def _chosen(given: Sequence[Example], tuning: Tuning) -> list[str]:
    """Return the failures that it is tuned to, in a random order."""
    sizes = Counter(example.failure for example in given)
    failures = sorted(sizes)
    random.Random(tuning.seed).shuffle(failures)
    if tuning.limit is None:
        return failures
    before = itertools.accumulate((sizes[failure] for failure in failures), initial=0)
    return [failure for failure, seen in zip(failures, before, strict=False) if seen < tuning.limit]


def _adapted(network: Any) -> Any:
    """Return a network that is small as it is, a large one with an adapter that is trained in its place."""
    if sum(p.numel() for p in network.parameters()) < LARGE:
        return network
    from peft import LoraConfig, TaskType, get_peft_model

    return get_peft_model(network, LoraConfig(task_type=TaskType.SEQ_CLS, r=16, lora_alpha=32, lora_dropout=0.05))


def _train(
    network: Any, tokenizer: Any, given: Sequence[Example], tuning: Tuning, step: Callable[[int, int], None]
) -> None:
    import torch
    from transformers import get_linear_schedule_with_warmup

    steps = tuning.epochs * -(-len(given) // tuning.batch)
    optimizer = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], lr=tuning.rate)
    schedule = get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    network.train()
    order = random.Random(tuning.seed)
    done = 0
    for _ in range(tuning.epochs):
        for batch in _batches(given, tuning.batch, order):
            inputs = tokenizer(
                [e.texts[0] for e in batch], [e.texts[1] for e in batch], padding=True, truncation=True,
                max_length=TOKENS, return_tensors="pt",
            ).to(network.device)  # fmt: skip
            wanted = torch.tensor([e.targets for e in batch], device=network.device)
            known = ~torch.isnan(wanted)
            logits = network(**inputs).logits
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[known], wanted[known])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            done += 1
            step(done, steps)


def _batches(given: Sequence[Example], size: int, order: random.Random) -> Iterable[list[Example]]:
    """Return batches of texts of like length, so that little is padding, in a random order."""
    mixed = sorted(given, key=lambda e: sum(map(len, e.texts)) * order.uniform(0.9, 1.1))
    batches = [list(mixed[start : start + size]) for start in range(0, len(mixed), size)]
    order.shuffle(batches)
    return batches


def _odds(model: LanguageModel, held: Sequence[Example]) -> TextOdds:
    """Return the odds that fit examples that the model has not been tuned to."""
    found = outputs(model, held)
    wanted = np.array([example.targets for example in held])
    accept, success = (_line(found[:, i], wanted[:, i]) for i in range(len(TARGETS)))
    return TextOdds(*accept, *success)


def _line(found: Array, wanted: Array) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(wanted)
    if len(set(wanted[known].tolist())) < 2:
        return 1.0, 0.0
    fitted = LogisticRegression().fit(found[known, None], wanted[known])
    return round(float(fitted.coef_[0][0]), 4), round(float(fitted.intercept_[0]), 4)
