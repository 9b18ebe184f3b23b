/** Running cells for the user, and asking them first where that is due. */

import { listed } from '@bestfix/fix-card';
import type { ISharedText } from '@jupyter/ydoc';
import { Dialog, type ISessionContextDialogs, showDialog } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

import { ended } from './ending';
import { onTextChange } from './text';

/** Run cells one after the other, as the user would; stop at the first that fails. */
export async function runCells(
  { content: notebook, sessionContext }: NotebookPanel,
  cells: readonly CodeCell[],
  dialogs: ISessionContextDialogs | undefined,
): Promise<void> {
  await ended(sessionContext.session?.kernel);
  for (const cell of cells) {
    const index = notebook.widgets.indexOf(cell);
    if (index < 0) return;
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    if (!(await NotebookActions.run(notebook, sessionContext, dialogs))) return;
  }
}

/** Ask whether a fix is to be run that does more than compute; what does not is not asked about. */
export async function mayRun(effects: readonly string[]): Promise<boolean> {
  if (!effects.length) return true;
  const { button } = await showDialog({
    title: 'Run this fix?',
    body: `Unlike your cell, it ${listed(effects)}.`,
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Accept & Run' })],
    defaultButton: 0,
  });
  return button.accept;
}

/** Tell once what becomes of an accepted fix: the user takes it back out, or changes it. */
export function watch(
  shared: ISharedText,
  before: string,
  tell: (what: 'undone' | 'edited after') => void,
): IDisposable {
  const watching = onTextChange(shared, () => {
    watching.dispose();
    tell(shared.getSource() === before ? 'undone' : 'edited after');
  });
  return watching;
}
