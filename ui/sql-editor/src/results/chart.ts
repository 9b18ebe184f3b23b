/** Two columns as bars or as a line. */

import { visible } from '@bestfix/fix-card';

import type { Column, Row } from '../documents.js';
import { make } from '../dom.js';
import { counted } from '../text.js';
import type { Rows } from './rows.js';
import { type Form, picture, type Point } from './picture.js';
import { isNumeric, numberOf, shown } from './values.js';

const MOST = { bar: 200, line: 5000 } as const;
const MIDNIGHT = / 00:00:00$/;
const TEMPORAL = /^(date|time)/i;

/** A chart with the choice of its columns. */
export class Chart {
  readonly element: HTMLElement;
  private readonly form: HTMLSelectElement;
  private readonly across: HTMLSelectElement;
  private readonly up: HTMLSelectElement;
  private readonly place = make('div', { class: 'chart-place' });
  private readonly note = make('p', { class: 'note', role: 'status' });

  constructor(
    private readonly columns: readonly Column[],
    private readonly rows: Rows,
  ) {
    const up = columns.findLastIndex(isNumeric);
    const across = Math.max(
      0,
      columns.findIndex((_, at) => at !== up),
    );
    const isLine = TEMPORAL.test(columns[across]?.type ?? '');
    this.form = choice(
      'Form of the chart',
      [
        ['bar', 'Bars'],
        ['line', 'Line'],
      ],
      isLine ? 'line' : 'bar',
    );
    this.across = choice('Across', named(columns), String(across));
    this.up = choice('Height', named(columns), String(Math.max(0, up)));
    const chooser = make(
      'div',
      { class: 'row chart-choice' },
      make('label', {}, 'Chart ', this.form),
      make('label', {}, 'across ', this.across),
      make('label', {}, 'height ', this.up),
    );
    chooser.addEventListener('change', () => void this.show());
    this.element = make('div', { class: 'chart' }, chooser, this.place, this.note);
  }

  /** Draw what is chosen. */
  async show(): Promise<void> {
    const form = this.form.value as Form;
    const [across, up] = [Number(this.across.value), Number(this.up.value)];
    const most = MOST[form];
    const rows = await this.rows.range(0, Math.min(most, this.rows.known));
    const points = pointsOf(rows, across, up);
    const [x, y] = [this.columns[across]?.name ?? '', this.columns[up]?.name ?? ''];
    const more = this.rows.known > rows.length || !this.rows.complete;
    this.note.textContent = points.length
      ? more
        ? `The first ${counted(rows.length, 'row')}; aggregate in the query to see all.`
        : ''
      : `Column ${visible(y)} has no numbers to draw.`;
    const room = { width: this.place.clientWidth, height: this.place.clientHeight };
    this.place.replaceChildren(
      ...(points.length ? [picture(points, form, `${visible(y)} by ${visible(x)}`, room)] : []),
    );
  }
}

function pointsOf(rows: readonly Row[], across: number, up: number): Point[] {
  return rows.flatMap(row => {
    const value = numberOf(row[up] ?? null);
    return value === null ? [] : [{ label: shown(row[across] ?? null).replace(MIDNIGHT, ''), value }];
  });
}

function named(columns: readonly Column[]): (readonly [string, string])[] {
  return columns.map(({ name }, at) => [String(at), visible(name)] as const);
}

function choice(
  label: string,
  options: readonly (readonly [string, string])[],
  value: string,
): HTMLSelectElement {
  const made = make(
    'select',
    { 'aria-label': label },
    ...options.map(([key, name]) => make('option', { value: key }, name)),
  );
  made.value = value;
  return made;
}
