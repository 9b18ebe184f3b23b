/** The fixed text as an editor that shows what was changed. */

import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap } from '@codemirror/view';

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { maxHeight: 'var(--bf-diff-height)', overflow: 'auto', lineHeight: 'inherit' },
  '.cm-content': { padding: '0', fontFamily: 'inherit' },
  '.cm-line, .cm-deletedLine': { padding: '0 12px 0 28px', position: 'relative' },
  '.cm-deletedChunk': { padding: '0', backgroundColor: 'var(--bf-removed)' },
  '.cm-deletedLine': { whiteSpace: 'pre' },
  '.cm-changedLine': { backgroundColor: 'var(--bf-added) !important' },
  '.cm-changedLine::before, .cm-deletedLine::before': {
    position: 'absolute',
    left: '11px',
    userSelect: 'none',
  },
  '.cm-changedLine::before': { content: '"+"', color: 'var(--bf-added-mark)' },
  '.cm-deletedLine::before': { content: '"−"', color: 'var(--bf-removed-mark)' },
  '&.cm-merge-b .cm-changedText, .cm-deletedChunk .cm-deletedText': { background: 'none' },
  '&.cm-merge-b .cm-changedText': { backgroundColor: 'var(--bf-added-text)', borderRadius: '2px' },
  '.cm-deletedChunk .cm-deletedText': { backgroundColor: 'var(--bf-removed-text)', borderRadius: '2px' },
  '.cm-collapsedLines': {
    padding: '1px 12px 1px 28px',
    color: 'var(--bf-quiet)',
    background: 'none',
    fontFamily: 'var(--bf-font)',
    fontSize: '0.9em',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
});

/** What a diff shows, and how. */
export interface DiffContent {
  readonly before: string;
  readonly after: string;
  /** Highlighting, theme, indentation: what the page gives its own editors. */
  readonly extensions: Extension;
}

/** An editor with the fixed text, in which the lines that a fix takes out stand above those that it puts in. */
export class Diff {
  private readonly view: EditorView;

  constructor(
    parent: HTMLElement,
    content: DiffContent,
    private readonly onEdit: () => void,
  ) {
    this.view = new EditorView({ parent, state: this.state(content) });
  }

  /** The text as it stands, with what the user changed. */
  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Show another fix in the same place. */
  show(content: DiffContent): void {
    this.view.setState(this.state(content));
  }

  destroy(): void {
    this.view.destroy();
  }

  private state({ before, after, extensions }: DiffContent): EditorState {
    return EditorState.create({
      doc: after,
      extensions: [
        look,
        extensions,
        history(),
        highlightSpecialChars(),
        keymap.of([...historyKeymap, ...standardKeymap]),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: false,
          allowInlineDiffs: false,
          collapseUnchanged: { margin: 2, minSize: 4 },
        }),
        EditorView.contentAttributes.of({
          'aria-label': 'Fixed code, which you can change before accepting it',
        }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) this.onEdit();
        }),
      ],
    });
  }
}
