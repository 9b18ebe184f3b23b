/** The drawing of a chart: points as bars or as a line, over round numbers. */

import { draw } from '../dom.js';
import { counted } from '../text.js';
import { type Scale, scaleOf, share, short } from './scale.js';

export type Form = 'bar' | 'line';

export interface Point {
  readonly label: string;
  readonly value: number;
}

const LEAST = { width: 320, height: 200 } as const;
const TALLEST = 560;
const EDGE = { top: 14, right: 16, bottom: 60, left: 64 } as const;
/** Letters of a label, and pixels between two. */
const LABEL = 11;
const APART = 26;
const DOTTED = 120;

/** Where points stand. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

/** Return points as a picture of the size of the room for it. */
export function picture(
  points: readonly Point[],
  form: Form,
  title: string,
  room: { readonly width: number; readonly height: number },
): SVGSVGElement {
  const scale = scaleOf(
    points.map(point => point.value),
    form === 'bar',
  );
  const frame = frameOf(scale, points.length, room);
  return draw(
    'svg',
    {
      viewBox: `0 0 ${frame.width} ${frame.height}`,
      class: 'picture',
      role: 'img',
      'aria-label': `${title}, ${counted(points.length, 'value')}`,
    },
    ...grid(scale, frame),
    ...labels(points, frame),
    ...(form === 'bar' ? bars(points, frame) : line(points, frame)),
  );
}

function frameOf(
  scale: Scale,
  count: number,
  room: { readonly width: number; readonly height: number },
): Frame {
  const width = Math.max(room.width, LEAST.width);
  const height = Math.min(Math.max(room.height, LEAST.height), TALLEST);
  const step = (width - EDGE.left - EDGE.right) / count;
  return {
    width,
    height,
    step,
    x: at => EDGE.left + (at + 0.5) * step,
    y: value => height - EDGE.bottom - share(scale, value) * (height - EDGE.top - EDGE.bottom),
  };
}

function grid({ ticks }: Scale, { width, y }: Frame): SVGElement[] {
  return ticks.flatMap(tick => [
    draw('line', {
      x1: EDGE.left,
      x2: width - EDGE.right,
      y1: y(tick),
      y2: y(tick),
      class: tick === 0 ? 'axis' : 'tick',
    }),
    draw('text', { x: EDGE.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, short(tick)),
  ]);
}

function labels(points: readonly Point[], { height, step, x }: Frame): SVGElement[] {
  const every = Math.ceil(APART / step);
  return points.flatMap(({ label }, at) => {
    if (at % every) return [];
    const text = label.length > LABEL ? `${label.slice(0, LABEL - 1)}…` : label;
    const [left, top] = [x(at) + 4, height - EDGE.bottom + 16];
    return [
      draw('text', { x: left, y: top, 'text-anchor': 'end', transform: `rotate(-35 ${left} ${top})` }, text),
    ];
  });
}

function bars(points: readonly Point[], { step, x, y }: Frame): SVGElement[] {
  const width = Math.max(1, Math.min(step * 0.72, 56));
  return points.map((point, at) => {
    const [top, base] = [Math.min(y(point.value), y(0)), Math.max(y(point.value), y(0))];
    const place = { x: x(at) - width / 2, y: top, width, height: Math.max(base - top, 0.5), rx: 1.5 };
    return draw('rect', { ...place, class: 'bar' }, told(point));
  });
}

function line(points: readonly Point[], { x, y }: Frame): SVGElement[] {
  const path = points.map(({ value }, at) => `${at ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  const dots = points.length > DOTTED ? [] : points.map((point, at) => dot(point, x(at), y(point.value)));
  return [draw('path', { d: path.join(''), class: 'curve' }), ...dots];
}

function dot(point: Point, cx: number, cy: number): SVGElement {
  return draw('circle', { cx, cy, r: 3, class: 'dot' }, told(point));
}

/** Return what the mouse is told of a point. */
function told({ label, value }: Point): SVGElement {
  return draw('title', {}, `${label}: ${value.toLocaleString('en')}`);
}
