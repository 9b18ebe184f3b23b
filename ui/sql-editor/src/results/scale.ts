/** Scales of a chart: round numbers for an axis, and where a value stands on it. */

export interface Scale {
  readonly ticks: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Return a scale with about `count` round steps that holds all values, and 0 where `zero` says so. */
export function scaleOf(values: readonly number[], zero: boolean, count = 5): Scale {
  const least = values.reduce((a, b) => Math.min(a, b), zero ? 0 : Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), zero ? 0 : -Infinity);
  const span = most - least || Math.abs(most) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * ([1, 2, 2.5, 5, 10].find(nice => span / (nice * power) <= count) ?? 10);
  const from = Math.floor(least / step) * step;
  const to = Math.max(Math.ceil(most / step) * step, from + step);
  const ticks = [];
  for (let i = 0; from + i * step <= to + step / 1000; i++)
    ticks.push(Number((from + i * step).toPrecision(12)));
  return { ticks, from, to };
}

/** Return where a value stands on a scale, 0 to 1. */
export function share(scale: Scale, value: number): number {
  return (value - scale.from) / (scale.to - scale.from);
}

/** Return a number as an axis says it: `1.5k`, `20M`. */
export function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}
