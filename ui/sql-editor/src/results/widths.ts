/** How wide the columns of a result are at first: as wide as what the first rows hold, within reason. */

import type { Column } from '../documents.js';
import type { Rows } from './rows.js';
import { shown } from './values.js';

const SAMPLE = 60;
const CHARACTER = 7.6;
const WIDEST = 380;
const NARROWEST = 64;

/** Return the width of each column, in pixels. */
export function startWidths(columns: readonly Column[], rows: Rows): number[] {
  return columns.map((column, at) => {
    let longest = Math.max(column.name.length, column.type.length * 0.85) + 1;
    for (let index = 0; index < Math.min(SAMPLE, rows.known); index++) {
      longest = Math.max(longest, shown(rows.row(index)?.[at] ?? null).length);
    }
    return Math.round(Math.min(WIDEST, Math.max(NARROWEST, longest * CHARACTER + 22)));
  });
}
