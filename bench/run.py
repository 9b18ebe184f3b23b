"""What bestfix costs: `make bench`, or `python bench/run.py [--json OUT] [--cases FOLDER] [--limit N]`.

Seconds to a decision over real failures and over 1,000-line cells, the cost of an import, of loading the IPython
extension, and of a cell that succeeds. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bestfix import Decision, Settings, fix

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "cases" / "python"
HEAVY = ("pandas", "numpy", "lightgbm", "sklearn", "matplotlib", "duckdb", "sqlglot", "polars")

Numbers = dict[str, float]


def main() -> None:
    """Measure, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "eval-out" / "bench.json")
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--limit", type=int, default=100, help="cases of each source")
    options = parser.parse_args()
    measured: dict[str, Numbers] = {
        **{f"decision, {name} [ms]": numbers for name, numbers in over_cases(options.cases, options.limit)},
        **{f"decision, 1,000 lines, {name} [ms]": numbers for name, numbers in long_cells()},
        "decision, 100,000 names [ms]": many_names(),
        **dict(over_tables()),
        "import bestfix, over bare Python [ms]": import_cost(),
        "%load_ext bestfix [ms]": extension_cost(),
        "succeeding cell, in IPython [µs]": succeeding_cell(),
    }
    for name, numbers in measured.items():
        print(f"{name:45}", "  ".join(f"{key} {value:,.1f}" for key, value in numbers.items()) or "not measured")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {options.json}")


def over_cases(folder: Path, limit: int) -> Iterator[tuple[str, Numbers]]:
    """Yield the milliseconds from report to decision over each case file of a folder, and over all of them."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        print(f"no case files in {folder}: that part is left out", file=sys.stderr)
        return
    from bestfix.evaluate.cases import load_cases, selected
    from bestfix.evaluate.run import run_cases

    spent: list[float] = []
    for file in files:
        results = run_cases(selected(load_cases([file]), limit=limit, seed=0), ["first"])
        times = [1000 * result.seconds for result in results if result.seconds is not None]
        if times:
            spent += times
            yield file.stem, summary(times)
    yield "all case files", summary(spent)


def long_cells() -> Iterator[tuple[str, Numbers]]:
    """Yield the milliseconds that a failure at the end of 1,000 lines takes, by kind of failure."""
    block = (
        "def step_{0}(rows, limit=10):\n    total = sum(rows[:limit])\n"
        "    return {{'total': total, 'n': len(rows)}}\n\n"
    )
    body = "".join(block.format(number) for number in range(250))
    for name, tail in {
        "a bracket not closed": "print(step_3([1, 2, 3])\nx = 1\n",
        "a bracket not closed early": "",
        "a name mistyped": "result = step_33([1, 2])\nprint(reslt)\n",
        "a key mistyped": "result = step_33([1, 2])\nprint(result['totl'])\n",
    }.items():
        code = body + tail if tail else "print((1, 2)\n" + body
        yield name, summary([1000 * failing(code).seconds for _ in range(5)])


def many_names() -> Numbers:
    """Return the milliseconds that a mistyped name takes among 100,000 names."""
    names: dict[str, object] = {f"name_{number}": number for number in range(100_000)}
    return summary([1000 * failing("print(custmers)\n", {**names, "customers": 1}).seconds for _ in range(5)])


def over_tables() -> Iterator[tuple[str, Numbers]]:
    """Yield the milliseconds that reading a catalog of 10,000 tables takes on each engine, and each fix after that."""
    from queries import large_catalogs

    for engine, first, fixes in large_catalogs():
        yield f"catalog, 10,000 tables, {engine} [ms]", summary([1000 * seconds for seconds in first])
        yield f"decision, 10,000 tables, {engine} [ms]", summary([1000 * seconds for seconds in fixes])


def failing(code: str, namespace: dict[str, object] | None = None) -> Decision:
    """Run code that fails and return what is decided."""
    namespace = {} if namespace is None else namespace
    try:
        exec(compile(code, "<cell>", "exec"), namespace)
    except SyntaxError:
        return fix(code, namespace=namespace, settings=Settings())
    except Exception as error:  # noqa: BLE001 - the failure is the purpose
        return fix(code, error=error, namespace=namespace, settings=Settings())
    raise SystemExit("a bench cell does not fail")


def import_cost() -> Numbers:
    """Return what `import bestfix` adds to a bare interpreter's start."""
    bare = [in_python("pass")[0] for _ in range(7)]
    full = [in_python("import bestfix")[0] for _ in range(7)]
    usable = [in_python("from bestfix import fix")[0] for _ in range(7)]
    base = statistics.median(bare)
    return {
        "bare": base,
        "import bestfix": statistics.median(full) - base,
        "from bestfix import fix": statistics.median(usable) - base,
    }


def extension_cost() -> Numbers:
    """Return what loading the extension costs, and how many heavy modules it brings."""
    script = (
        "import sys, time\nfrom IPython.core.interactiveshell import InteractiveShell\n"
        "ip = InteractiveShell()\nbefore = set(sys.modules)\nstart = time.perf_counter()\n"
        "ip.run_line_magic('load_ext', 'bestfix')\nspent = 1000 * (time.perf_counter() - start)\n"
        f"new = set(sys.modules) - before\nprint(spent, len(new), len(new & set({HEAVY!r})))"
    )
    return quietly(lambda: dict(zip(("load", "modules", "heavy modules"), numbers_of(script), strict=True)))


def succeeding_cell() -> Numbers:
    """Return what the extension adds to a cell that succeeds: the best of turns without it and with it."""
    script = (
        "import threading, time\nfrom IPython.core.interactiveshell import InteractiveShell\nip = InteractiveShell()\n"
        "def cost():\n    start = time.perf_counter()\n    for _ in range(300): ip.run_cell('x = 1')\n"
        "    return (time.perf_counter() - start) / 300 * 1e6\n"
        "def loaded():\n    ip.run_line_magic('load_ext', 'bestfix')\n    ip.run_cell('x = 1')\n"
        "    for thread in threading.enumerate():\n        if thread.name == 'bestfix-import': thread.join()\n"
        "    spent = cost()\n    ip.run_line_magic('unload_ext', 'bestfix')\n    return spent\n"
        "cost(); bare, full = map(min, zip(*((cost(), loaded()) for _ in range(8)))); print(bare, full - bare)"
    )
    return quietly(lambda: dict(zip(("bare", "added"), numbers_of(script), strict=True)))


def quietly(measure: Callable[[], Numbers]) -> Numbers:
    """Return what is measured, or nothing, saying why, when a part is not installed."""
    try:
        return measure()
    except subprocess.CalledProcessError as error:
        print(error.stderr.strip().splitlines()[-1], file=sys.stderr)
        return {}


def numbers_of(script: str) -> list[float]:
    """Return the numbers on the last line that a script prints."""
    return [float(word) for word in in_python(script)[1].strip().splitlines()[-1].split()]


def in_python(script: str) -> tuple[float, str]:
    """Return the milliseconds that a fresh interpreter takes for a script, and what it prints."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return 1000 * (time.perf_counter() - started), done.stdout


def summary(values: Sequence[float]) -> Numbers:
    """Return the number of values, the median, the 95th percentile and the largest."""
    ordered = sorted(values)
    place = max(0, math.ceil(0.95 * len(ordered)) - 1)
    return {"n": len(ordered), "p50": statistics.median(ordered), "p95": ordered[place], "max": ordered[-1]}


if __name__ == "__main__":
    main()
