/** The tabs, one for each query. */

import { visible } from '@bestfix/fix-card';

import { button, icon, make } from '../dom.js';

export interface TabLabel {
  readonly id: string;
  readonly title: string;
}

export interface TabEvents {
  readonly onOpen: (id: string) => void;
  readonly onClose: (id: string) => void;
  readonly onRename: (id: string) => void;
  readonly onNew: () => void;
}

/** A list of tabs: arrows walk, Delete closes, F2 or a double click renames. */
export class TabBar {
  readonly element: HTMLElement;
  private readonly list = make('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Queries' });

  constructor(private readonly events: TabEvents) {
    const add = button(
      { class: 'quiet', label: 'New query', title: 'New query (Alt+N)', keys: 'Alt+N' },
      [icon('plus')],
      () => {
        this.events.onNew();
      },
    );
    this.element = make('div', { class: 'tab-bar' }, this.list, add);
    this.list.addEventListener('click', event => {
      const tab = tabOf(event.target);
      if (!tab) return;
      if ((event.target as Element).closest('.close')) this.events.onClose(tab);
      else this.events.onOpen(tab);
    });
    this.list.addEventListener('auxclick', event => {
      const tab = tabOf(event.target);
      if (tab && event.button === 1) this.events.onClose(tab);
    });
    this.list.addEventListener('dblclick', event => {
      const tab = tabOf(event.target);
      if (tab) this.events.onRename(tab);
    });
    this.list.addEventListener('keydown', event => {
      this.onKey(event);
    });
  }

  show(tabs: readonly TabLabel[], active: string): void {
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(
      ...tabs.map(({ id, title }) => {
        const selected = id === active;
        const close = make(
          'span',
          { class: 'close', 'aria-hidden': 'true', title: 'Close (Alt+W)' },
          icon('close'),
        );
        const tab = make(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${id}`,
            'aria-selected': String(selected),
            'aria-controls': 'workspace',
            tabindex: selected ? 0 : -1,
          },
          make('span', { class: 'name' }, visible(title)),
          close,
        );
        tab.dataset.id = id;
        return tab;
      }),
    );
    const current = this.list.querySelector<HTMLElement>('[aria-selected=true]');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (focused) current?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const id = tabOf(event.target);
    if (!id || event.ctrlKey || event.altKey || event.metaKey) return;
    const tabs = [...this.list.children].map(tab => (tab as HTMLElement).dataset.id ?? '');
    const at = tabs.indexOf(id);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next !== undefined) this.events.onOpen(tabs[(next + tabs.length) % tabs.length] ?? id);
    else if (event.key === 'Delete') this.events.onClose(id);
    else if (event.key === 'F2') this.events.onRename(id);
    else return;
    event.preventDefault();
  }
}

function tabOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[role=tab]')?.dataset.id : undefined;
}
