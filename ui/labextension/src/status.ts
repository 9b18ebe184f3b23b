/** The item in the status bar: whether failing cells are answered, and a press to change it. */

import { button } from '@bestfix/fix-card';
import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { Standing } from './standing';

export class StatusItem extends Widget {
  private readonly button: HTMLButtonElement;
  private readonly changes = new Signal<this, void>(this);
  private active = false;

  /** @param toggle answer failing cells unasked, or not. */
  constructor(toggle: () => void) {
    const made = button('bf-status', '', '', toggle);
    super({ node: made });
    this.button = made;
  }

  /** Whether there is something to say. */
  get isActive(): boolean {
    return this.active;
  }

  get activeChanged(): ISignal<this, void> {
    return this.changes;
  }

  /** Say how things stand. */
  tell({ state, problems }: Standing, isLocked: boolean): void {
    this.active = state !== '';
    this.button.textContent = `bestfix: ${state}`;
    this.button.disabled = isLocked || !(state in HELP);
    this.button.dataset.state = problems.length ? 'problem' : state;
    const lines = [HELP[state] ?? '', isLocked ? 'Your administrator has locked this.' : '', ...problems];
    this.button.title = lines.filter(Boolean).join('\n');
    this.changes.emit();
  }
}

const HELP: Readonly<Partial<Record<Standing['state'], string>>> = {
  on: 'Failing cells are answered. Press to answer on click alone.',
  'on click': 'Failing cells are answered on click. Press to answer them at once.',
  'asking a model': 'A language model is being asked for the cell that failed.',
};
