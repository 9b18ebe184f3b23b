/** Values as the grid shows them and the clipboard takes them. */

import { visible } from '@bestfix/fix-card';

import type { Column, Json, Row } from '../documents.js';

const SHOWN = 300;
const NUMERIC =
  /^(u?(tiny|small|big|huge)?int(eger)?\d*|float\d*|double( precision)?|real|numeric|decimal|money|oid)\b/i;

/** Whether a column holds numbers, which stand on the right. */
export function isNumeric(column: Column): boolean {
  return NUMERIC.test(column.type);
}

/** Return a value as one line of the grid. */
export function shown(value: Json): string {
  if (value === null) return 'NULL';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.slice(0, SHOWN).replace(/\r\n|\n|\r/g, ' ↵ ');
  return visible(line) + (text.length > SHOWN ? '…' : '');
}

/** Return a value in full, for reading. */
export function full(value: Json): string {
  if (value === null) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** Return a value as a spreadsheet takes it; NULL is an empty cell. */
export function plainText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Return rows as tab-separated text, a value with a tab, line end or quote in quotes. */
export function tabSeparated(rows: readonly Row[], header: readonly string[] = []): string {
  const lines = header.length ? [header.map(field).join('\t')] : [];
  return [...lines, ...rows.map(row => row.map(value => field(plainText(value))).join('\t'))].join('\n');
}

function field(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Return the number that a value is, for a chart; null where it is none. */
export function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
