/** How wide the columns of a result are at first: as wide as what the first rows hold, within reason. */

import type { Column } from '../documents.js';
import type { Rows } from './rows.js';
import { shown } from './values.js';

const SAMPLE = 60;
/** Sizes in letters: what one takes of the height of the type, how wide a column may be, and its padding. */
const LETTER = 0.6;
const WIDEST = 50;
const NARROWEST = 7;
const PADDING = 2.6;

/** Return the width of each column, in pixels, for type of `size` pixels. */
export function startWidths(columns: readonly Column[], rows: Rows, size: number): number[] {
  return columns.map((column, at) => {
    let longest = Math.max(column.name.length * 1.1, column.type.length * 0.85);
    for (let index = 0; index < Math.min(SAMPLE, rows.known); index++) {
      longest = Math.max(longest, shown(rows.row(index)?.[at] ?? null).length);
    }
    return Math.round((Math.min(WIDEST, Math.max(NARROWEST, longest)) + PADDING) * LETTER * size);
  });
}
