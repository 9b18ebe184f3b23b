/** The line between editor and result, which the mouse and the arrow keys move. */

import { make } from '../dom.js';

const LEAST = 0.15;
const STEP = 0.04;

/** Return a separator that sets `--split`, the share of the height above it, on its parent. */
export function splitter(share: number, onMoved: (share: number) => void): HTMLElement {
  const line = make('div', {
    class: 'splitter',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'horizontal',
    'aria-label': 'Height of the editor',
    'aria-valuemin': Math.round(LEAST * 100),
    'aria-valuemax': Math.round((1 - LEAST) * 100),
  });
  let now = share;
  const move = (to: number): void => {
    now = Math.min(1 - LEAST, Math.max(LEAST, to));
    line.setAttribute('aria-valuenow', String(Math.round(now * 100)));
    line.parentElement?.style.setProperty('--split', String(now));
  };
  line.addEventListener('pointerdown', event => {
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener('pointermove', event => {
    const box = line.parentElement?.getBoundingClientRect();
    if (box && line.hasPointerCapture(event.pointerId)) move((event.clientY - box.top) / box.height);
  });
  line.addEventListener('pointerup', () => {
    onMoved(now);
  });
  line.addEventListener('keydown', event => {
    const by = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(now + by);
    onMoved(now);
  });
  queueMicrotask(() => {
    move(share);
  });
  return line;
}
