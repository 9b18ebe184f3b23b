/** The tree of what a database holds: tables, and their columns under them. */

import { visible } from '@bestfix/fix-card';

import { quoted, tableName } from '../dialects.js';
import type { Catalog, Kind, Table } from '../documents.js';
import { button, icon, make } from '../dom.js';
import { counted } from '../text.js';

const MOST = 2000;

/** What the page does with what the user picks. */
export interface CatalogEvents {
  /** Put a name into the query. */
  readonly onInsert: (text: string) => void;
  /** Show the first rows of a table. */
  readonly onPreview: (table: string) => void;
  readonly onRefresh: () => void;
}

/** A filter and a tree. The tree is one stop of the Tab key; arrows walk in it, Enter inserts, Space previews. */
export class CatalogTree {
  readonly element: HTMLElement;
  private readonly filter = make('input', {
    type: 'search',
    class: 'filter',
    placeholder: 'Filter tables and columns',
    'aria-label': 'Filter tables and columns',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  private readonly tree = make('ul', { class: 'tree', role: 'tree', 'aria-label': 'Tables' });
  private readonly note = make('p', { class: 'tree-note', role: 'status' });
  private readonly open = new Set<string>();
  private catalog: Catalog | null = null;
  private kind: Kind = 'duckdb';

  constructor(private readonly events: CatalogEvents) {
    const refresh = button({ class: 'quiet', label: 'Read the catalog again' }, [icon('refresh')], () => {
      this.events.onRefresh();
    });
    this.element = make(
      'div',
      { class: 'catalog' },
      make('div', { class: 'row' }, this.filter, refresh),
      this.tree,
      this.note,
    );
    this.filter.addEventListener('input', () => {
      this.draw();
    });
    this.filter.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') this.step(event, this.items()[0]);
    });
    this.tree.addEventListener('keydown', event => {
      this.onKey(event);
    });
    this.tree.addEventListener('click', event => {
      this.onClick(event);
    });
    this.tree.addEventListener('dblclick', event => {
      const item = itemOf(event.target);
      if (item) this.insert(item);
    });
  }

  /** Show a catalog; null while there is none, with the reason. */
  show(catalog: Catalog | null, kind: Kind, note = ''): void {
    this.catalog = catalog;
    this.kind = kind;
    this.draw(note);
  }

  focus(): void {
    this.filter.focus();
    this.filter.select();
  }

  private draw(note = ''): void {
    const wanted = this.filter.value.trim().toLowerCase();
    const tables = (this.catalog?.tables ?? []).filter(table => matches(table, wanted));
    this.tree.replaceChildren(...tables.slice(0, MOST).map(table => this.table(table, wanted)));
    this.tree.hidden = tables.length === 0;
    const first = this.items()[0];
    if (first) first.tabIndex = 0;
    this.note.textContent = note || this.remark(tables.length, wanted);
  }

  private remark(count: number, wanted: string): string {
    if (!this.catalog) return '';
    if (count > MOST)
      return `The first ${counted(MOST, 'table')} of ${count.toLocaleString('en')}; filter for others.`;
    if (count) return '';
    return wanted ? 'No table or column is called so.' : 'This database has no tables yet.';
  }

  private table(table: Table, wanted: string): HTMLLIElement {
    const name = tableName(table, this.kind);
    const hit = wanted !== '' && !table.name.toLowerCase().includes(wanted);
    const expanded = this.open.has(name) || hit;
    const preview = make('span', { class: 'preview', title: 'Show its first rows (Space)' }, icon('rows'));
    const item = make(
      'li',
      {
        role: 'treeitem',
        tabindex: -1,
        'aria-expanded': expanded ? 'true' : 'false',
        'aria-label': table.name,
      },
      make(
        'div',
        { class: 'node' },
        icon('chevron'),
        icon(table.view ? 'view' : 'table'),
        make('span', { class: 'name', title: visible(name) }, visible(name)),
        preview,
      ),
    );
    item.dataset.insert = name;
    item.dataset.table = name;
    if (expanded) item.append(this.columns(table, hit ? wanted : ''));
    return item;
  }

  private columns(table: Table, wanted: string): HTMLUListElement {
    const refers = new Map(table.foreign_keys.flatMap(key => key.columns.map(column => [column, key.table])));
    const found = table.columns.filter(column => column.name.toLowerCase().includes(wanted));
    return make(
      'ul',
      { role: 'group' },
      ...found.map(({ name, type }) => {
        const target = refers.get(name);
        const mark = table.primary_key.includes(name) ? icon('key') : target ? icon('link') : null;
        const title = target ? `refers to ${target}` : table.primary_key.includes(name) ? 'primary key' : '';
        const item = make(
          'li',
          { role: 'treeitem', tabindex: -1, 'aria-label': `${name}, ${type.toLowerCase()}` },
          make(
            'div',
            { class: 'node column', title: visible(title) },
            mark ?? make('span', { class: 'icon' }),
            make('span', { class: 'name' }, visible(name)),
            make('span', { class: 'type' }, visible(type.toLowerCase())),
          ),
        );
        item.dataset.insert = quoted(name);
        return item;
      }),
    );
  }

  private items(): HTMLElement[] {
    return [...this.tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
  }

  private onClick(event: MouseEvent): void {
    const item = itemOf(event.target);
    if (!item) return;
    this.go(item);
    const table = item.dataset.table;
    if (table === undefined) return;
    if ((event.target as Element).closest('.preview')) this.events.onPreview(table);
    else if (event.detail < 2) this.toggle(item, table);
  }

  private onKey(event: KeyboardEvent): void {
    const item = itemOf(event.target);
    if (!item || event.ctrlKey || event.altKey || event.metaKey) return;
    const items = this.items();
    const at = items.indexOf(item);
    const table = item.dataset.table;
    const isOpen = item.getAttribute('aria-expanded') === 'true';
    if (event.key === 'ArrowDown') this.step(event, items[at + 1]);
    else if (event.key === 'ArrowUp') this.step(event, items[at - 1] ?? this.filter);
    else if (event.key === 'Home') this.step(event, items[0]);
    else if (event.key === 'End') this.step(event, items.at(-1));
    else if (event.key === 'ArrowRight' && table !== undefined && !isOpen) this.toggle(item, table);
    else if (event.key === 'ArrowRight' && isOpen) this.step(event, items[at + 1]);
    else if (event.key === 'ArrowLeft' && table !== undefined && isOpen) this.toggle(item, table);
    else if (event.key === 'ArrowLeft') this.step(event, itemOf(item.parentElement) ?? undefined);
    else if (event.key === 'Enter') this.insert(item);
    else if (event.key === ' ' && table !== undefined) this.events.onPreview(table);
    else return;
    event.preventDefault();
  }

  private step(event: Event, next: HTMLElement | undefined): void {
    event.preventDefault();
    if (next) this.go(next);
  }

  private go(item: HTMLElement): void {
    if (item !== this.filter) {
      for (const other of this.tree.querySelectorAll<HTMLElement>('[tabindex="0"]')) other.tabIndex = -1;
      item.tabIndex = 0;
    }
    item.focus();
  }

  private toggle(item: HTMLElement, table: string): void {
    if (!this.open.delete(table)) this.open.add(table);
    const at = this.items().indexOf(item);
    this.draw();
    const again = this.items()[at];
    if (again) this.go(again);
  }

  private insert(item: HTMLElement): void {
    this.events.onInsert(item.dataset.insert ?? '');
  }
}

function itemOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[role=treeitem]') : null;
}

function matches(table: Table, wanted: string): boolean {
  return (
    wanted === '' ||
    table.name.toLowerCase().includes(wanted) ||
    table.columns.some(column => column.name.toLowerCase().includes(wanted))
  );
}
