"""What must never leave the machine, whatever the level: keys, passwords, e-mail addresses, absolute paths."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from bestfix.core import Span

__all__ = ["is_secret_name", "secret_spans"]

_KEYS = re.compile(
    r"""
    (?P<secret>
        -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
      | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
      | \bgh[pousr]_\w{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
      | \bxox[abeoprs]-[\w-]{10,} | \bhooks\.slack\.com/services/[\w/]+
      | \b[spr]k_(?:live|test)_\w{10,} | \bsk-[\w-]{16,} | \bAIza[\w-]{30,} | \bya29\.[\w-]{20,}
      | \bdapi[0-9a-f]{32}(?:-\d)?\b | \bhf_[A-Za-z]{20,} | \bnpm_\w{30,} | \bpypi-[\w-]{30,} | \bSG\.[\w.-]{20,}
      | \beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?
      | \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b
      | (?<=://)[^\s/:@'"]+:[^\s/@'"]+(?=@)
      | (?i:(?<=bearer\ ))[\w.~+/=-]{8,}
    )
  | (?i:(?<!\w)\w{0,30}?(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|accountkey)
        \w{0,30}["']?\s*(?:=>?|:)\s*["']?)
        (?P<named>[^\s"',;&)}\]]{4,})
  | (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)
  | (?P<path>(?<![\w/.:<])(?:~?/(?:[\w.+@ -]+/)*[\w.+@-]*[\w@]|[A-Za-z]:\\{1,2}[^\s:"'<>|]+|\\\\[^\s:"'<>|]+))
  | (?P<run>[A-Za-z0-9+/]{20,}={0,2})
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(
    r"(?i)passw|pwd|passphrase|secret|token|api_?key|access_?key|private_?key|credential|(?:^|_)auth(?:$|_)"
)
LEAST_ENTROPY = 3.0
"""Bits a character of a run of 20 letters and digits that may be a key: those of hex keys have 3.3 to 4."""
LONGEST_WORD = 3.0
"""Mean length of the words in such a run, which are cut at capitals and digits: in a name it is longer."""


def secret_spans(text: str) -> Iterator[tuple[str, Span]]:
    """Yield what must not be sent of a text, in order: its kind (`secret`, `email` or `path`) and its place."""
    if len(text) < 4:
        return
    for match in _KEYS.finditer(text):
        kind = match.lastgroup or "secret"
        if kind == "run" and not _is_random(match.group()):
            continue
        named = {"run": "secret", "named": "secret"}.get(kind, kind)
        yield named, Span(*match.span(kind))


def is_secret_name(name: str) -> bool:
    """Whether what a name is given is a secret."""
    return _NAME.search(name) is not None


def _is_random(text: str) -> bool:
    """Whether letters and digits are mixed as no word mixes them."""
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    words = len(re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[^A-Za-z]+", text))
    return mixed and len(text) / words < LONGEST_WORD and _entropy(text) >= LEAST_ENTROPY


def _entropy(text: str) -> float:
    """Return the bits a character, as the text's own frequencies give them."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
