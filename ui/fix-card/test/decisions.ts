/** Decision documents for the tests. */

import type { Candidate, Decision, Ranked, Verdict } from '../src/index.js';

export const BEFORE = 'prices = [3, 4]\ntotal = sum(pirces)\nprint(total)';
export const AFTER = BEFORE.replace('pirces', 'prices');

interface Parts {
  readonly text?: string;
  readonly candidate?: Partial<Candidate>;
  readonly verdict?: Partial<Verdict>;
  readonly effects?: readonly string[];
  readonly brief?: string;
}

/** A fix of `<cell 3>` that ran clean, but for the parts that are given. */
export function ranked({
  text = AFTER,
  candidate,
  verdict,
  effects = [],
  brief = 'ran clean',
}: Parts = {}): Ranked {
  return {
    candidate: {
      patch: { source: '<cell 3>', edits: [{ start: 28, end: 34, text: 'prices' }], applicability: 'safe' },
      reason: '`pirces` is not defined; `prices` is',
      proposer: 'python.names.near_name',
      ...candidate,
    },
    verdict: { outcome: 'ran clean', notes: [], seconds: 0.01, ...verdict },
    text,
    brief,
    added_effects: effects,
  };
}

/** Advice to run another cell first. */
export function advice(label: string): Ranked {
  const reason = `\`prices\` is defined in ${label}: run it first`;
  const patch = { source: '<cell 3>', edits: [], applicability: 'display-only' } as const;
  const verdict = { outcome: 'not verifiable' } as const;
  return ranked({ text: BEFORE, candidate: { patch, reason, run_first: label }, verdict, brief: '' });
}

/** A decision that shows the first of these fixes. */
export function decision(fixes: readonly Ranked[] = [ranked()], parts: Partial<Decision> = {}): Decision {
  return {
    version: 1,
    shown: fixes.length > 0,
    reason: fixes[0]?.candidate.reason ?? 'no fix was found',
    ranked: fixes,
    sources: { '<cell 3>': BEFORE, '<cell 2>': 'price = 1' },
    seconds: 0.084,
    pending: false,
    ...parts,
  };
}
