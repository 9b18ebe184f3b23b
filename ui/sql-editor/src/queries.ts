/** The queries that are open, one in each tab. */

import type { EditorState, TransactionSpec } from '@codemirror/state';

import type { Connection, Span } from './documents.js';
import type { Editor } from './editor.js';
import type { Fixing } from './fixing.js';
import { Outcome } from './outcome.js';
import type { SavedTab } from './saved.js';
import type { Service } from './service.js';
import { newId } from './text.js';

/** A statement of a query that failed, and the search for its fix. */
export interface Trouble {
  readonly code: string;
  readonly span: Span;
  readonly fixing: Fixing;
}

/** One query. */
export class Query {
  title: string;
  connection: string;
  readonly outcome: Outcome;
  /** Stops what runs; null while nothing does. */
  running: AbortController | null = null;
  trouble: Trouble | null = null;

  constructor(
    readonly id: string,
    saved: Omit<SavedTab, 'id'>,
    public state: EditorState,
    service: Service,
  ) {
    ({ title: this.title, connection: this.connection } = saved);
    this.outcome = new Outcome(service);
  }
}

export class Queries {
  private list: Query[] = [];
  private current: Query | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly service: Service,
    private readonly onSwitch: () => void,
  ) {}

  get all(): readonly Query[] {
    return this.list;
  }

  /** The query that is shown; there is one from the first `open` or `restore` on. */
  get active(): Query {
    if (!this.current) throw new Error('no query is open');
    return this.current;
  }

  /** Open what was open at the last visit. */
  restore(tabs: readonly SavedTab[], active: string): void {
    this.list = tabs.map(tab => new Query(tab.id, tab, this.editor.fresh(tab.code), this.service));
    this.show(this.list.find(query => query.id === active) ?? this.list[0] ?? this.open('', ''));
  }

  /** Open a new query and show it. */
  open(code: string, connection: string, title = this.freeTitle()): Query {
    const query = new Query(newId(), { title, code, connection }, this.editor.fresh(code), this.service);
    this.list.push(query);
    this.show(query);
    return query;
  }

  show(query: Query): void {
    if (this.current === query) return;
    if (this.current) this.current.state = this.editor.state;
    this.current = query;
    this.editor.state = query.state;
    this.onSwitch();
  }

  /** Close a query; the last one leaves an empty one behind. */
  close(query: Query): void {
    const at = this.list.indexOf(query);
    query.running?.abort();
    query.trouble?.fixing.end();
    query.outcome.clear();
    this.list.splice(at, 1);
    if (this.current !== query) {
      this.onSwitch();
      return;
    }
    this.current = null;
    const next = this.list[at] ?? this.list[at - 1];
    if (next) this.show(next);
    else this.open('', query.connection);
  }

  find(id: string): Query | undefined {
    return this.list.find(query => query.id === id);
  }

  /** The text of a query, shown or not. */
  text(query: Query): string {
    return (query === this.current ? this.editor.state : query.state).doc.toString();
  }

  /** Change the state of a query, shown or not. */
  apply(query: Query, change: (state: EditorState) => TransactionSpec): void {
    if (query === this.current) this.editor.dispatch(change(this.editor.state));
    else query.state = query.state.update(change(query.state)).state;
  }

  /** Use other connections for queries whose own is gone. */
  settle(connections: readonly Connection[]): void {
    const known = new Set(connections.map(connection => connection.id));
    for (const query of this.list) {
      if (!known.has(query.connection)) query.connection = connections[0]?.id ?? '';
    }
  }

  get saved(): readonly SavedTab[] {
    return this.list.map(query => ({
      id: query.id,
      title: query.title,
      code: this.text(query),
      connection: query.connection,
    }));
  }

  private freeTitle(): string {
    const taken = new Set(this.list.map(query => query.title));
    let number = 1;
    while (taken.has(`Query ${number}`)) number++;
    return `Query ${number}`;
  }
}
