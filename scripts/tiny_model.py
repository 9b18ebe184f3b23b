"""Write a tiny Llama with random weights and a tokenizer of its own into a folder: `python scripts/tiny_model.py OUT`.

It answers with garbage, which is what the tests of the transport want. It runs in the environment of
`scripts/setup-model-server.sh`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from sysconfig import get_path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CHAT = "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}<|assistant|>"


def main(folder: Path) -> None:
    """Train the tokenizer on the standard library, draw the weights, and save both."""
    tokenizer = trained()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def trained() -> PreTrainedTokenizerFast:
    """Return a byte-level tokenizer of 2,000 tokens."""
    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    special = ["<|begin|>", "<|end|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=2000, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    files = sorted(Path(get_path("stdlib")).glob("*.py"))
    texts = (path.read_text(encoding="utf-8", errors="ignore") for path in files)
    bare.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=bare,
        bos_token="<|begin|>",
        eos_token="<|end|>",
        pad_token="<|pad|>",
        chat_template=CHAT,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
