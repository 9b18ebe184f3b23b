/** The sheet of what the keyboard does. */

import { Dialog } from '../dialog.js';
import { make } from '../dom.js';

const SHORTCUTS: readonly (readonly [
  title: string,
  keys: readonly (readonly [keys: string, does: string])[],
])[] = [
  [
    'Query',
    [
      ['Ctrl Enter', 'Run what is selected, or the statement at the cursor'],
      ['Ctrl .', 'Stop it'],
      ['Ctrl Space', 'Complete'],
      ['Ctrl /', 'Comment lines in and out'],
      ['Ctrl F', 'Find and replace'],
      ['F8', 'Go to the error'],
      ['Esc, then Tab', 'Leave the editor'],
    ],
  ],
  [
    'Fix',
    [
      ['Alt F', 'Go to the fix'],
      ['Ctrl Enter', 'Accept it and run (in the fix)'],
      ['Alt Enter', 'Accept it (in the fix)'],
      ['Alt ↓, Alt ↑', 'Next and previous fix (in the fix)'],
      ['Esc', 'Reject it (in the fix)'],
    ],
  ],
  [
    'Page',
    [
      ['Alt N, Alt W', 'New query, close query'],
      ['Alt 1 … Alt 9', 'Go to a query'],
      ['F6', 'Go from editor to result to tables'],
      ['Alt C', 'Filter tables'],
      ['Alt H', 'History'],
      ['F1', 'This sheet'],
    ],
  ],
  [
    'Result',
    [
      ['Arrows, Page, Home, End', 'Walk; with Ctrl to the edge, with Shift select'],
      ['Ctrl C', 'Copy what is selected'],
      ['Enter', 'Read the value in full'],
    ],
  ],
];

export async function showShortcuts(): Promise<void> {
  const dialog = new Dialog('Keyboard', 'wide');
  dialog.body.tabIndex = 0;
  const isMac = navigator.userAgent.includes('Mac');
  for (const [title, keys] of SHORTCUTS) {
    const lines = keys.flatMap(([key, does]) => [
      make('dt', {}, make('kbd', {}, isMac ? key.replaceAll('Ctrl', '⌘').replaceAll('Alt', '⌥') : key)),
      make('dd', {}, does),
    ]);
    dialog.body.append(make('h3', {}, title), make('dl', { class: 'keys' }, ...lines));
  }
  await dialog.show();
}
