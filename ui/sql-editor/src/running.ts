/** Running statements: which, and what follows from how it went. */

import { askConsent } from './dialog.js';
import type { Connection, Kind, Result, Span, Statement } from './documents.js';
import { type Editor, replacing, underlining } from './editor.js';
import { Fixing } from './fixing.js';
import { make } from './dom.js';
import type { Queries, Query } from './queries.js';
import { type Service, ServiceError } from './service.js';
import { inUnits, messageOf } from './text.js';
import { toast } from './toast.js';

const ROWS = 200;

/** What running needs to know of the page, and tells it. */
export interface RunPage {
  readonly connectionOf: (query: Query) => Connection | undefined;
  /** Whether statements that write are refused. */
  readonly readOnly: () => boolean;
  readonly allowWrites: () => void;
  /** A query begins or ends to run. */
  readonly onState: (query: Query) => void;
  /** A statement has written: the catalog may have changed. */
  readonly onWrote: (connection: string) => void;
}

export class Runner {
  private found: { text: string; kind: Kind; statements: Promise<readonly Statement[]> } | null = null;

  constructor(
    private readonly service: Service,
    private readonly editor: Editor,
    private readonly queries: Queries,
    private readonly page: RunPage,
  ) {}

  /** Return the statements of the query that is shown, asked for once for each text. */
  statements(kind: Kind): Promise<readonly Statement[]> {
    const text = this.editor.text;
    if (this.found?.text !== text || this.found.kind !== kind) {
      const asked = this.service.statements(text, kind);
      this.found = { text, kind, statements: asked.then(all => all.map(one => inUnits(text, one))) };
      asked.catch(() => (this.found = null));
    }
    return this.found.statements;
  }

  /** Run what is selected, or the statement at the cursor; several selected ones one after the other. */
  async run(): Promise<void> {
    const query = this.queries.active;
    const connection = this.page.connectionOf(query);
    if (query.running || !connection) return;
    try {
      const chosen = within(await this.statements(connection.kind), this.editor.selection);
      if (!chosen.length) toast('There is no statement to run.', 'bad');
      for (const span of chosen) {
        if (!(await this.one(query, connection, span))) break;
      }
    } catch (error) {
      query.outcome.say(messageOf(error), 'bad');
    }
  }

  /** Mark the statement that Run would run, where there are several. */
  async markStatement(): Promise<void> {
    const query = this.queries.active;
    const { text, selection } = this.editor;
    try {
      const all = await this.statements(this.page.connectionOf(query)?.kind ?? 'duckdb');
      if (text !== this.editor.text || query !== this.queries.active) return;
      const [here] = all.length > 1 && selection.start === selection.end ? within(all, selection) : [];
      this.editor.mark(here ?? null);
    } catch {
      this.editor.mark(null);
    }
  }

  stop(query: Query): void {
    query.running?.abort();
  }

  /** Take back what the page says of a statement that the user has changed since it failed. */
  changed(query: Query): void {
    if (query.trouble && !this.place(query, query.trouble)) this.settle(query);
  }

  /** Run one statement; whether it went well. */
  private async one(query: Query, connection: Connection, span: Span, confirm = false): Promise<boolean> {
    const code = this.queries.text(query).slice(span.start, span.end);
    const stop = new AbortController();
    this.settle(query);
    query.running = stop;
    this.page.onState(query);
    const started = performance.now();
    try {
      const asked = { connection: connection.id, code, confirm, limit: ROWS };
      const result = await this.service.run(asked, stop.signal);
      query.outcome.show(result);
      if (result.wrote) this.page.onWrote(connection.id);
      if (result.error) this.fix(query, connection, { code, span }, result);
      return !result.error;
    } catch (error) {
      if (stop.signal.aborted) {
        query.outcome.say(`Stopped after ${((performance.now() - started) / 1000).toFixed(1)} s.`);
      } else if (error instanceof ServiceError && error.code === 'needs_confirmation') {
        query.running = null;
        return await this.askToWrite(query, connection, span, code);
      } else query.outcome.say(messageOf(error), 'bad');
      return false;
    } finally {
      if (query.running === stop) query.running = null;
      this.page.onState(query);
    }
  }

  private async askToWrite(query: Query, connection: Connection, span: Span, code: string): Promise<boolean> {
    if (this.page.readOnly()) {
      query.outcome.say('This statement may write to the database, and the page is read-only.', 'bad', {
        label: 'Turn read-only off and run',
        act: () => {
          this.page.allowWrites();
          void this.one(query, connection, span);
        },
      });
      return false;
    }
    query.outcome.say('This statement may write to the database.');
    const shown = make('pre', { class: 'message', tabindex: 0 }, code.slice(0, 2000));
    const agreed = await askConsent(`Write to ${connection.name}?`, [shown], 'Run it');
    if (agreed) return this.one(query, connection, span, true);
    query.outcome.say('It was not run.');
    return false;
  }

  /** Underline what failed, and look for its fix. */
  private fix(
    query: Query,
    connection: Connection,
    { code, span }: { code: string; span: Span },
    result: Result,
  ): void {
    const message = result.error?.message ?? '';
    const fixing = new Fixing(
      query.outcome.cardPlace,
      this.service,
      { code, message, connection: connection.id, kind: connection.kind, name: query.title },
      {
        onTake: (text, run) => {
          this.take(query, { code, span }, text, run);
        },
        onGone: () => {
          this.editor.focus();
        },
        onNothing: (reason, answer) => {
          const act = (): void => {
            fixing.insist(answer);
          };
          query.outcome.remark(
            reason,
            answer.ranked.length ? { label: 'Show it even if unsure', act } : null,
          );
        },
      },
    );
    query.trouble = { code, span, fixing };
    const place = this.place(query, query.trouble);
    if (place && result.error?.span) {
      const { start, end } = inUnits(code, result.error.span);
      const token = { start: place.start + start, end: place.start + end };
      this.queries.apply(query, state => underlining(state, token, message));
    }
    void fixing.start();
  }

  private take(query: Query, failed: { code: string; span: Span }, text: string, run: boolean): void {
    const place = this.place(query, failed);
    this.settle(query);
    if (!place) return;
    this.queries.apply(query, state => replacing(state, place, text));
    this.editor.focus();
    const connection = this.page.connectionOf(query);
    if (run && connection)
      void this.one(query, connection, { start: place.start, end: place.start + text.length });
  }

  /** Forget the last failure. */
  private settle(query: Query): void {
    query.trouble?.fixing.end();
    query.trouble = null;
    this.queries.apply(query, state => underlining(state, null));
  }

  /** Return where a statement stands now; null when it was changed. */
  private place(query: Query, { code, span }: { code: string; span: Span }): Span | null {
    const text = this.queries.text(query);
    const start = text.startsWith(code, span.start) ? span.start : text.indexOf(code);
    return start < 0 ? null : { start, end: start + code.length };
  }
}

/** Return the statements that are selected; where nothing is, the one at the cursor or before it. */
export function within(statements: readonly Statement[], selection: Span): readonly Span[] {
  if (selection.end > selection.start) {
    return statements
      .map(({ start, end }) => ({
        start: Math.max(start, selection.start),
        end: Math.min(end, selection.end),
      }))
      .filter(({ start, end }) => start < end);
  }
  const here = statements.find(({ end }) => selection.start <= end) ?? statements.at(-1);
  const before = statements.findLast(({ end }) => end < selection.start);
  const between = here && before && here.start > selection.start;
  return here ? [between && selection.start - before.end <= 1 ? before : here] : [];
}
