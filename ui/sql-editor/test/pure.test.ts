import { describe, expect, it } from 'vitest';

import type { Page } from '../src/documents.js';
import { quoted, tableName } from '../src/dialects.js';
import { eventsOf } from '../src/events.js';
import { Rows } from '../src/results/rows.js';
import { scaleOf, share } from '../src/results/scale.js';
import { scrollFor, scrollHeight, topOf } from '../src/results/scroll.js';
import { numberOf, shown, tabSeparated } from '../src/results/values.js';
import { within } from '../src/running.js';
import { load, save } from '../src/saved.js';
import { changeBetween, inUnits } from '../src/text.js';

describe('positions', () => {
  it('turn code points into UTF-16 units', () => {
    expect(inUnits('a😀b😀c', { start: 2, end: 4 })).toEqual({ start: 3, end: 6 });
  });

  it.each([
    ['SELECT a', 'SELECT ab'],
    ['aaa', 'aa'],
    ['', 'x'],
    ['same', 'same'],
  ])('the change from %j to %j is small and right', (before, after) => {
    const { from, to, insert } = changeBetween(before, after);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    expect(insert.length + (to - from)).toBeLessThanOrEqual(1);
  });
});

describe('which statement runs', () => {
  const two = [
    { start: 0, end: 8, reads: true },
    { start: 11, end: 20, reads: true },
  ];
  const at = (cursor: number): unknown => within(two, { start: cursor, end: cursor })[0]?.start;

  it('is the one at the cursor, or the next, or the last', () => {
    expect([at(0), at(8), at(9), at(10), at(15), at(99)]).toEqual([0, 0, 0, 11, 11, 11]);
    expect(within([], { start: 0, end: 0 })).toEqual([]);
  });

  it('is what is selected of each', () => {
    expect(within(two, { start: 2, end: 15 })).toEqual([
      { start: 2, end: 8 },
      { start: 11, end: 15 },
    ]);
  });
});

describe('long lists', () => {
  const sizes = { rows: 3_000_000, rowHeight: 26, view: 500 };

  it('are scaled to what a browser can draw, and reach their ends', () => {
    expect(scrollHeight(sizes)).toBe(15_000_000);
    expect(topOf(sizes, 0)).toBe(0);
    expect(topOf(sizes, 15_000_000 - 500)).toBe(3_000_000 * 26 - 500);
    expect(topOf(sizes, scrollFor(sizes, 12_345_678))).toBeCloseTo(12_345_678, 3);
  });

  it('are not scaled where that is not needed', () => {
    expect(topOf({ ...sizes, rows: 100 }, 77)).toBe(77);
  });
});

describe('rows', () => {
  const read = (offset: number, limit: number): Promise<Page> => {
    const rows = Array.from({ length: Math.min(limit, 1000 - offset) }, (_, i) => [offset + i]);
    return Promise.resolve({ offset, rows, known: 1000, complete: true, cut: false });
  };

  it('come as they are wanted, each page once', async () => {
    const asked: number[] = [];
    const first = { ...(await read(0, 200)), known: 200, complete: false };
    const rows = new Rows(
      first,
      (offset, limit) => (asked.push(offset), read(offset, limit)),
      () => undefined,
      () => undefined,
    );
    expect(rows.row(5)).toEqual([5]);
    expect(rows.row(450)).toBeNull();
    await Promise.all([rows.want(450), rows.want(460)]);
    expect(rows.row(450)).toEqual([450]);
    expect([rows.known, rows.complete, asked]).toEqual([1000, true, [400]]);
    expect(await rows.range(198, 202)).toEqual([[198], [199], [200], [201]]);
  });
});

describe('values', () => {
  it('are shown in one line, without characters that hide others', () => {
    expect(shown(null)).toBe('NULL');
    expect(shown('a\nb\u202ec')).toBe('a ↵ b\\x202ec');
    expect(shown({ a: [1, null] })).toBe('{"a":[1,null]}');
    expect(shown('x'.repeat(999))).toHaveLength(301);
  });

  it('go to a spreadsheet as they are', () => {
    expect(
      tabSeparated(
        [
          ['a\tb', null, 1.5],
          ['"', true, 'c'],
        ],
        ['x', 'y', 'z'],
      ),
    ).toBe('x\ty\tz\n"a\tb"\t\t1.5\n""""\ttrue\tc');
  });

  it('are numbers for a chart only where they are', () => {
    expect([numberOf('12.5'), numberOf(''), numberOf('x'), numberOf(null), numberOf(true)]).toEqual([
      12.5,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('scales', () => {
  it('have round steps around all values', () => {
    expect(scaleOf([3, 97], true).ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(scaleOf([-0.2, 0.3], true).ticks).toEqual([-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    const flat = scaleOf([5, 5], false);
    expect(share(flat, 5)).toBeGreaterThanOrEqual(0);
  });
});

describe('names', () => {
  const table = {
    name: 'Order',
    schema: 'main',
    view: false,
    columns: [],
    primary_key: [],
    foreign_keys: [],
  };

  it('are quoted where they must be', () => {
    expect([quoted('plain_1'), quoted('group'), quoted('a"b')]).toEqual(['plain_1', '"group"', '"a""b"']);
    expect(tableName(table, 'duckdb')).toBe('"Order"');
    expect(tableName({ ...table, schema: 'sales' }, 'postgres')).toBe('sales."Order"');
  });
});

describe('events', () => {
  it('are put together from pieces', async () => {
    const pieces = [
      'event: decision\r\nda',
      'ta: {"a":\r\ndata: 1}\r\n\r',
      '\n: ping\r\n\r\nevent: x\r\ndata: 2\r\n\r\n',
    ];
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const found = [];
    for await (const event of eventsOf(body)) found.push(event);
    expect(found.filter(({ data }) => data)).toEqual([
      { name: 'decision', data: '{"a":\n1}' },
      { name: 'x', data: '2' },
    ]);
  });
});

describe('what is saved', () => {
  it('comes back, and nonsense does not', () => {
    const tab = { id: 'a', title: 'Query 1', code: 'SELECT 1', connection: 'sample' };
    const kept = { tabs: [tab], active: 'a', theme: 'dark', split: 0.5, sidebar: false } as const;
    save(kept);
    expect(load()).toEqual(kept);
    localStorage.setItem('bestfix.editor.1', '{"tabs": [{"id": 1}, 7], "theme": "pink", "split": 9}');
    expect(load()).toEqual({ tabs: [], active: '', theme: 'system', split: 0.42, sidebar: true });
    localStorage.setItem('bestfix.editor.1', 'no JSON');
    expect(load().tabs).toEqual([]);
  });
});
