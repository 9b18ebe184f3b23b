"""How each engine tells what it holds: one reader per engine, given a way to run a query."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from bestfix.capture.catalog.stored import StoredCatalog
from bestfix.core import Column, ForeignKey, Table

__all__ = ["READERS", "Reader", "Run", "fingerprint", "read_information_schema"]

Run = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a query that only reads and returns its rows."""
Reader = Callable[[Run], StoredCatalog]
TableKey = tuple[str, str]
"""Schema and name."""

_FINGERPRINTS = {
    "duckdb": """SELECT count(*), max(table_oid), bit_xor(hash(schema_name, table_name, column_name, data_type))
                 FROM duckdb_columns() WHERE NOT internal""",
    "sqlite": "PRAGMA schema_version",
    "postgres": """SELECT count(*), max(oid), sum(relnatts), sum(hashtext(xmin::text)) FROM pg_class
                   WHERE relkind IN ('r', 'v', 'm', 'p', 'f')""",
}


def fingerprint(dialect: str, run: Run) -> object:
    """Return a value that changes when DDL has run; `None` for an engine that has none."""
    query = _FINGERPRINTS.get(dialect)
    return tuple(map(tuple, run(query))) if query else None


def read_duckdb(run: Run) -> StoredCatalog:
    """Read a DuckDB database."""
    columns = run("""SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
                     WHERE NOT internal ORDER BY schema_name, table_name, column_index""")
    views = run("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal")
    constraints = run("""SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table,
                         referenced_column_names FROM duckdb_constraints()
                         WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')""")
    primary: dict[TableKey, tuple[str, ...]] = {}
    foreign: dict[TableKey, list[ForeignKey]] = {}
    for schema, table, kind, names, other, references in constraints:
        if kind == "PRIMARY KEY":
            primary[schema, table] = tuple(names)
        else:
            foreign.setdefault((schema, table), []).append(ForeignKey(tuple(names), other, tuple(references)))
    functions = run("SELECT DISTINCT lower(function_name) FROM duckdb_functions()")
    tables = _tables(columns, primary, foreign, frozenset((schema, name) for schema, name in views))
    return StoredCatalog("duckdb", tables, frozenset(row[0] for row in functions))


def read_sqlite(run: Run) -> StoredCatalog:
    """Read an SQLite database: the main one, temporary tables and what is attached."""
    tables = []
    for _, schema, _ in run("PRAGMA database_list"):
        source = "sqlite_temp_master" if schema == "temp" else f'"{schema}".sqlite_master'
        for name, kind in run(f"SELECT name, type FROM {source} WHERE type IN ('table', 'view')"):  # noqa: S608 - the schema's own name, quoted
            tables.append(_sqlite_table(run, schema, name, view=kind == "view"))
    functions = run("SELECT DISTINCT lower(name) FROM pragma_function_list")
    return StoredCatalog("sqlite", tuple(tables), frozenset(row[0] for row in functions))


def _sqlite_table(run: Run, schema: str, name: str, *, view: bool) -> Table:
    target = f'"{schema}".{{}}("{name.replace(chr(34), chr(34) * 2)}")'
    rows = run("PRAGMA " + target.format("table_info"))
    keys: dict[int, list[tuple[str, str, str | None]]] = {}
    for number, _, other, column, reference, *_ in run("PRAGMA " + target.format("foreign_key_list")):
        keys.setdefault(number, []).append((other, column, reference))
    foreign = [
        ForeignKey(tuple(c for _, c, _ in key), key[0][0], tuple(r or c for _, c, r in key)) for key in keys.values()
    ]
    return Table(
        name,
        tuple(Column(row[1], str(row[2]).upper()) for row in rows),
        schema=schema,
        primary_key=tuple(row[1] for row in sorted(rows, key=lambda r: r[5]) if row[5]),
        foreign_keys=tuple(foreign),
        view=view,
    )


def read_postgres(run: Run) -> StoredCatalog:
    """Read a PostgreSQL database, the schemas of the search path first."""
    columns = run("""SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        ORDER BY NOT n.nspname = ANY (current_schemas(false)), n.nspname, c.relname, a.attnum""")
    views = run("""SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('v', 'm')""")
    names = """ARRAY(SELECT a.attname FROM unnest(k.{}) WITH ORDINALITY u(n, o)
        JOIN pg_attribute a ON a.attrelid = k.{} AND a.attnum = u.n ORDER BY u.o)::text[]"""
    constraints = run(f"""SELECT n.nspname, c.relname, k.contype::text, {names.format("conkey", "conrelid")},
        f.relname, {names.format("confkey", "confrelid")}
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_class f ON f.oid = k.confrelid WHERE k.contype IN ('p', 'f')""")  # noqa: S608 - constants of ours
    primary: dict[TableKey, tuple[str, ...]] = {}
    foreign: dict[TableKey, list[ForeignKey]] = {}
    for schema, table, kind, own, other, references in constraints:
        if kind == "p":
            primary[schema, table] = tuple(own)
        else:
            foreign.setdefault((schema, table), []).append(ForeignKey(tuple(own), other, tuple(references)))
    functions = run("SELECT DISTINCT proname FROM pg_proc")
    tables = _tables(columns, primary, foreign, frozenset((schema, name) for schema, name in views))
    return StoredCatalog("postgres", tables, frozenset(row[0] for row in functions))


def read_information_schema(run: Run, dialect: str) -> StoredCatalog:
    """Read any engine that has an information schema."""
    columns = run("""SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
                     WHERE lower(table_schema) <> 'information_schema'
                     ORDER BY table_schema, table_name, ordinal_position""")
    views = run("SELECT table_schema, table_name FROM information_schema.views")
    return StoredCatalog(dialect, _tables(columns, {}, {}, frozenset((schema, name) for schema, name in views)))


READERS: Mapping[str, Reader] = {"duckdb": read_duckdb, "sqlite": read_sqlite, "postgres": read_postgres}
"""The reader of each engine that is read natively."""


def _tables(
    rows: Iterable[Sequence[Any]],
    primary: Mapping[TableKey, tuple[str, ...]],
    foreign: Mapping[TableKey, Sequence[ForeignKey]],
    views: Collection[TableKey],
) -> tuple[Table, ...]:
    """Return the tables of `rows` of schema, table, column and type, in order."""
    grouped: dict[TableKey, list[Column]] = {}
    for schema, table, column, kind in rows:
        grouped.setdefault((schema, table), []).append(Column(column, str(kind).upper()))
    return tuple(
        Table(key[1], tuple(found), key[0], primary.get(key, ()), tuple(foreign.get(key, ())), key in views)
        for key, found in grouped.items()
    )
