/** What is offered for one failure: a card, where it stands, and how long. */

import { button, type Choice, element, FixCard, place, type Ranked } from '@bestfix/fix-card';
import type { Extension } from '@codemirror/state';
import type { CodeCell } from '@jupyterlab/cells';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import { Placed, PlacedCard } from './placed';
import type { Decided } from './protocol';
import { onTextChange } from './text';

/** What an offer is made of. */
export interface OfferParts {
  readonly decided: Decided;
  /** The cell that failed. */
  readonly failing: CodeCell;
  /** The cell that the best fix edits. */
  readonly edited: CodeCell;
  readonly extensions: (source: string) => Extension;
  /** What the user did, or that the cells have changed and the offer is void. */
  readonly on: {
    readonly accept: (choice: Choice, run: boolean) => void;
    readonly reject: (choice: Choice | null) => void;
    readonly runFirst: (label: string) => void;
    readonly show: (choice: Choice, revision: number) => void;
    readonly visit: () => void;
    readonly gone: (choice: Choice | null) => void;
  };
}

/** A card at the cell that is to be edited and, where that is another one, a pointer to it at the cell that failed. */
export class Offer implements IDisposable {
  private readonly placed: PlacedCard;
  private readonly pointer: Placed | null;
  private readonly watches = new DisposableSet();
  private readonly revisions = new WeakMap<Ranked, number>();
  private last: Decided;
  private disposed = false;

  constructor(private readonly parts: OfferParts) {
    const { decided, failing, edited, extensions, on } = parts;
    this.last = decided;
    this.count(decided);
    const card = new FixCard({
      decision: decided.decision,
      failing: failingSource(decided),
      extensions,
      onAccept: on.accept,
      onReject: on.reject,
      onRunFirst: on.runFirst,
      onShow: choice => {
        on.show(choice, this.revision(choice));
      },
    });
    this.placed = new PlacedCard(edited, card);
    this.pointer = edited === failing ? null : new Placed(failing, this.pointed());
    for (const cell of new Set([failing, edited])) {
      this.watches.add(
        onTextChange(cell.model.sharedModel, () => {
          this.leave();
        }),
      );
      cell.disposed.connect(this.leave, this);
    }
    failing.model.stateChanged.connect(this.onState, this);
  }

  /** The decision that it shows or could show. */
  get decided(): Decided {
    return this.last;
  }

  get card(): FixCard {
    return this.placed.card;
  }

  /** The cell that failed. */
  get failing(): CodeCell {
    return this.parts.failing;
  }

  /** The cell that the card stands at. */
  get edited(): CodeCell {
    return this.parts.edited;
  }

  get hasFocus(): boolean {
    return this.placed.hasFocus || (this.pointer?.hasFocus ?? false);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Return which of the decisions about the failure ranks a choice: the last one's card may show an earlier one. */
  revision(choice: Choice | null): number {
    return (choice && this.revisions.get(choice.ranked)) ?? this.last.revision ?? 0;
  }

  /** Take a later decision about the same failure. */
  update(decided: Decided): void {
    this.last = decided;
    this.count(decided);
    this.card.update(decided.decision);
  }

  /** Say that the offer is void. */
  leave(): void {
    if (!this.disposed) this.parts.on.gone(this.card.choice);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.watches.dispose();
    Signal.clearData(this);
    this.pointer?.dispose();
    this.placed.dispose();
  }

  /** A cell that runs again, or whose output is cleared, loses its number first. */
  private onState(_: unknown, change: { name: string; newValue?: unknown }): void {
    const { count } = this.last;
    if (change.name === 'executionCount' && count !== null && change.newValue !== count) this.leave();
  }

  private count({ decision, revision = 0 }: Decided): void {
    for (const ranked of decision.ranked) this.revisions.set(ranked, revision);
  }

  private pointed(): HTMLElement {
    const { decided, on } = this.parts;
    const source = decided.decision.ranked[0]?.candidate.patch.source ?? '';
    const show = button('bf-link', 'Show it', `Go to the fix in ${place(source)}`, on.visit);
    return element('div', 'bf-card bf-pointer', `The mistake is in ${place(source)}. `, show);
  }
}

/** Return the name that a decision gives the cell that failed: the one whose text is what ran. */
function failingSource({ decision, text, cell, cells }: Decided): string {
  const names = Object.keys(decision.sources).filter(name => decision.sources[name] === text);
  return names.find(name => cell !== null && cells[name] === cell) ?? names[0] ?? '';
}
