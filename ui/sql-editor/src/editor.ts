/** The editor: CodeMirror with the statement at the cursor marked, and the token that failed underlined. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeFromList,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleComment } from '@codemirror/commands';
import { bracketMatching, indentOnInput, type LanguageSupport } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  StateEffect,
  StateField,
  type TransactionSpec,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';

import { functionsOf, language } from './dialects.js';
import type { Catalog, Kind, Span } from './documents.js';
import { editorLook } from './look.js';
import { changeBetween } from './text.js';

const setMarked = StateEffect.define<Span | null>();
const ours = Annotation.define<boolean>();
const inStatement = Decoration.line({ class: 'cm-statement' });

/** The lines of the statement that Run would run. */
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let found = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarked)) found = linesOf(transaction.state, effect.value);
    }
    return found;
  },
  provide: field => EditorView.decorations.from(field),
});

function linesOf(state: EditorState, span: Span | null): DecorationSet {
  if (!span) return Decoration.none;
  const lines = [];
  for (
    let at = state.doc.lineAt(Math.min(span.start, state.doc.length));
    ;
    at = state.doc.line(at.number + 1)
  ) {
    lines.push(inStatement.range(at.from));
    if (at.to >= span.end || at.number === state.doc.lines) break;
  }
  return Decoration.set(lines);
}

/** What the page does with what happens in the editor. */
export interface EditorEvents {
  /** The user changed the text. */
  readonly onChange: () => void;
  /** The user moved the cursor or selected something. */
  readonly onMove: () => void;
}

/** One editor for all tabs; each tab has a state of its own, with its own history. */
export class Editor {
  readonly element: HTMLElement;
  private readonly view: EditorView;
  private readonly language = new Compartment();

  constructor(private readonly events: EditorEvents) {
    this.view = new EditorView({ state: this.fresh('') });
    this.element = this.view.dom;
  }

  /** Return the state of a new tab. */
  fresh(code: string): EditorState {
    return EditorState.create({ doc: code, extensions: [this.language.of([]), this.extensions()] });
  }

  /** The state of the tab that is shown; setting it shows another. */
  get state(): EditorState {
    return this.view.state;
  }

  set state(state: EditorState) {
    this.view.setState(state);
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** The selected characters; where nothing is selected, the place of the cursor. */
  get selection(): Span {
    const { from, to } = this.view.state.selection.main;
    return { start: from, end: to };
  }

  /** Speak the language of an engine, and complete what its catalog has. */
  speak(kind: Kind, catalog: Catalog | null): void {
    this.view.dispatch({ effects: this.language.reconfigure(speech(kind, catalog)) });
  }

  /** Mark the statement that Run would run. */
  mark(span: Span | null): void {
    this.view.dispatch({ effects: setMarked.of(span) });
  }

  /** Change what is shown. */
  dispatch(change: TransactionSpec): void {
    this.view.dispatch(change);
  }

  /** Insert a text at the cursor. */
  insert(text: string): void {
    this.view.dispatch(this.view.state.replaceSelection(text), { scrollIntoView: true });
    this.focus();
  }

  focus(): void {
    this.view.focus();
  }

  private extensions(): Extension {
    return [
      editorLook(),
      marked,
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightSelectionMatches(),
      EditorState.allowMultipleSelections.of(true),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': 'SQL query',
        spellcheck: 'false',
        autocapitalize: 'off',
      }),
      placeholder('SELECT …'),
      keymap.of([
        { key: 'Mod-/', run: toggleComment },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...lintKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...defaultKeymap.filter(binding => binding.key !== 'Mod-Enter'),
        indentWithTab,
      ]),
      EditorView.updateListener.of(update => {
        if (update.docChanged && !update.transactions.some(t => t.annotation(ours))) this.events.onChange();
        if (update.docChanged || update.selectionSet) this.events.onMove();
      }),
    ];
  }
}

/** Return the change that underlines the characters that an error is about; null takes the line away. */
export function underlining(state: EditorState, span: Span | null, message = ''): TransactionSpec {
  const length = state.doc.length;
  const found = span
    ? [
        {
          from: Math.min(span.start, length),
          to: Math.min(span.end, length),
          severity: 'error' as const,
          message,
        },
      ]
    : [];
  return setDiagnostics(state, found);
}

/** Return the smallest change that puts a text in the place of a span; the user can take it back like their own. */
export function replacing(state: EditorState, span: Span, text: string): TransactionSpec {
  const { from, to, insert } = changeBetween(state.sliceDoc(span.start, span.end), text);
  return {
    changes: { from: span.start + from, to: span.start + to, insert },
    selection: { anchor: span.start + from + insert.length },
    annotations: ours.of(true),
    scrollIntoView: true,
    userEvent: 'input.fix',
  };
}

function speech(kind: Kind, catalog: Catalog | null): Extension {
  const support: LanguageSupport = language(kind, catalog);
  const functions = completeFromList(functionsOf(catalog));
  return [support, support.language.data.of({ autocomplete: functions })];
}
