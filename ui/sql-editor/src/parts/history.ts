/** The statements that were run: searched, and opened again. */

import { duration, visible } from '@bestfix/fix-card';

import { askConsent, Dialog } from '../dialog.js';
import type { Connection, Past } from '../documents.js';
import { button, make } from '../dom.js';
import type { Service } from '../service.js';
import { counted } from '../text.js';

const PAUSE = 150;

/** Let the user look through the history; return the statement that they want to open. */
export async function showHistory(
  service: Service,
  connections: readonly Connection[],
): Promise<Past | null> {
  const dialog = new Dialog('History', 'drawer');
  const names = new Map(connections.map(connection => [connection.id, connection.name]));
  let chosen: Past | null = null;
  const list = new HistoryList(service, names, past => {
    chosen = past;
    dialog.close();
  });
  dialog.body.append(list.element);
  void list.search();
  await dialog.show();
  return chosen;
}

class HistoryList {
  readonly element: HTMLElement;
  private readonly field = make('input', {
    type: 'search',
    placeholder: 'Search in statements',
    'aria-label': 'Search in statements',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  private readonly list = make('ul', { class: 'history' });
  private readonly note = make('p', { class: 'note', role: 'status' });
  private readonly more: HTMLButtonElement;
  private timer = 0;
  private last = '';

  constructor(
    private readonly service: Service,
    private readonly names: ReadonlyMap<string, string>,
    private readonly onOpen: (past: Past) => void,
  ) {
    this.more = button({}, ['Show more'], () => void this.search(this.last));
    const clear = button({ class: 'link' }, ['Clear history'], () => void this.clear());
    this.element = make(
      'div',
      { class: 'column' },
      this.field,
      this.list,
      this.note,
      make('div', { class: 'row end' }, clear, this.more),
    );
    this.field.addEventListener('input', () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.search(), PAUSE);
    });
  }

  /** List what fits the search, from the newest on or from behind the statement `before`. */
  async search(before = ''): Promise<void> {
    const wanted = this.field.value;
    const found = await this.service.history(wanted, before);
    if (wanted !== this.field.value) return;
    const items = found.map(past => this.item(past));
    if (before) this.list.append(...items);
    else this.list.replaceChildren(...items);
    this.last = found.at(-1)?.id ?? '';
    this.more.hidden = found.length < 100;
    this.note.textContent = this.list.childElementCount
      ? ''
      : wanted
        ? 'No statement has that in it.'
        : 'Nothing has been run yet.';
  }

  private item(past: Past): HTMLLIElement {
    const outcome = past.error
      ? make('span', { class: 'bad' }, 'failed')
      : make('span', {}, past.rows === null ? 'done' : counted(past.rows, 'row'));
    const open = button(
      { class: 'past', title: 'Open in a new tab' },
      [
        make('code', {}, visible(past.code.trim().slice(0, 400).replace(/\s+/g, ' '))),
        make(
          'span',
          { class: 'past-facts' },
          make('time', { datetime: past.started }, new Date(past.started).toLocaleString()),
          make('span', {}, visible(this.names.get(past.connection) ?? 'forgotten connection')),
          outcome,
          make('span', {}, duration(past.seconds)),
          past.wrote && make('span', { class: 'wrote' }, 'wrote'),
        ),
      ],
      () => {
        this.onOpen(past);
      },
    );
    return make('li', {}, open);
  }

  private async clear(): Promise<void> {
    if (
      !(await askConsent(
        'Clear the history?',
        ['All your statements are forgotten; databases stay as they are.'],
        'Clear',
      ))
    )
      return;
    await this.service.forgetHistory();
    await this.search();
  }
}
