import { describe, expect, test } from 'vitest';

import type { Fixes } from '../src/fixes';
import type { LinkState } from '../src/link';
import { standing } from '../src/standing';

function fixes(state: LinkState, hello: object | null = null, asking = false): Fixes {
  return { link: { state, context: { kernelDisplayName: 'Python 3' } }, hello, asking } as unknown as Fixes;
}

const HELLO = { protocol: 1, version: '1.0', settings: { automatic: true }, missing: [] };

describe('the state', () => {
  test.each([
    ['', fixes('attaching')],
    ['', fixes('none')],
    ['on', fixes('attached', HELLO)],
    ['on click', fixes('attached', { ...HELLO, settings: { automatic: false } })],
    ['asking a model', fixes('attached', HELLO, true)],
    ['not in this kernel', fixes('missing')],
  ])('%j', (state, of) => {
    expect(standing(of, '1.0').state).toBe(state);
  });

  test('of no notebook is nothing', () => {
    expect(standing(null, '')).toEqual({ state: '', problems: [] });
  });
});

describe('what does not work', () => {
  test('a kernel without bestfix is told how to get it', () => {
    expect(standing(fixes('missing'), '1.0').problems).toEqual([
      'bestfix is not installed in the kernel Python 3: run `%pip install "bestfix[jupyter]"`, then restart it.',
    ]);
  });

  test('an old one, how to renew it', () => {
    expect(standing(fixes('outdated'), '1.0').problems[0]).toContain('%pip install -U');
  });

  test('kernel and server of different versions', () => {
    expect(standing(fixes('attached', HELLO), '2.0').problems).toEqual([
      'The kernel has bestfix 1.0, the server 2.0: install the same version in both places.',
    ]);
    expect(standing(fixes('attached', HELLO), '').problems).toEqual([]);
    expect(standing(fixes('attached', { ...HELLO, protocol: 2 }), '1.0').problems[0]).toContain(
      'does not fit this page',
    );
  });

  test('what the kernel says is missing', () => {
    expect(standing(fixes('attached', { ...HELLO, missing: ['no sandbox'] }), '1.0').problems).toEqual([
      'no sandbox',
    ]);
  });
});
