/** Positions in texts: the service counts code points, the browser UTF-16 units. */

import type { Span } from './documents.js';

/** Return the offset in UTF-16 units of an offset in code points. */
export function unitsAt(text: string, points: number): number {
  let unit = 0;
  for (let point = 0; point < points && unit < text.length; point++) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** Return a span in code points as one in UTF-16 units. */
export function inUnits<T extends Span>(text: string, span: T): T {
  const start = unitsAt(text, span.start);
  return { ...span, start, end: start + unitsAt(text.slice(start), span.end - span.start) };
}

/** A change of a text. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Return the smallest change that turns one text into another, so that marks and the cursor around it stay. */
export function changeBetween(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}

/** Return a count with its noun: `1 row`, `2,000 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Return a name that nothing on the page has yet; also where the page is not served over HTTPS. */
export function newId(): string {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
}

/** Return what an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
