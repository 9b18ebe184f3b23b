/** The commands: one for each thing that can be done with a card, for palette and shortcuts. */

import type { Action } from '@bestfix/fix-card';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { CodeCell } from '@jupyterlab/cells';

import type { Fixes } from './fixes';

const CATEGORY = 'bestfix';

const ACTIONS: Readonly<Record<string, { readonly label: string; readonly action: Action }>> = {
  'bestfix:accept': { label: 'Accept the Fix', action: 'accept' },
  'bestfix:accept-and-run': { label: 'Accept the Fix and Run It', action: 'accept and run' },
  'bestfix:reject': { label: 'Reject the Fix', action: 'reject' },
  'bestfix:next': { label: 'Show the Next Fix', action: 'next' },
  'bestfix:previous': { label: 'Show the Previous Fix', action: 'previous' },
};

/** What the commands work on. */
export interface Target {
  /** The fixes of the notebook in front; `null` without one. */
  readonly fixes: () => Fixes | null;
  readonly isAutomatic: () => boolean;
  readonly mayToggle: () => boolean;
  readonly toggle: () => void;
}

/** Register the commands, and list them in the palette; return a function that tells that their state has changed. */
export function addCommands(
  { commands }: JupyterFrontEnd,
  palette: ICommandPalette | null,
  target: Target,
): () => void {
  for (const [id, { label, action }] of Object.entries(ACTIONS))
    commands.addCommand(id, {
      label,
      isEnabled: () => Boolean(target.fixes()?.current),
      execute: () => target.fixes()?.current?.card.do(action),
    });
  commands.addCommand('bestfix:ask', {
    label: 'Fix This Cell',
    caption: 'Show the fix for the cell that failed, even where it is not sure',
    isEnabled: () => target.fixes()?.activeCell instanceof CodeCell,
    execute: () => {
      const cell = target.fixes()?.activeCell;
      if (cell instanceof CodeCell) target.fixes()?.ask(cell);
    },
  });
  commands.addCommand('bestfix:toggle', {
    label: 'Answer Failing Cells Automatically',
    isToggled: target.isAutomatic,
    isEnabled: target.mayToggle,
    execute: target.toggle,
  });
  const ids = [...Object.keys(ACTIONS), 'bestfix:ask', 'bestfix:toggle'];
  for (const command of ids) palette?.addItem({ command, category: CATEGORY });
  return () => {
    for (const id of ids) commands.notifyCommandChanged(id);
  };
}
