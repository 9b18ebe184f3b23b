/** The service that the page comes from. */

import type {
  Answer,
  Catalog,
  Connection,
  FixRequest,
  Kind,
  NewConnection,
  Page,
  Past,
  Result,
  RunRequest,
  Statement,
} from './documents.js';
import { eventsOf } from './events.js';

/** The service refused a request; the message says why and what to do. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Asks the user for an API key; null when they have none. */
export type AskKey = () => Promise<string | null>;

const KEY = 'bestfix.key';

export class Service {
  constructor(private readonly askKey: AskKey) {}

  /** Whether requests bear a key, so that a plain link would be refused. */
  get hasKey(): boolean {
    return sessionStorage.getItem(KEY) !== null;
  }

  async connections(): Promise<readonly Connection[]> {
    const found = await this.ask<{ connections: readonly Connection[] }>('GET', '/v1/connections');
    return found.connections;
  }

  connect(asked: NewConnection): Promise<Connection> {
    return this.ask('POST', '/v1/connections', asked);
  }

  async forget(id: string): Promise<void> {
    await this.send('DELETE', `/v1/connections/${encodeURIComponent(id)}`);
  }

  catalog(connection: string): Promise<Catalog> {
    return this.ask('GET', `/v1/catalog?${new URLSearchParams({ connection }).toString()}`);
  }

  async statements(code: string, dialect: Kind): Promise<readonly Statement[]> {
    const found = await this.ask<{ statements: readonly Statement[] }>('POST', '/v1/statements', {
      code,
      dialect,
    });
    return found.statements;
  }

  /** Run a statement; aborting the signal stops it in the database. */
  run(asked: RunRequest, signal: AbortSignal): Promise<Result> {
    return this.ask('POST', '/v1/run', asked, signal);
  }

  page(result: string, offset: number, limit: number): Promise<Page> {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    return this.ask('GET', `/v1/results/${encodeURIComponent(result)}?${query.toString()}`);
  }

  async closeResult(result: string): Promise<void> {
    await this.send('DELETE', `/v1/results/${encodeURIComponent(result)}`);
  }

  exportUrl(result: string, form: 'csv' | 'parquet'): string {
    return `/v1/results/${encodeURIComponent(result)}/export?format=${form}`;
  }

  async exported(result: string, form: 'csv' | 'parquet'): Promise<Blob> {
    return (await this.send('GET', this.exportUrl(result, form))).blob();
  }

  /** Yield the decisions about a failure as they come, the local one first. */
  async *fixes(asked: FixRequest, signal: AbortSignal): AsyncGenerator<Answer> {
    const response = await this.send('POST', '/v1/fix', asked, signal, 'text/event-stream');
    if (!response.body) return;
    for await (const event of eventsOf(response.body)) {
      if (event.name === 'decision') yield JSON.parse(event.data) as Answer;
    }
  }

  /** Tell what became of a fix; nobody waits for it. */
  tell(failure: string | undefined, action: string, candidate: number | null): void {
    if (failure) this.send('POST', '/v1/events', { failure, action, candidate }).catch(() => undefined);
  }

  async history(containing: string, before = ''): Promise<readonly Past[]> {
    const query = new URLSearchParams({ limit: '100', containing, before });
    const found = await this.ask<{ statements: readonly Past[] }>('GET', `/v1/history?${query.toString()}`);
    return found.statements;
  }

  async forgetHistory(): Promise<void> {
    await this.send('DELETE', '/v1/history');
  }

  private async ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return (await (await this.send(method, path, body, signal)).json()) as T;
  }

  /** Send a request; where the service wants a key, ask for it and send the request once more. */
  private async send(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    accept = 'application/json',
  ): Promise<Response> {
    const request = (): Promise<Response> => fetched(method, path, body, signal, accept);
    let response = await request();
    if (response.status === 401) {
      const key = await this.askKey();
      if (key !== null) {
        sessionStorage.setItem(KEY, key);
        response = await request();
      }
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

async function fetched(
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
  accept: string,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept };
  const key = sessionStorage.getItem(KEY);
  if (key !== null) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ServiceError(
      0,
      'unreachable',
      'The service does not answer. Is `bestfix serve` still running?',
    );
  }
}

async function refusal(response: Response): Promise<ServiceError> {
  try {
    const said = (await response.json()) as { code?: unknown; error?: unknown };
    return new ServiceError(response.status, String(said.code), String(said.error));
  } catch {
    return new ServiceError(response.status, 'http', `The service answered ${response.status}.`);
  }
}
