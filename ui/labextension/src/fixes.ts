/** The fixes of one notebook: what the kernel decides becomes cards, and what the user does with them is carried out. */

import type { Choice } from '@bestfix/fix-card';
import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import type { Cell, CodeCell } from '@jupyterlab/cells';
import { NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { Cells } from './cells';
import { Link, type LinkState } from './link';
import type { Look } from './look';
import { Offer } from './offer';
import type { Preferences } from './preferences';
import { Prompts } from './prompts';
import {
  type Decided,
  type FailedRun,
  type FixEvent,
  type FromKernel,
  type Hello,
  PROTOCOL,
} from './protocol';
import { mayRun, runCells, watch } from './running';
import type { Events } from './server';
import { replaceText } from './text';

/** What all notebooks of the page share. */
export interface Shared {
  readonly preferences: Preferences;
  readonly look: Look;
  readonly events: Events;
  /** The version of bestfix on the server; empty where there is none. */
  readonly version: string;
  readonly dialogs: ISessionContextDialogs | undefined;
  /** Show a line that passes. */
  readonly tell: (line: string) => void;
}

export class Fixes implements IDisposable {
  readonly link: Link;
  private readonly cells: Cells;
  private readonly notebook: Notebook;
  private readonly changes = new Signal<this, undefined>(this);
  private readonly dismissed = new Set<string>();
  private readonly offers = new Map<string, Offer>();
  private readonly prompts = new Prompts(cell => {
    this.ask(cell);
  });
  private watching: IDisposable | null = null;
  private greeting: Hello | null = null;
  private awaited = false;
  private told = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly shared: Shared,
  ) {
    this.notebook = panel.content;
    this.cells = new Cells(this.notebook);
    this.link = new Link(panel.sessionContext, () => ({
      protocol: PROTOCOL,
      version: shared.version,
      settings: shared.preferences.wishes,
      cells: this.cells.all() as unknown as JSONObject,
    }));
    this.link.received.connect(this.onMessage, this);
    this.link.stateChanged.connect(this.onLink, this);
    shared.preferences.changed.connect(this.onPreferences, this);
    NotebookActions.executionScheduled.connect(this.onScheduled, this);
    panel.disposed.connect(this.dispose, this);
  }

  /** Something has changed that `hello`, `asking`, `current` or the link's state tell. */
  get changed(): ISignal<this, undefined> {
    return this.changes;
  }

  /** What the kernel said of itself; `null` while it has not. */
  get hello(): Hello | null {
    return this.greeting;
  }

  /** Whether a language model is being asked. */
  get asking(): boolean {
    return this.awaited;
  }

  /** The offer at the cell that the user is in, or else the latest. */
  get current(): Offer | null {
    const offers = [...this.offers.values()].reverse();
    const active = this.notebook.activeCell;
    return offers.find(offer => offer.edited === active || offer.failing === active) ?? offers[0] ?? null;
  }

  /** The cell that the user is in. */
  get activeCell(): Cell | null {
    return this.notebook.activeCell;
  }

  get isDisposed(): boolean {
    return this.link.isDisposed;
  }

  /** Show what there is for a cell that failed, sure or not. */
  ask(cell: CodeCell): void {
    const offer = [...this.offers.values()].find(one => one.failing === cell);
    if (offer) this.visit(offer);
    else if (this.link.state !== 'attached') this.shared.tell('bestfix does not work in this kernel.');
    else this.link.send({ type: 'ask', cell: cell.model.id, text: cell.model.sharedModel.getSource() });
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.watching?.dispose();
    this.prompts.clear();
    for (const offer of this.offers.values()) offer.dispose();
    this.cells.dispose();
    this.link.dispose();
    Signal.clearData(this);
  }

  private onMessage(_: Link, message: FromKernel): void {
    switch (message.type) {
      case 'hello':
        this.greeting = message;
        this.changes.emit(undefined);
        break;
      case 'decision':
        this.onDecided(message);
        break;
      case 'failed':
        this.onFailed(message);
        break;
      case 'nothing':
        this.prompts.clear();
        this.shared.tell(`bestfix: ${message.reason}`);
        break;
      case 'written':
        this.shared.tell(`bestfix: ${message.problem || `wrote ${message.place}; import it anew to use it`}`);
    }
  }

  private onDecided(decided: Decided): void {
    this.awaited = decided.decision.pending;
    this.changes.emit(undefined);
    const offer = this.offers.get(decided.failure);
    if (offer) offer.update(decided);
    else if (decided.asked || (decided.decision.shown && !this.dismissed.has(failureKey(decided))))
      this.offer(decided);
  }

  /** Place a card again whose cell was moved, which JupyterLab does by making it anew; a cell that was deleted has none. */
  private follow(offer: Offer, choice: Choice | null): void {
    const { decided } = offer;
    if (this.isDisposed) return;
    this.offer(decided);
    if (this.offers.has(decided.failure)) return;
    this.report(decided.failure, 'ignored', choice?.index ?? null, offer.revision(choice));
  }

  private offer(decided: Decided): void {
    const failing = this.cells.holding(decided.text, decided.cell);
    if (!failing || isRunAgain(failing, decided)) return;
    this.clear(failing);
    const edited = this.cellOf(decided, decided.decision.ranked[0]?.candidate.patch.source) ?? failing;
    const offer: Offer = new Offer({
      decided,
      failing,
      edited,
      extensions: name => this.shared.look.of(decided.decision.sources[name] ?? ''),
      on: {
        accept: (choice, run) => void this.accept(offer, choice, run),
        reject: choice => {
          this.dismissed.add(failureKey(decided));
          this.end(offer, 'dismissed', choice);
        },
        runFirst: label => void this.runFirst(offer, label),
        show: ({ index }, revision) => {
          this.report(decided.failure, 'shown', index, revision);
        },
        visit: () => {
          this.visit(offer);
        },
        gone: choice => {
          if (failing.isDisposed || edited.isDisposed) {
            this.end(offer, null, choice);
            setTimeout(() => {
              this.follow(offer, choice);
            });
            return;
          }
          const taken = choice?.text === edited.model.sharedModel.getSource(); // by somebody else
          this.end(offer, taken ? null : 'ignored', choice);
        },
      },
    });
    this.offers.set(decided.failure, offer);
    this.changes.emit(undefined);
  }

  /** A cell has failed that is answered on click alone. */
  private onFailed(run: FailedRun): void {
    const cell = this.cells.holding(run.text, run.cell);
    if (!cell || isRunAgain(cell, run) || this.dismissed.has(failureKey(run))) return;
    this.clear(cell);
    this.prompts.add(cell);
  }

  private async accept(offer: Offer, choice: Choice, run: boolean): Promise<void> {
    const { failure } = offer.decided;
    const revision = offer.revision(choice);
    const source = choice.ranked.candidate.patch.source;
    const cell = this.cellOf(offer.decided, source);
    if (!cell && source.startsWith('<')) {
      this.shared.tell('bestfix: the cell that the fix is for has changed since it ran.');
      return;
    }
    if (run && cell && !(await mayRun(choice.ranked.added_effects ?? []))) return;
    if (offer.isDisposed) return;
    this.end(offer, run && cell ? 'accepted and run' : 'accepted', choice);
    const what = { failure, revision, candidate: choice.index, text: choice.text };
    if (!cell) {
      this.link.send({ type: 'write', ...what });
      return;
    }
    this.put(cell, choice, aftermath => {
      this.report(failure, aftermath, choice.index, revision);
    });
    if (!run) return;
    this.link.send({ type: 'running', ...what });
    await this.run([cell, offer.failing]);
  }

  private put(
    { model }: CodeCell,
    { text }: Choice,
    tell: (aftermath: 'undone' | 'edited after') => void,
  ): void {
    const before = model.sharedModel.getSource();
    this.watching?.dispose();
    replaceText(model.sharedModel, text);
    this.watching = watch(model.sharedModel, before, tell);
  }

  private async runFirst(offer: Offer, label: string): Promise<void> {
    const first = this.cells.byId(offer.decided.cells[label]);
    if (!first) {
      this.shared.tell('bestfix: the cell to be run first is not in this notebook any more.');
      return;
    }
    this.end(offer, 'accepted and run', offer.card.choice);
    await this.run([first, offer.failing]);
  }

  private async run(cells: readonly CodeCell[]): Promise<void> {
    await runCells(this.panel, [...new Set(cells)], this.shared.dialogs);
  }

  private visit(offer: Offer): void {
    void this.notebook.scrollToItem(this.notebook.widgets.indexOf(offer.edited)).then(() => {
      offer.card.focus();
    });
  }

  /** Return the cell that a source of a decision is, if it still holds that text. */
  private cellOf({ decision, cells, text, cell }: Decided, source = ''): CodeCell | null {
    const before = decision.sources[source];
    return this.cells.holding(before, cells[source] ?? (before === text ? cell : null));
  }

  private onLink(_: Link, state: LinkState): void {
    if (state !== 'attached') {
      this.greeting = null;
      this.awaited = false;
    }
    this.changes.emit(undefined);
  }

  private onPreferences(): void {
    this.link.send({ type: 'settings', settings: this.shared.preferences.wishes });
  }

  /** Tell the kernel of changed cells before one is run; once for all those that are scheduled together. */
  private onScheduled(_: unknown, { notebook, cell }: { notebook: Notebook; cell: Cell }): void {
    if (notebook !== this.notebook) return;
    this.clear(cell);
    if (this.told || this.link.state !== 'attached') return;
    this.told = true;
    setTimeout(() => (this.told = false));
    const news = this.cells.news();
    if (news) this.link.send({ type: 'cells', ...news });
  }

  private report(failure: string, action: FixEvent['action'], candidate: number | null, revision = 0): void {
    this.shared.events.post({ failure, revision, action, candidate }, event => {
      this.link.send({ type: 'action', ...event });
    });
  }

  /** Take away what stands at a cell that failed. */
  private clear(cell: Cell): void {
    for (const offer of [...this.offers.values()]) if (offer.failing === cell) offer.leave();
    this.prompts.clear(cell as CodeCell);
  }

  private end(offer: Offer, action: FixEvent['action'] | null, choice: Choice | null): void {
    const { failure } = offer.decided;
    if (action) this.report(failure, action, choice?.index ?? null, offer.revision(choice));
    const focused = offer.hasFocus;
    this.offers.delete(offer.decided.failure);
    offer.dispose();
    if (focused) this.notebook.activate();
    this.changes.emit(undefined);
  }
}

/** What makes two failures the same for one who has dismissed the fix: the text and the error. */
function failureKey({ text, error = '' }: FailedRun): string {
  return `${error}\n${text}`;
}

/** Whether a cell has been run again since it failed. */
function isRunAgain(cell: CodeCell, { count }: FailedRun): boolean {
  const now = cell.model.executionCount;
  return now !== null && count !== null && now > count;
}
