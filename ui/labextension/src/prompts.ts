/** Failing cells that are answered on click: a line with a button between their input and output. */

import { button, element, fill } from '@bestfix/fix-card';
import type { CodeCell } from '@jupyterlab/cells';

import { Placed } from './placed';
import { onTextChange } from './text';

/** The prompts of one notebook, one a cell. */
export class Prompts {
  private readonly placed = new Map<CodeCell, Placed>();

  /** @param ask the user wants a fix for a cell. */
  constructor(private readonly ask: (cell: CodeCell) => void) {}

  /** Offer to look for a fix, until the cell's text changes. */
  add(cell: CodeCell): void {
    this.clear(cell);
    const suggest = button('bf-link', 'Suggest a fix', 'Ask bestfix what is wrong with this cell', () => {
      fill(line, [element('span', 'bf-pending', 'looking for a fix')]);
      this.ask(cell);
    });
    const line = element('div', 'bf-card bf-line', suggest);
    const made = new Placed(cell, line);
    const watching = onTextChange(cell.model.sharedModel, () => {
      this.clear(cell);
    });
    made.disposed.connect(() => {
      watching.dispose();
      this.placed.delete(cell);
    });
    this.placed.set(cell, made);
  }

  /** Take away the prompt of a cell, or all of them. */
  clear(cell?: CodeCell): void {
    const going = cell ? [this.placed.get(cell)] : [...this.placed.values()];
    for (const placed of going) placed?.dispose();
  }
}
