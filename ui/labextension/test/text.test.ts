import { YCodeCell, YNotebook } from '@jupyter/ydoc';
import { expect, test, vi } from 'vitest';

import { onTextChange, replaceText } from '../src/text';

function shared(text: string): YCodeCell {
  const notebook = new YNotebook();
  return notebook.addCell({ cell_type: 'code', source: text }) as YCodeCell;
}

test.each([
  ['a\nb\nc', 'a\nB\nc'],
  ['a', 'a\nb'],
  ['a\nb', 'a'],
  ['', 'a\n'],
  ['a\n\n\nb', 'a\n\nb'],
  ['x\nx\nx', 'x\nx'],
  ['print("🙂")\ny', 'print("🙃")\ny'],
  ['for p in q\n  p', 'for p in q:\n  p'],
])('%j becomes %j, and one step brings it back', (before, after) => {
  const cell = shared(before);
  replaceText(cell, after);
  expect(cell.getSource()).toBe(after);
  cell.updateSource(0, 0, '# typed at once');
  cell.undo();
  cell.undo();
  expect(cell.getSource()).toBe(before);
});

test('every text becomes every other', () => {
  const parts = ['', 'a', 'b', '\n', 'a\n', '\na', 'a\nb', 'b\na', 'a\na\n', '\n\n'];
  for (const before of parts)
    for (const after of parts) {
      const cell = shared(before);
      replaceText(cell, after);
      expect(cell.getSource()).toBe(after);
    }
});

test('lines that stay are not touched', () => {
  const cell = shared('a\nb\nc');
  const update = vi.spyOn(cell, 'updateSource');
  replaceText(cell, 'a\nB\nc');
  expect(update).toHaveBeenCalledExactlyOnceWith(2, 3, 'B');
});

test('a change of the text is noticed, one of the output is not, until nobody looks', () => {
  const cell = shared('a');
  const act = vi.fn();
  const looking = onTextChange(cell, act);
  cell.setOutputs([{ output_type: 'stream', name: 'stdout', text: 'x' }]);
  expect(act).not.toHaveBeenCalled();
  cell.setSource('b');
  expect(act).toHaveBeenCalled();
  looking.dispose();
  act.mockClear();
  cell.setSource('c');
  expect(act).not.toHaveBeenCalled();
});
