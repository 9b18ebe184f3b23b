/** Changing the text of a cell, and noticing that it has changed. */

import type { ISharedText, SourceChange, YCodeCell } from '@jupyter/ydoc';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

/** Call `act` whenever the text of a cell changes, by whom ever, until the answer is disposed. */
export function onTextChange(shared: ISharedText, act: () => void): IDisposable {
  const slot = (_: ISharedText, change: SourceChange): void => {
    if (change.sourceChange) act();
  };
  shared.changed.connect(slot);
  return new DisposableDelegate(() => {
    shared.changed.disconnect(slot);
  });
}

/** Replace a text by another as an undo step of its own, touching only the lines that differ: cursors in others stay. */
export function replaceText(shared: ISharedText, text: string): void {
  const before = shared.getSource();
  if (before === text) return;
  const start = sameLines(before, text);
  const end = sameEnd(before.slice(start), text.slice(start));
  const { undoManager } = shared as Partial<YCodeCell>;
  undoManager?.stopCapturing();
  shared.updateSource(start, before.length - end, text.slice(start, text.length - end));
  undoManager?.stopCapturing();
}

/** Return the length of the whole lines that two texts begin with. */
function sameLines(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a.slice(0, at).lastIndexOf('\n') + 1;
}

/** Return the length of the whole lines that two texts end with, the break before them included. */
function sameEnd(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  const at = a.indexOf('\n', a.length - length);
  return at < 0 ? 0 : a.length - at;
}
