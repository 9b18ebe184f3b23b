/** The card for a statement that failed: fixes come as the service finds them, and are taken into the query. */

import { type Choice, FixCard, listed } from '@bestfix/fix-card';

import { askConsent } from './dialog.js';
import { language } from './dialects.js';
import type { Answer, Kind } from './documents.js';
import { make } from './dom.js';
import { highlighting } from './look.js';
import type { Service } from './service.js';
import { messageOf } from './text.js';

/** A statement that failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly connection: string;
  readonly kind: Kind;
  readonly name: string;
}

export interface FixEvents {
  /** The user takes a fix: its text, and whether it is to be run at once. */
  readonly onTake: (text: string, run: boolean) => void;
  /** The card goes, and the user may go on typing. */
  readonly onGone: () => void;
  /** There is nothing to show, and why. */
  readonly onNothing: (reason: string, answer: Answer) => void;
}

/** Looks for the fix of one failure, and shows it. */
export class Fixing {
  private readonly stop = new AbortController();
  private card: FixCard | null = null;
  private failure: string | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly service: Service,
    private readonly failed: Failure,
    private readonly events: FixEvents,
  ) {}

  /** Ask the service, and show what it answers until it has nothing better to come. */
  async start(): Promise<void> {
    const { code, message, connection, name } = this.failed;
    const asked = { language: 'sql', name, code, error: { message }, connection } as const;
    try {
      for await (const answer of this.service.fixes(asked, this.stop.signal)) this.take(answer);
    } catch (error) {
      if (!this.stop.signal.aborted)
        this.place.replaceChildren(make('p', { class: 'note' }, messageOf(error)));
    }
  }

  /** Show a decision that the policy held back, since the user wants to see it. */
  insist(answer: Answer): void {
    this.show(answer);
    this.card?.focus();
  }

  /** Take the card away; the user has gone on, or does not want it. */
  end(): void {
    this.stop.abort();
    this.card?.destroy();
    this.card = null;
  }

  focus(): void {
    this.card?.focus();
  }

  get shows(): boolean {
    return this.card !== null;
  }

  private take(answer: Answer): void {
    this.failure = answer.failure ?? this.failure;
    if (this.card) this.card.update(answer);
    else if (answer.shown) this.show(answer);
    else if (!answer.pending) this.events.onNothing(answer.reason, answer);
  }

  private show(answer: Answer): void {
    this.card = new FixCard({
      decision: answer,
      failing: this.failed.name,
      extensions: () => [highlighting(), language(this.failed.kind, null)],
      onAccept: (choice, run) => void this.accept(choice, run),
      onReject: choice => {
        this.service.tell(this.failure, 'dismissed', choice?.index ?? null);
        this.end();
        this.events.onGone();
      },
      onShow: choice => {
        this.service.tell(this.failure, 'shown', choice.index);
      },
    });
    this.place.replaceChildren(this.card.element);
  }

  private async accept({ index, ranked, text }: Choice, run: boolean): Promise<void> {
    const effects = ranked.added_effects ?? [];
    if (
      run &&
      effects.length &&
      !(await askConsent('Run this fix?', [`The fixed statement ${listed(effects)}.`], 'Run it'))
    )
      return;
    this.service.tell(this.failure, run ? 'accepted and run' : 'accepted', index);
    this.end();
    this.events.onTake(text, run);
  }
}
