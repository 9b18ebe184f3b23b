/** The page: its parts, and what each tells the others. */

import { Catalogs } from './catalogs.js';
import { askForm } from './dialog.js';
import type { Catalog, Connection } from './documents.js';
import { make } from './dom.js';
import { Editor } from './editor.js';
import { frame } from './frame.js';
import { listenToKeys } from './keys.js';
import { CatalogTree } from './parts/catalogTree.js';
import { ConnectionChoice, manageConnections, SAMPLE } from './parts/connections.js';
import { showHistory } from './parts/history.js';
import { RunBar } from './parts/runBar.js';
import { showShortcuts } from './parts/shortcuts.js';
import { splitter } from './parts/splitter.js';
import { TabBar } from './parts/tabBar.js';
import { Queries, type Query } from './queries.js';
import { Runner } from './running.js';
import { load, save, type Saved } from './saved.js';
import { Service } from './service.js';
import { ThemeSwitch } from './theme.js';
import { toast } from './toast.js';
import { messageOf } from './text.js';

const PAUSE = 200;
const WELCOME = `-- A sample shop to try things on. Ctrl+Enter runs the statement at the cursor.
SELECT country, count(*) AS customers
FROM customers JOIN regions USING (region_code)
GROUP BY country
ORDER BY customers DESC;

-- And this one fails: its fix comes by itself.
SELECT category, avg(prize) FROM products GROUP BY category;
`;

export class App {
  readonly element: HTMLElement;
  private saved: Saved = load();
  private connections: readonly Connection[] = [];
  private readOnly = true;
  private timer = 0;
  private readonly service = new Service(askKey);
  private readonly catalogs = new Catalogs(this.service);
  private readonly editor = new Editor({
    onChange: () => {
      this.runner.changed(this.queries.active);
      this.later();
    },
    onMove: () => {
      this.later();
    },
  });
  private readonly queries = new Queries(this.editor, this.service, () => {
    this.onSwitch();
  });
  private readonly runner = new Runner(this.service, this.editor, this.queries, {
    connectionOf: query => this.connectionOf(query),
    readOnly: () => this.readOnly,
    allowWrites: () => {
      this.setReadOnly(false);
    },
    onState: query => {
      if (query === this.queries.active) this.runBar.setRunning(query.running !== null);
    },
    onWrote: connection => void this.readAgain(connection),
  });
  private readonly tabs = new TabBar({
    onOpen: id => {
      const query = this.queries.find(id);
      if (query) this.queries.show(query);
    },
    onClose: id => {
      const query = this.queries.find(id);
      if (query) this.queries.close(query);
    },
    onRename: id => void this.rename(id),
    onNew: () => {
      this.newQuery();
    },
  });
  private readonly choice = new ConnectionChoice(
    id => {
      this.queries.active.connection = id;
      this.onSwitch();
    },
    () => void this.manage(),
  );
  private readonly runBar = new RunBar({
    onRun: () => void this.runner.run(),
    onStop: () => {
      this.runner.stop(this.queries.active);
    },
    onReadOnly: readOnly => {
      this.setReadOnly(readOnly);
    },
  });
  private readonly tree = new CatalogTree({
    onInsert: text => {
      this.editor.insert(text);
    },
    onPreview: table => {
      this.preview(table);
    },
    onRefresh: () => void this.readAgain(this.queries.active.connection),
  });
  private readonly outcomePlace = make('div', { class: 'outcome-place' });

  constructor() {
    this.element = this.frame();
    this.element.classList.toggle('with-sidebar', this.saved.sidebar && innerWidth > 700);
    this.listen();
  }

  /** Open what was open, and ask for what there is. */
  async start(): Promise<void> {
    if (this.saved.tabs.length) this.queries.restore(this.saved.tabs, this.saved.active);
    else this.queries.open(WELCOME, SAMPLE);
    this.editor.focus();
    try {
      this.connections = await this.service.connections();
      this.queries.settle(this.connections);
      this.onSwitch();
    } catch (error) {
      this.queries.active.outcome.say(messageOf(error), 'bad');
    }
  }

  private frame(): HTMLElement {
    const theme = new ThemeSwitch(this.saved.theme, chosen => {
      this.keep({ theme: chosen });
    });
    const line = splitter(this.saved.split, split => {
      this.keep({ split });
    });
    const parts = {
      connection: this.choice.element,
      run: this.runBar.element,
      theme: theme.element,
      tables: this.tree.element,
      tabs: this.tabs.element,
      editor: this.editor.element,
      splitter: line,
      outcome: this.outcomePlace,
    };
    return frame(parts, {
      onTables: () => {
        this.toggleSidebar();
      },
      onHistory: () => void this.history(),
      onHelp: () => void showShortcuts(),
    });
  }

  private listen(): void {
    addEventListener('pagehide', () => {
      this.keep({});
    });
    listenToKeys({
      run: () => void this.runner.run(),
      stop: () => {
        this.runner.stop(this.queries.active);
      },
      newQuery: () => {
        this.newQuery();
      },
      closeQuery: () => {
        this.queries.close(this.queries.active);
      },
      goTo: number => {
        const query = this.queries.all[number - 1];
        if (query) this.queries.show(query);
        this.editor.focus();
      },
      nextPane: back => {
        this.nextPane(back);
      },
      tables: () => {
        this.element.classList.add('with-sidebar');
        this.tree.focus();
      },
      fix: () => {
        this.queries.active.trouble?.fixing.focus();
      },
      history: () => void this.history(),
      help: () => void showShortcuts(),
    });
  }

  /** Another query is shown, or the same one on another connection. */
  private onSwitch(): void {
    const query = this.queries.active;
    this.tabs.show(this.queries.all, query.id);
    this.choice.show(this.connections, query.connection);
    this.outcomePlace.replaceChildren(query.outcome.element);
    this.runBar.setRunning(query.running !== null);
    this.keep({});
    this.later();
    void this.showCatalog(query);
  }

  private async showCatalog(query: Query): Promise<void> {
    const connection = this.connectionOf(query);
    const kind = connection?.kind ?? 'duckdb';
    let catalog: Catalog | null = null;
    let note = '';
    try {
      if (connection) catalog = await this.catalogs.of(connection.id);
    } catch (error) {
      note = messageOf(error);
    }
    if (query !== this.queries.active || connection?.id !== this.connectionOf(query)?.id) return;
    this.editor.speak(kind, catalog);
    this.tree.show(catalog, kind, note);
  }

  /** Once nobody has typed for a moment: mark the statement at the cursor, and save. */
  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.keep({});
      void this.runner.markStatement();
    }, PAUSE);
  }

  private keep(change: Partial<Saved>): void {
    const active = this.queries.active.id;
    this.saved = { ...this.saved, ...change, tabs: this.queries.saved, active };
    save(this.saved);
  }

  private newQuery(): void {
    this.queries.open('', this.queries.active.connection);
    this.editor.focus();
  }

  private preview(table: string): void {
    this.queries.open(`SELECT * FROM ${table} LIMIT 1000`, this.queries.active.connection, table);
    void this.runner.run();
    if (innerWidth <= 700) this.toggleSidebar();
  }

  private async rename(id: string): Promise<void> {
    const query = this.queries.find(id);
    if (!query) return;
    const named = await askForm(
      'Rename the query',
      [{ name: 'title', label: 'Name', value: query.title }],
      'Rename',
    );
    query.title = named?.title ?? query.title;
    this.onSwitch();
  }

  private async manage(): Promise<void> {
    const made = await manageConnections(this.service, this.connections, id => {
      this.connections = this.connections.filter(connection => connection.id !== id);
      this.queries.settle(this.connections);
      this.onSwitch();
    });
    if (!made) return;
    this.connections = [...this.connections, made];
    this.queries.active.connection = made.id;
    this.onSwitch();
    for (const warning of made.warnings) toast(warning, 'bad');
  }

  private async history(): Promise<void> {
    const past = await showHistory(this.service, this.connections);
    if (!past) return;
    const known = this.connections.some(({ id }) => id === past.connection);
    this.queries.open(past.code, known ? past.connection : this.queries.active.connection);
    this.editor.focus();
  }

  private async readAgain(connection: string): Promise<void> {
    this.catalogs.forget(connection);
    await this.showCatalog(this.queries.active);
  }

  private setReadOnly(readOnly: boolean): void {
    this.readOnly = readOnly;
    this.runBar.setReadOnly(readOnly);
  }

  private toggleSidebar(): void {
    const shown = this.element.classList.toggle('with-sidebar');
    this.keep({ sidebar: shown });
  }

  private nextPane(back: boolean): void {
    const panes = [this.editor.element, this.outcomePlace, this.tree.element];
    const at = panes.findIndex(pane => pane.contains(document.activeElement));
    const next = (at + (back ? panes.length - 1 : 1)) % panes.length;
    if (next === 0) this.editor.focus();
    else if (next === 1) this.queries.active.outcome.focus();
    else this.tree.focus();
  }

  private connectionOf(query: Query): Connection | undefined {
    return this.connections.find(({ id }) => id === query.connection);
  }
}

async function askKey(): Promise<string | null> {
  const field = { name: 'key', label: 'API key', secret: true, hint: 'It is kept until this tab is closed.' };
  return (await askForm('This service wants to know who you are', [field], 'Go on'))?.key ?? null;
}
