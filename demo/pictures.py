"""Draw the README's pictures: what `make demo` prints, and what IPython shows, as SVG."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import bestfix
from bestfix.surfaces.card import terminal

HERE = Path(__file__).parent
IMAGES = HERE.parent / "docs" / "images"
WIDTH = 100


def main() -> None:
    """Write `docs/images/`."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [sys.executable, HERE / "demo.py"],
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    draw(run.stdout.strip("\n"), "make demo", IMAGES / "demo.svg")
    example()
    decision = example()
    assert decision.shown is not None
    hint = "%fix · %fix run · %fix next · %fix why"
    card = terminal(decision, decision.shown, color=True, footer=hint)
    draw(
        f"In [2]: {decision.sources['<cell 2>']}\n\nNameError: name 'pritn' is not defined\n{card}",
        "IPython",
        IMAGES / "ipython.svg",
    )


def draw(ansi: str, title: str, path: Path) -> None:
    """Write coloured terminal text as a picture in the reader's own fonts, where Rich would load one from the web."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(ansi))
    svg = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title=title), flags=re.DOTALL)
    path.write_text(svg, encoding="utf-8")


def example() -> bestfix.Decision:
    """Return a small decision; the first one in a process is slower."""
    code = "pritn(f'{total:.2f}')"
    try:
        exec(compile(code, "<cell 2>", "exec"), {"total": 1})
    except NameError as error:
        return bestfix.fix(code, error=error, name="<cell 2>")
    raise AssertionError


if __name__ == "__main__":
    main()
