/** The card: what was wrong, the fix as a diff, and what can be done with it. */

import type { Extension } from '@codemirror/state';

import { Diff, type DiffContent } from './diff.js';
import { button, element, fill } from './dom.js';
import { actionOf, KEYS, type Action } from './keys.js';
import { type Badge, badge, capitalized, duration, marked, place, plain, remarks } from './words.js';
import type { Decision, Ranked } from './wire.js';

const CHANGED: Badge = {
  text: 'changed by you, not run',
  tone: 'unknown',
  title: 'What was checked is the text before your change',
};

/** The fix that the user sees, as it stands. */
export interface Choice {
  /** Its place in `decision.ranked`. */
  readonly index: number;
  readonly ranked: Ranked;
  /** The text that the user accepts, with what they changed in it. */
  readonly text: string;
  /** Whether the user changed the text. */
  readonly edited: boolean;
}

/** What a card is given by the page that it stands in. */
export interface CardOptions {
  readonly decision: Decision;
  /** The name of the source that failed; a fix of another source names it. */
  readonly failing: string;
  /** Highlighting and theme for the text of a source; called once for each fix that is shown. */
  readonly extensions?: (source: string) => Extension;
  /** Whether the page can run what is accepted; otherwise there is no such button. */
  readonly runnable?: boolean;
  /** The user takes the fix, and wants it run at once or not. The card stays until the page destroys it. */
  readonly onAccept: (choice: Choice, run: boolean) => void;
  /** The user does not want it. */
  readonly onReject: (choice: Choice | null) => void;
  /** The user follows the advice to run the source with this label first; without it the advice has no button. */
  readonly onRunFirst?: (label: string, choice: Choice) => void;
  /** A fix has come into view: the first one, and each that the user turns to. */
  readonly onShow?: (choice: Choice) => void;
}

/**
 * A card in an element of its own, `element`, which the page inserts once and removes after `destroy`.
 *
 * It is complete before it is inserted, never takes the focus by itself and is as high as the highest fix that was
 * looked at, so that nothing jumps.
 */
export class FixCard {
  readonly element = element('section', 'bf-card');
  private readonly reason = element('span', 'bf-reason');
  private readonly badge = element('span', 'bf-badge');
  private readonly diffPlace = element('div', 'bf-diff');
  private readonly remarks = element('ul', 'bf-remarks');
  private readonly actions = element('div', 'bf-actions');
  private readonly pages = element('div', 'bf-pages');
  private readonly about = element('span', 'bf-about');
  private readonly later = element('span', 'bf-later');
  private readonly live = element('span', 'bf-live');
  private diff: Diff | null = null;
  private decision: Decision;
  private better: Decision | null = null;
  private index = 0;
  private edited = false;
  private interacted = false;

  constructor(private readonly options: CardOptions) {
    this.decision = options.decision;
    this.live.setAttribute('aria-live', 'polite');
    this.element.setAttribute('role', 'region');
    this.element.append(
      element('div', 'bf-head', this.reason, this.badge),
      this.diffPlace,
      this.remarks,
      element('div', 'bf-foot', this.actions, this.pages, this.later, this.about),
      this.live,
    );
    this.listen();
    this.show(0);
  }

  /** The fix that is in view; `null` where the decision has none. */
  get choice(): Choice | null {
    const ranked = this.ranked;
    if (!ranked) return null;
    const text = this.edited && this.diff ? this.diff.text : ranked.text;
    return { index: this.index, ranked, text, edited: this.edited };
  }

  /** Whether the user has begun to deal with the card: focus, typing, turning, selecting; not hovering. */
  get touched(): boolean {
    return this.interacted;
  }

  /**
   * Take a later decision: it replaces what is in view, unless the user has begun to deal with that. Then what is in
   * view stays, and a better fix is offered by a button.
   */
  update(decision: Decision): void {
    const kept = this.ranked ? decision.ranked.findIndex(other => isSame(other, this.ranked)) : -1;
    if (kept === 0 || (kept > 0 && this.interacted)) {
      this.index = kept;
      this.decision = decision;
      this.better = kept > 0 ? decision : null;
      this.label();
    } else if (!this.interacted) {
      this.decision = decision;
      this.show(0);
    } else {
      if (decision.shown) this.better = decision;
      this.decision = { ...this.decision, pending: decision.pending };
      this.label();
    }
    if (this.better) this.say('A better fix has come');
  }

  /** Do what the user can do with a key or a button; whether there was something to do. */
  do(action: Action): boolean {
    const choice = this.choice;
    switch (action) {
      case 'reject':
        this.options.onReject(choice);
        return true;
      case 'next':
        return this.turn(1);
      case 'previous':
        return this.turn(-1);
      default:
        return choice !== null && this.take(choice, action === 'accept and run');
    }
  }

  /** Tell screen readers what has come; to be called when the card has been inserted. */
  announce(): void {
    requestAnimationFrame(() => {
      this.say(this.element.getAttribute('aria-label') ?? '');
    });
  }

  /** Move the keyboard's focus to the first button. */
  focus(): void {
    this.actions.querySelector('button')?.focus({ preventScroll: true });
  }

  destroy(): void {
    this.diff?.destroy();
    this.element.remove();
  }

  private get ranked(): Ranked | null {
    return this.decision.ranked[this.index] ?? null;
  }

  private take(choice: Choice, run: boolean): boolean {
    const first = choice.ranked.candidate.run_first;
    if (first) this.options.onRunFirst?.(first, choice);
    else if (hasEdits(choice.ranked)) this.options.onAccept(choice, run && this.runnable);
    else return false;
    return true;
  }

  private turn(by: number): boolean {
    const count = this.decision.ranked.length;
    if (count < 2) return false;
    this.interacted = true;
    this.show((this.index + by + count) % count);
    this.say(`${this.index + 1} of ${count}: ${plain(this.ranked?.candidate.reason ?? '')}`);
    return true;
  }

  private takeBetter(): void {
    if (!this.better) return;
    this.decision = this.better;
    this.show(0);
    this.focus();
  }

  private show(index: number): void {
    this.element.style.minHeight = `${this.element.offsetHeight}px`;
    this.index = index;
    this.edited = false;
    this.better = null;
    this.showDiff();
    this.label();
    const choice = this.choice;
    if (choice) this.options.onShow?.(choice);
  }

  private showDiff(): void {
    const ranked = this.ranked;
    this.diffPlace.hidden = !ranked || !hasEdits(ranked);
    if (!ranked || this.diffPlace.hidden) return;
    const source = ranked.candidate.patch.source;
    const content: DiffContent = {
      before: this.decision.sources[source] ?? '',
      after: ranked.text,
      extensions: this.options.extensions?.(source) ?? [],
    };
    if (this.diff) this.diff.show(content);
    else
      this.diff = new Diff(this.diffPlace, content, () => {
        this.onEdit();
      });
  }

  private onEdit(): void {
    this.edited = this.diff?.text !== this.ranked?.text;
    this.interacted = true;
    this.label();
  }

  /** Write all but the diff. */
  private label(): void {
    const ranked = this.ranked;
    const reason = capitalized(ranked?.candidate.reason ?? this.decision.reason);
    this.reason.replaceChildren(...marked(reason));
    this.element.setAttribute('aria-label', `Suggested fix: ${plain(reason)}`);
    this.labelBadge(ranked);
    const lines = ranked ? remarks(ranked) : [];
    if (ranked && !this.decision.shown) lines.unshift(capitalized(this.decision.reason));
    fill(
      this.remarks,
      lines.map(line => element('li', '', ...marked(line))),
    );
    this.labelActions(ranked);
    this.labelPages();
    this.labelLater();
    this.about.textContent = this.aboutText(ranked);
  }

  private labelBadge(ranked: Ranked | null): void {
    const found = this.edited ? CHANGED : ranked && hasEdits(ranked) ? badge(ranked) : null;
    this.badge.hidden = !found;
    this.element.dataset.tone = found?.tone ?? 'unknown';
    this.badge.textContent = found?.text ?? '';
    this.badge.title = found?.title ?? '';
  }

  private labelActions(ranked: Ranked | null): void {
    const first = ranked?.candidate.run_first;
    const made: HTMLButtonElement[] = [];
    if (first && this.options.onRunFirst) {
      made.push(
        this.act(
          'accept and run',
          `Run ${first.includes('`') ? 'that cell' : first} first`,
          'Run it, and then this one again',
          true,
        ),
      );
    } else if (ranked && hasEdits(ranked)) {
      if (this.runnable)
        made.push(this.act('accept and run', 'Accept & Run', 'Take the fix and run it', true));
      made.push(this.act('accept', 'Accept', 'Take the fix', !this.runnable));
    }
    made.push(
      this.act('reject', made.length ? 'Reject' : 'Dismiss', 'Close; it is not offered again', false),
    );
    fill(this.actions, made);
  }

  private labelPages(): void {
    const count = this.decision.ranked.length;
    if (count < 2) {
      fill(this.pages, []);
      return;
    }
    const number = element('span', '', `${this.index + 1} of ${count}`);
    fill(this.pages, [
      this.page('previous', '‹', 'Previous fix'),
      number,
      this.page('next', '›', 'Next fix'),
    ]);
  }

  private labelLater(): void {
    if (this.better) {
      const offer = button('bf-link', 'A better fix has come', 'Show it in place of this one', () => {
        this.takeBetter();
      });
      fill(this.later, [offer]);
    } else {
      fill(this.later, this.decision.pending ? [element('span', 'bf-pending', 'asking a model')] : []);
    }
  }

  private act(action: Action, label: string, title: string, primary: boolean): HTMLButtonElement {
    const made = button(
      primary ? 'bf-button bf-primary' : 'bf-button',
      label,
      `${title} (${KEYS[action].shown})`,
      () => this.do(action),
    );
    made.setAttribute('aria-keyshortcuts', KEYS[action].aria);
    return made;
  }

  private page(action: Action, sign: string, title: string): HTMLButtonElement {
    const made = this.act(action, sign, title, false);
    made.className = 'bf-page';
    made.setAttribute('aria-label', title);
    return made;
  }

  private aboutText(ranked: Ranked | null): string {
    const source = ranked?.candidate.patch.source ?? this.options.failing;
    const parts = [
      source === this.options.failing ? '' : `in ${place(source)}`,
      ranked?.candidate.model ? `by ${ranked.candidate.model}` : '',
      duration(this.decision.seconds),
    ];
    return parts.filter(Boolean).join(' · ');
  }

  private get runnable(): boolean {
    return this.options.runnable ?? true;
  }

  private listen(): void {
    this.element.addEventListener('focusin', () => (this.interacted = true));
    this.element.addEventListener('pointerdown', () => (this.interacted = true));
    this.element.addEventListener(
      'keydown',
      event => {
        const action = actionOf(event);
        if (!action || !this.do(action)) return;
        event.preventDefault();
        event.stopPropagation();
      },
      { capture: true },
    );
  }

  private say(text: string): void {
    this.live.textContent = text;
  }
}

function hasEdits(ranked: Ranked): boolean {
  return ranked.candidate.patch.edits.length > 0;
}

function isSame(a: Ranked, b: Ranked | null): boolean {
  return (
    b !== null &&
    a.candidate.patch.source === b.candidate.patch.source &&
    a.text === b.text &&
    (hasEdits(a) || a.candidate.reason === b.candidate.reason)
  );
}
