import axe from 'axe-core';
import { EditorView } from '@codemirror/view';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { FixCard, type CardOptions, type Decision } from '../src/index.js';
import { advice, AFTER, BEFORE, decision, ranked } from './decisions.js';

const other = ranked({
  text: BEFORE.replace('pirces', 'price'),
  candidate: { reason: 'another' },
  brief: '',
});
const best = ranked({
  text: BEFORE.replace('pirces', 'costs'),
  candidate: { reason: 'the model knows', model: 'm-1' },
});

let card: FixCard;

function shown(document_: Decision = decision(), options: Partial<CardOptions> = {}): FixCard {
  const calls = { onAccept: vi.fn(), onReject: vi.fn(), ...options };
  card = new FixCard({ decision: document_, failing: '<cell 3>', ...calls });
  document.body.append(card.element);
  return card;
}

function text(selector: string): string {
  return card.element.querySelector(selector)?.textContent ?? '';
}

function buttons(): string[] {
  return [...card.element.querySelectorAll('.bf-actions button')].map(found => found.textContent);
}

function press(label: string): void {
  const found = [...card.element.querySelectorAll('button')].find(
    made => made.textContent === label || made.getAttribute('aria-label') === label,
  );
  if (!found) throw new Error(`no button ${label}`);
  found.click();
}

function type(key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  (card.element.querySelector('button') ?? card.element).dispatchEvent(event);
  return event;
}

function editor(): EditorView {
  const found = EditorView.findFromDOM(card.element.querySelector<HTMLElement>('.cm-editor') ?? card.element);
  if (!found) throw new Error('no editor');
  return found;
}

beforeEach(() => {
  document.body.replaceChildren();
});

afterEach(() => {
  card.destroy();
});

describe('what it shows', () => {
  test('the reason with its code set as code, the diff, the verdict and the time', () => {
    shown();
    expect(text('.bf-reason')).toBe('pirces is not defined; prices is');
    expect([...card.element.querySelectorAll('.bf-reason code')].map(code => code.textContent)).toEqual([
      'pirces',
      'prices',
    ]);
    expect(text('.cm-deletedChunk')).toBe('total = sum(pirces)');
    expect(text('.cm-changedLine')).toBe('total = sum(prices)');
    expect(text('.bf-badge')).toBe('ran clean');
    expect(text('.bf-about')).toBe('84 ms');
  });

  test('what was not run says so and why', () => {
    const untried = 'the session has threads';
    shown(decision([ranked({ verdict: { outcome: 'not verifiable', untried }, brief: '' })]));
    expect(text('.bf-badge')).toBe('not run: the session has threads');
    expect(card.element.dataset.tone).toBe('unknown');
  });

  test('a fix of another cell, written by a model, names both', () => {
    const patch = {
      source: '<cell 2>',
      edits: [{ start: 0, end: 5, text: 'prices' }],
      applicability: 'safe',
    } as const;
    shown(decision([ranked({ text: 'prices = 1', candidate: { patch, model: 'm-1' } })]));
    expect(text('.bf-about')).toBe('in cell 2 · by m-1 · 84 ms');
    expect(text('.cm-deletedChunk')).toBe('price = 1');
  });

  test('what the fixed text newly does, where it fails next and what it gives', () => {
    const error = { type: 'KeyError', message: "'b'\nmore" };
    shown(
      decision([
        ranked({
          effects: ['writes files', 'uses the network'],
          verdict: { outcome: 'moved the error', error, result: 'DataFrame (0, 3)', notes: ['it is far'] },
          brief: 'gets further',
        }),
      ]),
    );
    expect([...card.element.querySelectorAll('li')].map(line => line.textContent)).toEqual([
      'New: it writes files and uses the network',
      "Then: KeyError: 'b'",
      'It gives DataFrame (0, 3)',
      'It is far',
    ]);
  });

  test('markup and hidden characters of a reason are text', () => {
    shown(decision([ranked({ candidate: { reason: '<img src=x> `a\u202eb`' } })]));
    expect(card.element.querySelector('img')).toBeNull();
    expect(text('.bf-reason')).toBe('<img src=x> a\\x202eb');
  });

  test('advice is a button without a diff', () => {
    const onRunFirst = vi.fn();
    shown(decision([advice('cell 7')]), { onRunFirst });
    expect(card.element.querySelector<HTMLElement>('.bf-diff')?.hidden).toBe(true);
    expect(buttons()).toEqual(['Run cell 7 first', 'Reject']);
    press('Run cell 7 first');
    expect(onRunFirst).toHaveBeenCalledWith('cell 7', expect.objectContaining({ index: 0 }));
  });

  test('a cell without a number is named by the reason alone', () => {
    shown(decision([advice('the cell `prices = load()`')]), { onRunFirst: vi.fn() });
    expect(buttons()).toEqual(['Run that cell first', 'Reject']);
  });

  test('a decision without a fix says why', () => {
    shown(decision([]));
    expect(text('.bf-reason')).toBe('No fix was found');
    expect(buttons()).toEqual(['Dismiss']);
  });

  test('a page that runs nothing has no button for it', () => {
    const onAccept = vi.fn();
    shown(decision(), { onAccept, runnable: false });
    expect(buttons()).toEqual(['Accept', 'Reject']);
    type('Enter', { ctrlKey: true });
    expect(onAccept).toHaveBeenCalledWith(expect.anything(), false);
  });
});

describe('what can be done', () => {
  test.each([
    ['Accept & Run', 'Enter', { ctrlKey: true }, true],
    ['Accept', 'Enter', { altKey: true }, false],
  ])('%s, by mouse and key', (label, key, held, run) => {
    const onAccept = vi.fn<CardOptions['onAccept']>();
    shown(decision(), { onAccept });
    press(label);
    expect(type(key, held).defaultPrevented).toBe(true);
    expect(onAccept.mock.calls.map(([choice, ran]) => [choice.text, ran])).toEqual([
      [AFTER, run],
      [AFTER, run],
    ]);
  });

  test('reject by Escape, and other keys are left alone', () => {
    const onReject = vi.fn();
    shown(decision(), { onReject });
    expect(type('a').defaultPrevented).toBe(false);
    type('Escape');
    expect(onReject).toHaveBeenCalledOnce();
  });

  test('turning the pages goes round and tells the page and the ear', () => {
    const onShow = vi.fn<NonNullable<CardOptions['onShow']>>();
    shown(decision([ranked(), other]), { onShow });
    expect(text('.bf-pages span')).toBe('1 of 2');
    press('Next fix');
    expect(text('.cm-changedLine')).toBe('total = sum(price)');
    expect(text('.bf-live')).toBe('2 of 2: another');
    type('ArrowDown', { altKey: true });
    expect(text('.bf-pages span')).toBe('1 of 2');
    expect(onShow.mock.calls.map(([choice]) => choice.index)).toEqual([0, 1, 0]);
  });

  test('a button that is pressed again and again keeps the focus', () => {
    shown(decision([ranked(), other]));
    const next = card.element.querySelector<HTMLElement>('[aria-label="Next fix"]');
    next?.focus();
    next?.click();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Next fix');
  });

  test('what the user changes in the fixed text is what they accept', () => {
    const onAccept = vi.fn();
    shown(decision(), { onAccept });
    editor().dispatch({ changes: { from: 0, insert: '# mine\n' } });
    expect(text('.bf-badge')).toBe('changed by you, not run');
    press('Accept');
    expect(onAccept).toHaveBeenCalledWith(
      expect.objectContaining({ text: `# mine\n${AFTER}`, edited: true }),
      false,
    );
    editor().dispatch({ changes: { from: 0, to: 7 } });
    expect(text('.bf-badge')).toBe('ran clean');
  });
});

describe('a later decision', () => {
  test('replaces what nobody has touched', () => {
    shown(decision([ranked()], { pending: true }));
    expect(text('.bf-later')).toBe('asking a model');
    card.element.dispatchEvent(new Event('pointerenter'));
    card.update(decision([best, ranked()]));
    expect(text('.bf-reason')).toBe('The model knows');
    expect(card.element.querySelector<HTMLElement>('.bf-later')?.hidden).toBe(true);
  });

  test('waits behind a button once the user has begun', () => {
    shown(decision([ranked()], { pending: true }));
    card.focus();
    card.update(decision([best]));
    expect(text('.bf-reason')).toBe('pirces is not defined; prices is');
    expect(text('.bf-live')).toBe('A better fix has come');
    press('A better fix has come');
    expect(text('.bf-reason')).toBe('The model knows');
    expect(text('.bf-later')).toBe('');
  });

  test('that only adds fixes changes their number, and what was typed stays', () => {
    shown();
    editor().dispatch({ changes: { from: 0, insert: '#' } });
    card.update(decision([ranked(), other]));
    expect(text('.bf-pages span')).toBe('1 of 2');
    expect(card.choice?.text).toBe(`#${AFTER}`);
  });

  test('that puts a better one before what is looked at offers it', () => {
    shown();
    card.focus();
    card.update(decision([best, ranked()]));
    expect(text('.bf-pages span')).toBe('2 of 2');
    expect(text('.bf-later')).toBe('A better fix has come');
  });

  test('without a fix takes nothing away', () => {
    shown(decision([ranked()], { pending: true }));
    card.focus();
    card.update(decision([]));
    expect(text('.bf-reason')).toBe('pirces is not defined; prices is');
    expect(text('.bf-later')).toBe('');
  });
});

describe('for everyone', () => {
  test('it takes no focus when it is shown', () => {
    shown();
    expect(document.activeElement).toBe(document.body);
    expect(card.touched).toBe(false);
  });

  test('it is a named region whose buttons tell their keys', () => {
    shown();
    expect(card.element.getAttribute('role')).toBe('region');
    expect(card.element.getAttribute('aria-label')).toBe('Suggested fix: pirces is not defined; prices is');
    const first = card.element.querySelector('button');
    expect(first?.title).toBe('Take the fix and run it (Ctrl+Enter)');
    expect(first?.getAttribute('aria-keyshortcuts')).toBe('Control+Enter');
  });

  test.each([
    ['a fix', decision([ranked(), other], { pending: true })],
    ['advice', decision([advice('cell 7')])],
    ['nothing', decision([])],
  ])('axe finds no violation: %s', async (_, document_) => {
    shown(document_, { onRunFirst: vi.fn() });
    const main = document.createElement('main');
    main.append(card.element);
    document.body.append(main);
    const found = await axe.run(card.element, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map(violation => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`)).toEqual(
      [],
    );
  });
});
