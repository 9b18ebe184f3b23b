/** The frame of the page: where its parts stand. */

import { button, icon, make } from './dom.js';

export interface Parts {
  readonly connection: HTMLElement;
  readonly run: HTMLElement;
  readonly theme: HTMLElement;
  readonly tables: HTMLElement;
  readonly tabs: HTMLElement;
  readonly editor: HTMLElement;
  readonly splitter: HTMLElement;
  readonly outcome: HTMLElement;
}

export interface FrameEvents {
  readonly onTables: () => void;
  readonly onHistory: () => void;
  readonly onHelp: () => void;
}

/** Return the page with its parts in their places. */
export function frame(parts: Parts, events: FrameEvents): HTMLElement {
  const sidebar = make('aside', { class: 'sidebar', 'aria-label': 'Tables of the database' }, parts.tables);
  return make('div', { class: 'app' }, header(parts, events), sidebar, main(parts));
}

function header(parts: Parts, events: FrameEvents): HTMLElement {
  const menu = { class: 'quiet', label: 'Tables', title: 'Show or hide the tables' };
  const past = { class: 'quiet', label: 'History', title: 'History (Alt+H)', keys: 'Alt+H' };
  const help = { class: 'quiet', label: 'Keyboard', title: 'Keyboard (F1)', keys: 'F1' };
  return make(
    'header',
    { class: 'top' },
    button(menu, [icon('menu')], events.onTables),
    make('h1', {}, 'bestfix'),
    parts.connection,
    parts.run,
    make(
      'div',
      { class: 'row end' },
      button(past, [icon('clock')], events.onHistory),
      parts.theme,
      button(help, [icon('help')], events.onHelp),
    ),
  );
}

function main(parts: Parts): HTMLElement {
  return make(
    'main',
    { class: 'main' },
    parts.tabs,
    make(
      'div',
      { class: 'workspace', id: 'workspace', role: 'tabpanel', 'aria-label': 'Query and result' },
      make('div', { class: 'editor-place' }, parts.editor),
      parts.splitter,
      parts.outcome,
    ),
  );
}
