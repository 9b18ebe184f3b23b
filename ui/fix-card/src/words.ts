/** What the card says of a fix, in words. */

import { element } from './dom.js';
import type { Ranked, Verdict } from './wire.js';

/** How good what checking found is; the card's colour. */
export type Tone = 'good' | 'fair' | 'poor' | 'unknown';

/** The verdict as a badge; `title` tells all of it. */
export interface Badge {
  readonly text: string;
  readonly tone: Tone;
  readonly title: string;
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Return a text with the characters made visible that hide or reorder others. */
export function visible(text: string): string {
  return text.replace(HIDDEN, found => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Return a line with what stands between backticks set as code. */
export function marked(line: string): (Node | string)[] {
  return visible(line)
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 ? element('code', '', part) : part))
    .filter(part => part !== '');
}

/** Return a line without its backticks. */
export function plain(line: string): string {
  return visible(line).replaceAll('`', '');
}

/** Return how long something took: `84 ms`, `1.2 s`. */
export function duration(seconds: number): string {
  return seconds < 0.9995 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

/** Return the badge of a verdict. */
export function badge({ verdict, brief }: Ranked): Badge {
  const binds = verdict.outcome === 'binds';
  const why = verdict.untried ? `: ${visible(verdict.untried)}` : '';
  const text = brief ? visible(brief) : binds ? 'binds' : `not run${why}`;
  return { text, tone: tone(verdict), title: told(verdict, brief ? why : '') };
}

function tone(verdict: Verdict): Tone {
  if (verdict.hides) return 'poor';
  switch (verdict.outcome) {
    case 'ran clean':
    case 'binds':
      return 'good';
    case 'moved the error':
      return 'fair';
    case 'not verifiable':
      return 'unknown';
    default:
      return 'poor';
  }
}

function told(verdict: Verdict, unsaid: string): string {
  const copy = verdict.resumed
    ? 'on a copy of the session, from the failing statement on'
    : 'on a copy of the session';
  switch (verdict.outcome) {
    case 'ran clean':
      return `It ran to its end ${copy}${unsaid}`;
    case 'binds':
      return 'The database accepts it; it was not run';
    case 'moved the error':
      return `Run ${copy} it gets past this error${unsaid}`;
    case 'not verifiable':
      return 'Nothing speaks against it, and it was not run';
    default:
      return `Run ${copy} it still fails`;
  }
}

/** Return what is to be known before one accepts, a line each; `code` between backticks. */
export function remarks({ verdict, added_effects: effects = [] }: Ranked): string[] {
  const lines = effects.length ? [`New: it ${listed(effects)}`] : [];
  if (verdict.error) lines.push(`Then: \`${firstLine(verdict.error)}\``);
  if (verdict.result) lines.push(`It gives \`${verdict.result}\``);
  return [...lines, ...verdict.notes.map(capitalized)];
}

/** Return items as a phrase: `writes files, uses the network and installs packages`. */
export function listed(items: readonly string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items.slice(-1).join('')}`;
}

/** Return how the user knows a source: `<cell 3>` is cell 3. */
export function place(source: string): string {
  return visible(source.replace(/^<(.*)>$/, '$1'));
}

function firstLine({ type, message }: { type: string; message: string }): string {
  const line = message.split('\n', 1).join('').slice(0, 160);
  return line ? `${type}: ${line}` : type;
}

/** Return a line with its first letter a capital one. */
export function capitalized(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}
