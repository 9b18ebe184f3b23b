/** Two columns as bars or as a line. */

import { visible } from '@bestfix/fix-card';

import type { Column, Row } from '../documents.js';
import { draw, make } from '../dom.js';
import { counted } from '../text.js';
import type { Rows } from './rows.js';
import { type Scale, scaleOf, share, short } from './scale.js';
import { isNumeric, numberOf, shown } from './values.js';

const MOST = { bar: 200, line: 5000 } as const;
const WIDTH = 900;
const HEIGHT = 360;
const EDGE = { top: 14, right: 16, bottom: 64, left: 62 } as const;
const TEMPORAL = /^(date|time)/i;

type Form = 'bar' | 'line';

interface Point {
  readonly label: string;
  readonly value: number;
}

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
    this.place.replaceChildren(
      ...(points.length ? [picture(points, form, `${visible(y)} by ${visible(x)}`)] : []),
    );
  }
}

function pointsOf(rows: readonly Row[], across: number, up: number): Point[] {
  return rows.flatMap(row => {
    const value = numberOf(row[up] ?? null);
    return value === null ? [] : [{ label: shown(row[across] ?? null), value }];
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

function picture(points: readonly Point[], form: Form, title: string): SVGSVGElement {
  const scale = scaleOf(
    points.map(point => point.value),
    form === 'bar',
  );
  const step = (WIDTH - EDGE.left - EDGE.right) / points.length;
  const x = (at: number): number => EDGE.left + (at + 0.5) * step;
  const y = (value: number): number =>
    HEIGHT - EDGE.bottom - share(scale, value) * (HEIGHT - EDGE.top - EDGE.bottom);
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: 'picture',
      role: 'img',
      'aria-label': `${title}, ${counted(points.length, 'value')}`,
    },
    ...grid(scale, y),
    ...labels(points, x, step),
    ...(form === 'bar' ? bars(points, x, y, step) : line(points, x, y)),
  );
}

type Place = (value: number) => number;

function grid(scale: Scale, y: Place): SVGElement[] {
  return scale.ticks.flatMap(tick => [
    draw('line', {
      x1: EDGE.left,
      x2: WIDTH - EDGE.right,
      y1: y(tick),
      y2: y(tick),
      class: tick === 0 ? 'axis' : 'tick',
    }),
    draw('text', { x: EDGE.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, short(tick)),
  ]);
}

function labels(points: readonly Point[], x: Place, step: number): SVGElement[] {
  const every = Math.ceil(24 / step);
  return points.flatMap(({ label }, at) => {
    if (at % every) return [];
    const text = label.length > 14 ? `${label.slice(0, 13)}…` : label;
    const [left, top] = [x(at), HEIGHT - EDGE.bottom + 16];
    return [
      draw('text', { x: left, y: top, 'text-anchor': 'end', transform: `rotate(-35 ${left} ${top})` }, text),
    ];
  });
}

function bars(points: readonly Point[], x: Place, y: Place, step: number): SVGElement[] {
  const width = Math.max(1, Math.min(step * 0.72, 56));
  return points.map(({ label, value }, at) => {
    const [top, base] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
    const bar = draw('rect', {
      x: x(at) - width / 2,
      y: top,
      width,
      height: Math.max(base - top, 0.5),
      rx: 1.5,
      class: 'bar',
    });
    bar.append(draw('title', {}, `${label}: ${value.toLocaleString('en')}`));
    return bar;
  });
}

function line(points: readonly Point[], x: Place, y: Place): SVGElement[] {
  const path = points
    .map(({ value }, at) => `${at ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  const dots =
    points.length > 120
      ? []
      : points.map(({ label, value }, at) =>
          draw(
            'circle',
            { cx: x(at), cy: y(value), r: 3, class: 'dot' },
            draw('title', {}, `${label}: ${value.toLocaleString('en')}`),
          ),
        );
  return [draw('path', { d: path, class: 'curve' }), ...dots];
}
