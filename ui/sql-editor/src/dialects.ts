/** SQL as each engine speaks it, and what a catalog has to complete. */

import type { Completion } from '@codemirror/autocomplete';
import { PostgreSQL, SQLDialect, SQLite, type SQLNamespace, sql } from '@codemirror/lang-sql';
import type { LanguageSupport } from '@codemirror/language';

import type { Catalog, Kind, Table } from './documents.js';

const DUCKDB_WORDS =
  'anti asof attach columns describe detach exclude force glob hugeint ignore_nulls install list macro map ' +
  'persistent pivot pivot_longer pivot_wider positional pragma qualify replace sample semi show struct summarize ' +
  'try_cast unpivot uhugeint ubigint uinteger usmallint utinyint tinyint varint';

const DuckDB = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords ?? ''} ${DUCKDB_WORDS}`,
});

const DIALECTS: Readonly<Record<Kind, SQLDialect>> = { duckdb: DuckDB, sqlite: SQLite, postgres: PostgreSQL };
/** The schema that names without one are looked up in. */
const HOME: Readonly<Record<Kind, string>> = { duckdb: 'main', sqlite: 'main', postgres: 'public' };

/** Return the language of an engine, completing what its catalog has. */
export function language(kind: Kind, catalog: Catalog | null): LanguageSupport {
  return sql({
    dialect: DIALECTS[kind],
    upperCaseKeywords: true,
    defaultSchema: HOME[kind],
    schema: catalog ? namespace(catalog, kind) : {},
  });
}

/** Return the functions of a catalog as completions. */
export function functionsOf(catalog: Catalog | null): readonly Completion[] {
  return (catalog?.functions ?? [])
    .filter(name => /^[a-z]\w*$/i.test(name))
    .map(name => ({ label: name, type: 'function', apply: `${name}(`, boost: -20 }));
}

/** Return how a table is named in a query: with its schema where it is not the usual one, quoted where it must be. */
export function tableName(table: Table, kind: Kind): string {
  const schema = table.schema && table.schema !== HOME[kind] ? `${quoted(table.schema)}.` : '';
  return schema + quoted(table.name);
}

/** Return an identifier, in quotes where it would not be read as one without. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const RESERVED = new Set(
  (
    'all and any as asc between by case cast check collate column create cross default desc distinct do else end ' +
    'except exists false fetch for foreign from full grant group having in inner intersect into is join lateral left ' +
    'like limit natural not null offset on only or order outer primary references right select set table then to true ' +
    'union unique user using values view when where window with'
  ).split(' '),
);

function namespace(catalog: Catalog, kind: Kind): SQLNamespace {
  const schemas: Record<string, Record<string, Completion[]>> = {};
  for (const table of catalog.tables) {
    const tables = (schemas[table.schema || HOME[kind]] ??= {});
    tables[table.name] = table.columns.map(column => ({
      label: column.name,
      type: 'property',
      detail: column.type.toLowerCase(),
      apply: quoted(column.name),
    }));
  }
  return schemas;
}
