"""From Run to the painted card: a failing query in the SQL editor, in a real browser, on DuckDB and on PostgreSQL."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from playwright.sync_api import Page, expect

from bestfix.evaluate.cluster import temporary_cluster

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from chromium import launched  # noqa: E402 - found by the line above
from sql_page import SqlPage, serving  # noqa: E402 - found by the line above

TABLES = """
CREATE TABLE products (product_id INTEGER PRIMARY KEY, title VARCHAR(40), category VARCHAR(40), price NUMERIC(10, 2));
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, product_id INTEGER, quantity INTEGER, ordered_at DATE);
INSERT INTO products VALUES (1, 'lamp', 'lighting', 9.5), (2, 'desk', 'furniture', 120);
INSERT INTO orders VALUES (1, 1, 3, '2024-01-01'), (2, 2, 1, '2024-01-02');
"""
QUERIES = (
    "SELECT category, avg(prize) FROM products GROUP BY category",
    "SELECT titel, price FROM products",
    "SELECT count(*) FROM produkts",
    "SELECT category, title, count(*) FROM products GROUP BY category",
    "SELECT title FROM products WHERE price > 5 ORDRE BY title",
    "SELECT p.title, sum(o.quantity) FROM products p JOIN orders o ON p.product_id = o.prodct_id GROUP BY p.title",
    "SELECT title FROM products WHERE price >",
    "SELECT title FROM products WHERE category = 'lighting",
)
TARGET_MS = 150

TIMED = """
() => new Promise(resolve => {
  let started = 0;
  document.addEventListener('keydown', event => { started ||= event.timeStamp; }, { capture: true, once: true });
  const seen = new MutationObserver(() => {
    const found = document.querySelector('.bf-card, .card-place .note, .result, .notice');
    if (!found) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve([performance.now() - started, found.className])));
  });
  seen.observe(document.body, { childList: true, subtree: true });
})
"""
"""From the key press until after the frame in which the card, or the word that there is none, is painted."""


def timed(editor: SqlPage, query: str) -> tuple[float, bool]:
    """Return the milliseconds from Run to the painted answer, and whether it was a card."""
    page: Page = editor.page
    editor.write(query)
    page.wait_for_timeout(400)
    page.evaluate(f"() => {{ window.answer = ({TIMED.strip()})() }}")
    page.keyboard.press("Control+Enter")
    milliseconds, shown = page.evaluate("() => window.answer")
    if shown not in {"bf-card", "note"}:
        raise RuntimeError(f"{query!r} did not fail")
    page.keyboard.press("Alt+n")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+w")
    return milliseconds, shown == "bf-card"


def measured(editor: SqlPage, rounds: int) -> list[tuple[float, bool]]:
    """Return each query's time in each round; a round before does not count."""
    for query in QUERIES:
        timed(editor, query)
    return [timed(editor, query) for _ in range(rounds) for query in QUERIES]


def line(engine: str, found: Sequence[tuple[float, bool]]) -> str:
    """Return what was found for one engine."""
    times = sorted(milliseconds for milliseconds, _ in found)
    p95 = times[int(0.95 * (len(times) - 1))]
    cards = sum(card for _, card in found)
    return (
        f"{engine:10} median {statistics.median(times):5.0f} ms   p95 {p95:5.0f} ms   slowest {times[-1]:5.0f} ms   "
        f"{cards} cards of {len(times)}   (target: median of at most {TARGET_MS} ms)"
    )


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, temporary_cluster() as server, launched() as browser:
        home = Path(folder)
        (home / "data").mkdir()
        import duckdb

        with duckdb.connect(str(home / "data" / "shop.duckdb")) as connection:
            connection.execute(TABLES)
        with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
            admin.execute(TABLES)
            info = admin.info
            url = f"postgresql://{info.user}@{info.host}:{info.port}/postgres"
        with serving(home, "--database-host", "127.0.0.1") as address:
            for engine, kind, target in (("DuckDB", "duckdb", "shop.duckdb"), ("PostgreSQL", "postgres", url)):
                context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
                editor = SqlPage(context, address).open()
                editor.connect(kind, target, engine)
                expect(editor.tree.get_by_role("treeitem", name="products")).to_be_visible()
                print(line(engine, measured(editor, rounds)), flush=True)
                context.close()


if __name__ == "__main__":
    main()
