/** The item in the status bar: whether failing cells are answered, and a press to change it. */

import { button } from '@bestfix/fix-card';
import { Widget } from '@lumino/widgets';

import type { Standing } from './standing';

export class StatusItem extends Widget {
  private readonly button: HTMLButtonElement;

  /** @param toggle answer failing cells unasked, or not. */
  constructor(toggle: () => void) {
    const made = button('bf-status', '', '', toggle);
    super({ node: made });
    this.button = made;
  }

  /** Say how things stand; without a state the item is away. */
  tell({ state, problems }: Standing, mayToggle: boolean): void {
    this.setHidden(!state);
    this.button.textContent = `bestfix: ${state}`;
    this.button.disabled = !mayToggle;
    this.button.dataset.state = problems.length ? 'problem' : state;
    const lines = [HELP[state] ?? '', mayToggle ? '' : 'Your administrator has locked this.', ...problems];
    this.button.title = lines.filter(Boolean).join('\n');
  }
}

const HELP: Readonly<Partial<Record<Standing['state'], string>>> = {
  on: 'Failing cells are answered. Press to answer on click alone.',
  'on click': 'Failing cells are answered on click. Press to answer them at once.',
  'asking a model': 'A language model is being asked for the cell that failed.',
};
