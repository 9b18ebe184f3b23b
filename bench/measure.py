"""All targets in one table: `make bench`, or `python bench/measure.py [NAME…]`.

Runs the commands of `bench/targets.toml` one after the other, finds each figure in what they print, and writes
docs/measurements.md. Of commands that are not named the last output is taken, which eval-out/measured keeps. Run it on
a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import operator
import os
import platform
import re
import subprocess
import sys
import time
import timeit
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "cases"
KEPT = ROOT / "eval-out" / "measured"
PAGE = ROOT / "docs" / "measurements.md"
PATIENCE = 3 * 3600
"""Seconds that one command may take."""
COMPARED = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}
LOOP = "a loop of a million products"
HEAD = """# Measurements

Every target that bestfix set itself, what was asked, and what was reached: all of it written by `make bench` from what
its commands printed. {machine}. **Short** marks what falls short.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a command prints.

    Attributes:
        what: what it measures.
        asked: the comparison that it should meet, such as `≥ 50 %`; empty for one that is told only.
        found: a regular expression whose first group is the figure in the command's output.
    """

    what: str
    found: str
    asked: str = ""

    def reached(self, output: str) -> str:
        """Return the figure as it was printed; empty where the output lacks it."""
        match = re.search(self.found, output, re.MULTILINE | re.DOTALL)
        return match[1] if match else ""

    def short(self, reached: str) -> bool:
        """Whether a figure misses what is asked."""
        sign, _, rest = self.asked.partition(" ")
        return bool(self.asked) and not COMPARED[sign](_number(reached), _number(rest))

    def line(self, output: str) -> str:
        """Return the row of the table."""
        reached = self.reached(output)
        if not reached:
            return f"| {self.what} | {_unbroken(self.asked)} | not measured |"
        unit = re.sub(r"^\S+\s+[\d.,]+", "", self.asked)
        short = " **short**" if self.short(reached) else ""
        return f"| {self.what} | {_unbroken(self.asked)} | {_unbroken(reached + unit)}{short} |"


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the targets whose figures it prints.

    Attributes:
        name: what it is called here.
        title: the heading of its table.
        run: what is run, by a shell, in the root of the repository; `{cases}` is the folder of the shared cases.
        target: its targets.
    """

    name: str
    title: str
    run: str
    target: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed.

    Attributes:
        day: when it was run.
        commit: what was measured; `-dirty` behind it where files were changed since.
        load: the machine's load average over a minute before.
        seconds: how long it took.
        code: its exit code.
        text: what it printed.
        pace: the milliseconds that a fixed loop took before, since the same machine may be twice as fast an hour later;
            0 where it was not taken.
    """

    day: str
    commit: str
    load: float
    seconds: float
    code: int
    text: str
    pace: float = 0.0


def main() -> None:
    """Run what is asked for, and write the page."""
    commands = read(ROOT / "bench" / "targets.toml")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(commands)}; all by default")
    parser.add_argument("--page", action="store_true", help="only write the page anew, from what is kept")
    given = parser.parse_args()
    names = [] if given.page else given.names or list(commands)
    if unknown := [name for name in names if name not in commands]:
        parser.error(f"targets.toml has no {', '.join(unknown)}")
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in names:
        output = run(commands[name])
        (KEPT / f"{name}.json").write_text(json.dumps(asdict(output), ensure_ascii=False), "utf-8")
    PAGE.write_text("\n".join(page(commands)), "utf-8")
    print(f"wrote {PAGE}")


def read(path: Path) -> dict[str, Command]:
    """Return the commands of a file by their names."""
    tables = tomllib.loads(path.read_text("utf-8"))
    return {
        name: Command(name, table["title"], table["run"], [Target(**one) for one in table["target"]])
        for name, table in tables.items()
    }


def run(command: Command) -> Output:
    """Run a command, and show what it prints."""
    load, pace, started = os.getloadavg()[0], _pace(), time.monotonic()
    print(f"$ {command.run}", flush=True)
    if "{cases}" in command.run and not CASES.is_dir():
        return _told(load, pace, 0.0, 1, f"{CASES} is not there")
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PATH": tools}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{command.run.replace('{cases}', str(CASES))}"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    print(done.stdout, flush=True)
    return _told(load, pace, time.monotonic() - started, done.returncode, done.stdout)


def page(commands: Mapping[str, Command]) -> Iterator[str]:
    """Yield the lines of the page."""
    cores, python = os.cpu_count(), platform.python_version()
    yield HEAD.format(machine=f"{cores} cores ({_processor()}), Python {python}, no model connected")
    for command in commands.values():
        file = KEPT / f"{command.name}.json"
        yield f"## {command.title}\n"
        if not file.exists():
            yield "Not measured.\n"
            continue
        output = Output(**json.loads(file.read_text("utf-8")))
        yield f"```\n{command.run.replace('{cases}', '../shared/cases')}\n```\n"
        yield from ("| | asked | reached |", "|---|---|---|")
        yield from (target.line(output.text) for target in command.target)
        paced = f", {LOOP} {output.pace:.0f} ms" if output.pace else ""
        spent = f"{output.seconds:.0f} s, load before {output.load:.1f}{paced}"
        yield f"\n{output.day}, commit {output.commit}, {spent}, exit code {output.code}.\n"


def _pace() -> float:
    """Return the milliseconds that the loop takes, the shortest of three times."""
    return 1000 * min(timeit.repeat("for n in range(1_000_000): n * n", number=1, repeat=3))


def _told(load: float, pace: float, seconds: float, code: int, text: str) -> Output:
    described = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    git = subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=True)
    return Output(datetime.now(UTC).date().isoformat(), git.stdout.strip(), load, seconds, code, text, pace)


def _unbroken(figure: str) -> str:
    """Return a figure that no line ends in: with no-break spaces."""
    return figure.replace(" ", "\u00a0")


def _number(text: str) -> float:
    return float(re.search(r"-?[\d,]*\.?\d+", text)[0].replace(",", ""))  # type: ignore[index] - a target without one is a mistake in the file


def _processor() -> str:
    known = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if sys.platform == "linux" else None
    return known[1] if known else platform.machine()


if __name__ == "__main__":
    main()
