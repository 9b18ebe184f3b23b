"""One part of a corpus, labelled in a process of its own: `python -m bestfix.train.label_part OUT PARENT < ORDER`.

Labelling forks, and a fork is safe and the same each time only in a process with one thread. A worker of a cluster has
several, so each part is labelled in a child of it, which ends when the worker does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.config import Settings
from bestfix.core.document import encoded, structured
from bestfix.train.build import Part, build_part
from bestfix.train.record import Broken
from bestfix.validate.sandbox.libc import end_with_parent

__all__ = ["Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be labelled, how, and with which judge of syntax fixes where it is not the shipped one."""

    records: tuple[Broken, ...]
    settings: Settings
    judge: Mapping[str, float] = field(default_factory=dict)

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps(encoded(self))


def main() -> None:
    """Label what standard input orders."""
    out, parent = sys.argv[1:]
    end_with_parent(int(parent))
    order = structured(Order, json.load(sys.stdin))
    build_part(Part(Path(out), order.records, order.judge), order.settings)


if __name__ == "__main__":
    main()
