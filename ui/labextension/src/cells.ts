/** The cells of a notebook: as the kernel is told of them, and as they are found again. */

import { CodeCell } from '@jupyterlab/cells';
import { type Notebook, NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

import type { CellsChanged, CellText } from './protocol';

const REMEMBERED = 50;
const NAME_LENGTH = 40;

/** Return the code cells of a notebook, in order. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.widgets.filter(cell => cell instanceof CodeCell);
}

/** Return how a user knows a cell: by the number at its side, or by its first line. */
export function label(cell: CodeCell): string {
  const { executionCount, sharedModel } = cell.model;
  if (executionCount !== null) return `cell ${executionCount}`;
  const [first = ''] = sharedModel.getSource().trimStart().split('\n', 1);
  const name = first.length > NAME_LENGTH ? `${first.slice(0, NAME_LENGTH)}…` : first;
  return `the cell \`${name.replaceAll('`', "'")}\``;
}

/** Knows what the kernel has been told of the cells, and which were scheduled to run last. */
export class Cells implements IDisposable {
  private told = new Map<string, CellText>();
  private order = '';
  private scheduled: string[] = [];
  private disposed = false;

  constructor(private readonly notebook: Notebook) {
    NotebookActions.executionScheduled.connect(this.onScheduled, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Return everything, for a kernel that knows nothing. */
  all(): CellsChanged {
    this.told.clear();
    this.order = '';
    return this.news() ?? { order: [], changed: {} };
  }

  /** Return what the kernel does not know yet; `null` for nothing. */
  news(): CellsChanged | null {
    const cells = codeCells(this.notebook);
    const order = cells.map(cell => cell.model.id);
    const changed: Record<string, CellText> = {};
    for (const cell of cells) {
      const now = { text: cell.model.sharedModel.getSource(), label: label(cell) };
      const before = this.told.get(cell.model.id);
      if (before?.text === now.text && before.label === now.label) continue;
      changed[cell.model.id] = now;
      this.told.set(cell.model.id, now);
    }
    const moved = order.join() !== this.order;
    this.order = order.join();
    return moved || Object.keys(changed).length ? { order, changed } : null;
  }

  /** Return the cell with an id. */
  byId(id: string | null | undefined): CodeCell | null {
    return codeCells(this.notebook).find(cell => cell.model.id === id) ?? null;
  }

  /**
   * Return the cell that holds a text: the one with the id, or, for one that was run without an id, that which was
   * scheduled last.
   */
  holding(text: string | undefined, id: string | null | undefined): CodeCell | null {
    const holds = codeCells(this.notebook).filter(cell => cell.model.sharedModel.getSource() === text);
    if (id) return holds.find(cell => cell.model.id === id) ?? null;
    const rank = (cell: CodeCell): number => this.scheduled.lastIndexOf(cell.model.id);
    return holds.sort((a, b) => rank(b) - rank(a))[0] ?? null;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    NotebookActions.executionScheduled.disconnect(this.onScheduled, this);
  }

  private onScheduled(
    _: unknown,
    { notebook, cell }: { notebook: Notebook; cell: { model: { id: string } } },
  ): void {
    if (notebook !== this.notebook) return;
    this.scheduled = [...this.scheduled.slice(1 - REMEMBERED), cell.model.id];
  }
}
