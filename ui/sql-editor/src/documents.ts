/** The documents of the service, as far as the page reads and writes them (its OpenAPI document describes them all). */

import type { Decision } from '@bestfix/fix-card';

export type Kind = 'duckdb' | 'sqlite' | 'postgres';

/** Characters of a text, counted in code points. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly target: string;
  readonly warnings: readonly string[];
}

export interface NewConnection {
  readonly name: string;
  readonly kind: Kind;
  readonly target: string;
}

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface Table {
  readonly name: string;
  readonly schema: string;
  readonly view: boolean;
  readonly columns: readonly Column[];
  readonly primary_key: readonly string[];
  readonly foreign_keys: readonly {
    readonly columns: readonly string[];
    readonly table: string;
    readonly references: readonly string[];
  }[];
}

export interface Catalog {
  readonly dialect: string;
  readonly tables: readonly Table[];
  readonly functions: readonly string[];
}

export interface Statement extends Span {
  /** Whether it begins as a statement that only reads. */
  readonly reads: boolean;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Row = readonly Json[];

export interface Page {
  readonly offset: number;
  readonly rows: readonly Row[];
  /** Rows that the result has, as far as they were fetched. */
  readonly known: number;
  /** Whether that is all. */
  readonly complete: boolean;
  /** Whether there were more rows than the service keeps. */
  readonly cut: boolean;
}

export interface Failed {
  readonly type: string;
  readonly message: string;
  readonly span: Span | null;
}

export interface RunRequest {
  readonly connection: string;
  readonly code: string;
  readonly confirm?: boolean;
  readonly limit?: number;
}

export interface Result {
  readonly id: string;
  readonly columns: readonly Column[];
  readonly page: Page | null;
  readonly affected: number | null;
  readonly wrote: boolean;
  readonly seconds: number;
  readonly error: Failed | null;
}

export interface Past {
  readonly id: string;
  readonly connection: string;
  readonly code: string;
  readonly started: string;
  readonly seconds: number;
  readonly rows: number | null;
  readonly error: string;
  readonly wrote: boolean;
}

export interface FixRequest {
  readonly language: 'sql';
  readonly name: string;
  readonly code: string;
  readonly error: { readonly message: string };
  readonly connection: string;
}

/** A decision of the service, by the name that events about it bear. */
export interface Answer extends Decision {
  readonly failure?: string;
}
