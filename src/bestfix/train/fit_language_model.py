"""Fine-tuning an encoder to tell right candidates from wrong ones by their text."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bestfix.rank.selectors.language_model import ODDS, TOKENS, LanguageModel, TextOdds, pair
from bestfix.train.fit_data import TARGETS, Array, targets_of, told
from bestfix.train.record import Labelled, part_of

__all__ = ["Example", "Tuning", "examples", "fine_tuned"]

LARGE = 200_000_000
"""Parameters above which only an adapter is trained, and merged at the end."""
_HELD = 0.1


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
        threads: of the processor.
        seed: of the head's first weights and of the order.
    """

    base: str
    epochs: int = 2
    batch: int = 32
    rate: float = 8e-5
    threads: int = 1
    seed: int = 0


def examples(records: Iterable[Labelled], *, limit: int | None = None, without: int | None = None) -> list[Example]:
    """Return the candidates of records, whole failures, at most about `limit`, none of the part `without`."""
    kept = [record for record in records if part_of(record.group) != without]
    random.Random(0).shuffle(kept)
    found: list[Example] = []
    for record in kept:
        if limit is not None and len(found) >= limit:
            break
        found += [Example(pair(record.report, s), targets_of(label), record.id) for s, label in told(record)]
    return found


def fine_tuned(
    given: Sequence[Example], tuning: Tuning, out: Path, step: Callable[[int, int], None] = lambda _, __: None
) -> LanguageModel:
    """Fine-tune an encoder, write it to a folder and return it; a tenth of the failures is kept to fit its odds."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.set_num_threads(tuning.threads)
    torch.manual_seed(tuning.seed)
    tokenizer = AutoTokenizer.from_pretrained(tuning.base)
    network = AutoModelForSequenceClassification.from_pretrained(
        tuning.base, num_labels=len(TARGETS), problem_type="multi_label_classification"
    )
    network = _adapted(network)
    failures = sorted({example.failure for example in given})
    held = set(random.Random(tuning.seed).sample(failures, max(1, int(_HELD * len(failures)))))
    _train(network, tokenizer, [e for e in given if e.failure not in held], tuning, step)
    if hasattr(network, "merge_and_unload"):
        network = network.merge_and_unload()
    out.mkdir(parents=True, exist_ok=True)
    network.save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)
    (out / ODDS).write_text(json.dumps(asdict(TextOdds())), "utf-8")
    odds = _odds(LanguageModel.load(out), [e for e in given if e.failure in held])
    (out / ODDS).write_text(json.dumps(asdict(odds), indent=1) + "\n", "utf-8")
    return LanguageModel.load(out)


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
            )  # fmt: skip
            wanted = torch.tensor([e.targets for e in batch])
            known = ~torch.isnan(wanted)
            outputs = network(**inputs).logits
            loss = torch.nn.functional.binary_cross_entropy_with_logits(outputs[known], wanted[known])
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
    outputs = np.array([model.outputs([example.texts])[0] for example in held])
    wanted = np.array([example.targets for example in held])
    accept, success = (_line(outputs[:, i], wanted[:, i]) for i in range(len(TARGETS)))
    return TextOdds(*accept, *success)


def _line(outputs: Array, wanted: Array) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(wanted)
    if len(set(wanted[known].tolist())) < 2:
        return 1.0, 0.0
    fitted = LogisticRegression().fit(outputs[known, None], wanted[known])
    return round(float(fitted.coef_[0][0]), 4), round(float(fitted.intercept_[0]), 4)
