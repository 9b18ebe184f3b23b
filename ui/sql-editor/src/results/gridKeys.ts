/** Which cell a key leads to. */

import type { Cell } from './selection.js';

/** What there is around the cursor. */
export interface Around {
  readonly cursor: Cell;
  readonly rows: number;
  readonly columns: number;
  /** Rows that Page Up and Page Down go. */
  readonly page: number;
}

/** Return the cell that a key leads to, be it beyond the edge; null for a key that leads nowhere. */
export function stepOf(
  event: KeyboardEvent,
  { cursor: { row, column }, rows, columns, page }: Around,
): Cell | null {
  const held = event.ctrlKey || event.metaKey;
  const [bottom, right] = [rows - 1, columns - 1];
  switch (event.altKey ? '' : event.key) {
    case 'ArrowDown':
      return { row: held ? bottom : row + 1, column };
    case 'ArrowUp':
      return { row: held ? 0 : row - 1, column };
    case 'ArrowRight':
      return { row, column: held ? right : column + 1 };
    case 'ArrowLeft':
      return { row, column: held ? 0 : column - 1 };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: row - page, column };
    case 'Home':
      return { row: held ? 0 : row, column: 0 };
    case 'End':
      return { row: held ? bottom : row, column: right };
    default:
      return null;
  }
}
