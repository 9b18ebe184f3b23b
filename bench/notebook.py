"""What the card costs in a notebook: `python bench/notebook.py CASES… [--cells 200] [--races 50]`.

Each case of a run-time error is executed as a cell of JupyterLab in a real browser: from Ctrl+Enter to the frame in
which the card is painted. Then cells of all kinds, whose decisions must be those of `bestfix.fix`; the first cell of
fresh kernels, whose card must come; and what a cell that succeeds costs. `make ui` comes first.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from chromium import launched
from lab import Host, Notebook, hosting
from notebook_page import Page, cells, started

PATIENCE = 2.5
"""Seconds after which no card comes: the deadline of a decision is one."""
WATCH = """
() => new Promise(done => {
    const error = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"] [class^="ansi-red"]';
    let told = null;
    const painted = then => requestAnimationFrame(() => setTimeout(() => then(performance.now() - window.pressed)));
    const look = () => {
        if (told === null && document.querySelector(error)) {
            told = NaN;
            painted(milliseconds => { told = milliseconds; });
        }
        if (!document.querySelector('.bf-card')) return;
        seen.disconnect();
        painted(milliseconds => done([milliseconds, told]));
    };
    const seen = new MutationObserver(look);
    seen.observe(document.body, {childList: true, subtree: true});
    setTimeout(() => { seen.disconnect(); done(null); }, LIMIT);
    look();
})
""".replace("LIMIT", str(int(1000 * PATIENCE)))
TURNS = 8
"""With bestfix and without it, where what it adds is measured."""
SLOWEST = 6
"""Cells that are named with their times."""
HERE = Path(__file__).parent
AS_IS = {"BESTFIX_LOG_ENABLED": "off", "BESTFIX_DEADLINE": "1", "BESTFIX_THRESHOLD": "0.8"}
"""What the tests set otherwise."""
UNHURRIED = {**AS_IS, "BESTFIX_DEADLINE": "20"}
"""Where decisions are compared, and not their times."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="*", help="case files in JSON lines, with `kind`, `setup` and `code`")
    parser.add_argument("--cells", type=int, default=200, help="cases whose decisions are compared, at most")
    parser.add_argument("--timed", type=int, default=120, help="cases of run-time errors that are timed, at most")
    parser.add_argument("--races", type=int, default=50, help="fresh kernels whose first cell fails")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cases = [json.loads(line) for file in options.cases for line in file.read_text(encoding="utf-8").splitlines()]
    random.Random(options.seed).shuffle(cases)
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        home = Path(folder)
        with hosting(home, **AS_IS) as host, browser.new_context() as context:
            runtime = [case for case in cases if case["kind"] == "runtime"][: options.timed]
            if runtime:
                times = list(painted(host, context, runtime))
                report("Ctrl+Enter to painted card [ms]", [one.card for one in times])
                report("of it to the painted traceback [ms]", [one.traceback for one in times])
                report("from there to the card [ms]", [one.card - one.traceback for one in times])
                report("the decision [ms]", [one.decision for one in times])
                for one in sorted(times, key=lambda one: -one.card)[:SLOWEST]:
                    print(f"slow: {one.case}: card {one.card:.0f}", end=" ms, ")
                    print(f"its traceback {one.traceback:.0f}, its decision {one.decision:.0f}")
            report("a cell that succeeds, added by bestfix [ms]", [added(host, context)])
    if cases:
        same(cases[: options.cells])
    races(options.races)


class Times(NamedTuple):
    """Milliseconds from the press of the keys until the card and the traceback were painted, and of the decision."""

    case: str
    card: float
    traceback: float
    decision: float


def painted(host: Host, context: Any, cases: Sequence[dict[str, Any]]) -> Iterator[Times]:
    """Yield how long it took, where a card comes."""
    page = host.open(context.new_page(), "", "")
    silent = 0
    for case in cases:
        page.js("() => kernel().requestExecute({code: '%reset -f', silent: false}).done.then(() => null)")
        page.execute("notebook:clear-all-cell-outputs")
        for number, text in ((1, case.get("setup") or ""), (2, case["code"])):
            page.js("([number, text]) => { widget(number).model.sharedModel.setSource(text); }", [number, text])
        execute(page, 1)
        milliseconds = pressed(page, 2)
        silent += milliseconds is None
        if milliseconds is not None:
            yield Times(case["id"], *milliseconds, told(page.card.last.inner_text()))
        page.execute("bestfix:reject")
    print(f"{len(cases)} cells that fail, {silent} without a card")


def told(card: str) -> float:
    """Return the milliseconds that a card says that its decision took."""
    number, unit = re.findall(r"([\d.]+) (ms|s)\b", card)[-1]
    return float(number) * (1 if unit == "ms" else 1000)


def execute(page: Notebook, number: int) -> None:
    """Run a cell and wait for its end."""
    page.js("number => { panel().content.activeCellIndex = number - 1; }", number)
    page.execute("notebook:run-cell")


def pressed(page: Notebook, number: int) -> tuple[float, float] | None:
    """Press Ctrl+Enter in a cell; return the milliseconds until its card is painted, and until its traceback is."""
    page.cell(number).locator(".jp-InputArea-editor .cm-content").click()
    page.page.evaluate(
        "() => window.addEventListener('keydown', () => { window.pressed = performance.now(); },"
        " {capture: true, once: true})"
    )
    page.page.keyboard.down("Control")
    page.page.evaluate(
        "() => window.addEventListener('keydown', () => { window.pressed = performance.now(); },"
        " {capture: true, once: true})"
    )
    page.page.keyboard.press("Enter")
    page.page.keyboard.up("Control")
    found = page.page.evaluate(WATCH)
    return found and (found[0], found[1])


def added(host: Host, context: Any) -> float:
    """Return the milliseconds that bestfix adds to a cell that succeeds: the difference of two medians, by turns."""
    page = host.open(context.new_page(), "x = 1")
    took: dict[str, list[float]] = {"load": [], "unload": []}
    for _ in range(TURNS):
        for turn, milliseconds in took.items():
            page.js(f"() => kernel().requestExecute({{code: '%{turn}_ext bestfix'}}).done.then(() => null)")
            measured = page.js(
                "async () => { const took = []; for (let i = 0; i < 30; i++) { const start = performance.now();"
                " await kernel().requestExecute({code: 'x = 1'}).done; took.push(performance.now() - start); }"
                " return took; }"
            )
            milliseconds.extend(measured)
    return statistics.median(took["load"]) - statistics.median(took["unload"])


@contextmanager
def attached() -> Iterator[Page]:
    """Yield a page of jupyter_client's in a fresh kernel."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder), PYTHONPATH=str(HERE), **UNHURRIED) as client:
        page = Page(client)
        page.attach()
        yield page


def same(cases: Sequence[dict[str, Any]]) -> None:
    """Say how many cells get the decision that `bestfix.fix` gives in the same session."""
    alike, differing = 0, []
    with attached() as page:
        for case in cases:
            page.run("%reset -f")
            if case.get("setup"):
                page.run(case["setup"])
            page.seen.clear()
            page.run(case["code"], "c")
            told = [data for data in page.seen if data["type"] == "decision"]
            again = asked_again(page, case["code"])
            if (told and outcome(told[-1]["decision"]) == outcome(again)) or not (told or again):
                alike += 1
            else:
                differing.append(case["id"])
    print(f"the same decision as bestfix.fix: {alike} of {len(cases)} cells", *differing[:10])


def outcome(document: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a decision comes to."""
    return document["code"], document["reason"], [ranked["text"] for ranked in document["ranked"]]


def asked_again(page: Page, code: str) -> dict[str, Any]:
    """Return the decision of `bestfix.fix` about the cell that failed last in a kernel, if that is `code`."""
    expression = f"__import__('again').again({code!r})"
    sent = page.client.execute("", silent=True, user_expressions={"again": expression})
    found = page.reply(sent)["user_expressions"]["again"]
    if found["status"] != "ok":
        raise RuntimeError("\n".join(found["traceback"]))
    document: dict[str, Any] = found["data"]["application/json"]
    return document


def races(count: int) -> None:
    """Say in how many fresh kernels the failing first cell got its card."""
    won = 0
    for _ in range(count):
        with tempfile.TemporaryDirectory() as folder, started(Path(folder), **AS_IS) as client:
            page = Page(client)
            client.execute("pritn(1)")
            page.attach(cells=cells("pritn(1)"))
            won += page.said("decision")["decision"]["code"] == "print(1)"
    print(f"the first cell's card came: {won} of {count}")


def report(name: str, values: Sequence[float]) -> None:
    """Print median, 95th percentile and the largest."""
    ordered = sorted(values)
    if not ordered:
        print(f"{name}: nothing was measured")
        return
    late = ordered[max(0, math.ceil(0.95 * len(ordered)) - 1)]
    print(f"{name}: n {len(ordered)}, median {statistics.median(ordered):.1f}, p95 {late:.1f}, max {ordered[-1]:.1f}")


if __name__ == "__main__":
    started_at = time.perf_counter()
    main()
    print(f"{time.perf_counter() - started_at:.0f} s")
