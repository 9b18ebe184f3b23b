"""What prompts cost and hold: `python bench/prompts.py [--cases FOLDER] [--limit N]`.

CPU milliseconds to build a briefing and the requests of all strategies with a session of 500 variables and a catalog of
5,000 tables; and in how many failed queries every column that the reference uses is among those sent, from the query's
own database and from 5,000 tables of others beside it.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bestfix import Settings
from bestfix.capture import LiveContext
from bestfix.capture.catalog import SqlContext, StoredCatalog
from bestfix.capture.exception import report_exception
from bestfix.capture.sql_error import report_sql
from bestfix.core import Catalog, Cell, Column, Context, ForeignKey, Report, Source, Table
from bestfix.evaluate.cases import Case, load_cases, selected
from bestfix.evaluate.sql import SqlSession, database_servers
from bestfix.generate.llm.briefing import brief
from bestfix.generate.llm.budget import tokens
from bestfix.generate.llm.strategies import Options, Strategy, load_strategies
from bestfix.lang.sql import Query

CASES = Path(__file__).parents[2] / "shared" / "cases" / "sql"
BUDGETS = (6_000, 3_000, 1_500)
TABLES = 5_000
VARIABLES = 500


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--limit", type=int, default=100, help="cases of each source")
    options = parser.parse_args()
    strategies, failures = load_strategies(Settings().llm.strategies)
    if failures:
        raise SystemExit(str(failures))
    for name, seconds in {"session": session_cost(strategies), "catalog": catalog_cost(strategies)}.items():
        cold, *warm = (1000 * s for s in seconds)
        print(f"{name}: first {cold:.1f} ms, then p50 {statistics.median(warm):.1f}, max {max(warm):.1f}")
    files = sorted(options.cases.glob("*.jsonl"))
    if not files:
        print(f"no case files in {options.cases}: what is sent of a schema is not measured", file=sys.stderr)
        return
    cases = selected(load_cases(files), limit=options.limit, seed=0)
    with database_servers(cases):
        print_recall(cases, strategies)


def session_cost(strategies: dict[str, Strategy]) -> list[float]:
    """Return the seconds of each of 20 briefings in a session of many variables."""
    import pandas as pd

    frame = pd.DataFrame({f"column_{n}": [1.0] for n in range(50)})
    names = {f"name_{n}": (frame, "text", n, [n], {"a": n})[n % 5] for n in range(VARIABLES)}
    code = "total = name_0['column_7'] + name_5['colunm_8']\nprint(total, name_3)\n"
    try:
        exec(compile(code, "<cell>", "exec"), names)
    except KeyError as error:
        report = report_exception(error, Source("<cell>", code))
        cells = [Cell(f"cell {n}", f"name_{n} = load({n})\n" * 20, ran=True) for n in range(50)]
        return [spent(report, LiveContext.of(names, error, notebook=cells), strategies) for _ in range(20)]
    raise SystemExit("the cell does not fail")


def catalog_cost(strategies: dict[str, Strategy]) -> list[float]:
    """Return the seconds of each of 20 briefings of a query on a large catalog."""
    catalog = large_catalog(TABLES)
    query = "SELECT custmer_7, t.amount_3 FROM sales_order_17 t JOIN sales_order_18 u ON t.id = u.id WHERE u.city = 'x'"
    report = report_sql(Source("<query>", query), 'column "custmer_7" does not exist', "postgres")
    return [spent(report, SqlContext(database=catalog), strategies) for _ in range(20)]


def spent(report: Report, context: Context, strategies: dict[str, Strategy]) -> float:
    """Return the CPU seconds of one briefing and the requests of all strategies."""
    started = time.process_time()
    briefing = brief(report, context)
    requests = [strategy.request(briefing, Options("model")) for strategy in strategies.values()]
    seconds = time.process_time() - started
    assert all(tokens(request.system) + tokens(request.user) <= briefing.budget for request in requests)
    return seconds


def large_catalog(count: int) -> StoredCatalog:
    """Return a catalog of so many tables of 8 to 30 columns."""
    choose, words = random.Random(0), ("sales", "order", "customer", "city", "amount", "day", "item", "price", "note")
    tables = []
    for number in range(count):
        names = dict.fromkeys(f"{choose.choice(words)}_{choose.randrange(40)}" for _ in range(choose.randint(8, 30)))
        columns = (Column("id", "INTEGER"), *(Column(name, "VARCHAR") for name in names))
        keys = (ForeignKey(("id",), f"sales_order_{choose.randrange(count)}", ("id",)),)
        tables.append(Table(f"sales_order_{number}", columns, "public", ("id",), keys))
    return StoredCatalog("postgres", tuple(tables))


def print_recall(cases: Sequence[Case], strategies: dict[str, Strategy]) -> None:
    """Print in how many cases every needed column is sent, by strategy and budget."""
    failed = [found for case in cases if (found := failure(case)) is not None]
    beside = tuple(table for _, catalog, _ in failed for table in catalog.tables())
    beside = tuple({(t.name, t.columns): t for t in beside}.values())
    filler = large_catalog(max(0, TABLES - len(beside))).stored

    def wide(catalog: Catalog) -> Catalog:
        return with_others(catalog, beside + filler)

    print(f"{len(failed)} failed queries whose references name columns; {len(beside):,} tables in their databases")
    for title, widened in {"own database": lambda c: c, f"beside {TABLES:,} tables": wide}.items():
        for budget in BUDGETS:
            shares = recall(failed, strategies, budget, widened)
            print(f"  {title}, {budget:,} tokens: ", "  ".join(f"{name} {share:.1%}" for name, share in shares.items()))


def failure(case: Case) -> tuple[Report, Catalog, set[tuple[str, str]]] | None:
    """Return the report of a case, its catalog, and the columns that its reference needs."""
    with SqlSession.opened(case, Settings()) as session:
        catalog = session.database.catalog()
    needed = columns_of(case.fixed[0], catalog) if case.fixed else set()
    message = str(case.record["error"].get("message", ""))
    return (report_sql(Source("<query>", case.code), message, catalog.dialect), catalog, needed) if needed else None


def columns_of(query: str, catalog: Catalog) -> set[tuple[str, str]]:
    """Return the tables and columns that a query names."""
    shape = Query(query)
    relations = [relation for select in shape.selects for relation in select.relations if relation.names]
    names = {shape.tokens[relation.names[-1]].name for relation in relations}
    tables = [table for name in names if (table := catalog.table(name)) is not None]
    words = {token.name.lower() for token in shape.tokens if token.identifier}
    return {(table.name.lower(), name) for table in tables for name in table.by_name if name in words}


def with_others(catalog: Catalog, others: Sequence[Table]) -> Catalog:
    """Return a catalog with the tables of others behind its own; those of the same name are left out."""
    own = {table.name.lower() for table in catalog.tables()}
    stored = (*catalog.tables(), *(table for table in others if table.name.lower() not in own))
    return StoredCatalog(catalog.dialect, stored, frozenset(catalog.functions()))


def recall(
    failed: Sequence[tuple[Report, Catalog, set[tuple[str, str]]]],
    strategies: dict[str, Strategy],
    budget: int,
    widened: Callable[[Catalog], Catalog],
) -> dict[str, float]:
    """Return the share of failures in which all needed columns are sent, by strategy."""
    hits = dict.fromkeys(strategies, 0)
    catalogs: dict[int, Catalog] = {}
    for report, catalog, needed in failed:
        known = catalogs.setdefault(id(catalog), widened(catalog))
        briefing = brief(report, SqlContext(database=known), budget=budget)
        for name, strategy in strategies.items():
            try:
                user = strategy.request(briefing, Options("model")).user
            except ValueError:
                continue
            hits[name] += tells(user, needed)
    return {name: count / len(failed) for name, count in hits.items()}


def tells(user: str, needed: set[tuple[str, str]]) -> bool:
    """Whether a request tells of all the tables and columns that are needed."""
    told = re.findall(r"^(?:table|view) (?:[^\s(]+\.)?(.+?) (\(.*\))$", user, re.MULTILINE)
    columns = {table.lower(): text.lower() for table, text in reversed(told)}
    return all(re.search(rf"[(,] ?{re.escape(name)}[ ,)]", columns.get(table, "")) for table, name in needed)


if __name__ == "__main__":
    main()
