/** A short word to the user that goes by itself. */

import { make } from './dom.js';

const SECONDS = { good: 2.5, bad: 7 } as const;

/** Say something for a moment; a screen reader says it, too. */
export function toast(text: string, tone: 'good' | 'bad' = 'good'): void {
  const place =
    document.querySelector('.toasts') ??
    document.body.appendChild(make('div', { class: 'toasts', role: 'status' }));
  const said = make('div', { class: `toast ${tone}` }, text);
  place.append(said);
  setTimeout(() => {
    said.remove();
  }, SECONDS[tone] * 1000);
}
