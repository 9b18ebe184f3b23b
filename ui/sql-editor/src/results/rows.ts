/** The rows of a result, fetched page by page as they come into view. */

import type { Page, Row } from '../documents.js';

const PAGE = 200;
const KEPT = 150;

/** Reads a page of the result. */
export type Read = (offset: number, limit: number) => Promise<Page>;

export class Rows {
  /** Rows that the result has, as far as is known. */
  known: number;
  /** Whether that is all. */
  complete: boolean;
  /** Whether the service keeps no more, though there are more. */
  cut: boolean;
  private readonly pages = new Map<number, readonly Row[]>();
  private readonly waiting = new Map<number, Promise<void>>();

  constructor(
    first: Page,
    private readonly read: Read,
    private readonly onNews: () => void,
    private readonly onProblem: (error: unknown) => void,
  ) {
    ({ known: this.known, complete: this.complete, cut: this.cut } = first);
    for (let at = 0; at < first.rows.length; at += PAGE) {
      const rows = first.rows.slice(at, at + PAGE);
      if (rows.length === PAGE || at + rows.length === this.known) this.pages.set(at / PAGE, rows);
    }
  }

  /** Return a row when it is here; else null, and fetch it when asked to. */
  row(index: number, fetch = false): Row | null {
    const number = Math.floor(index / PAGE);
    const page = this.pages.get(number);
    if (!page && fetch) void this.load(number);
    return page?.[index % PAGE] ?? null;
  }

  /** Fetch the page that holds a row. */
  async want(index: number): Promise<void> {
    await this.load(Math.floor(index / PAGE));
  }

  /** Fetch as far as the end, so that the number of rows is known. */
  async toEnd(): Promise<void> {
    if (!this.complete) this.learn(await this.read(99_999_999, 1));
    this.onNews();
  }

  /** Return the rows from `start` up to but not including `end`, fetched where they are not here. */
  async range(start: number, end: number): Promise<readonly Row[]> {
    const found: Row[] = [];
    for (let at = start; at < end; at++) {
      if (!this.row(at)) await this.want(at);
      const row = this.row(at);
      if (!row) break;
      found.push(row);
    }
    return found;
  }

  private load(number: number): Promise<void> {
    const begun = this.waiting.get(number);
    if (begun) return begun;
    if (this.pages.has(number)) return Promise.resolve();
    const work = this.fetch(number).finally(() => this.waiting.delete(number));
    this.waiting.set(number, work);
    return work;
  }

  private async fetch(number: number): Promise<void> {
    try {
      const page = await this.read(number * PAGE, PAGE);
      this.learn(page);
      this.pages.set(number, page.rows);
      for (const old of this.pages.keys()) {
        if (this.pages.size <= KEPT) break;
        this.pages.delete(old);
      }
      this.onNews();
    } catch (error) {
      this.onProblem(error);
    }
  }

  private learn(page: Page): void {
    ({ known: this.known, complete: this.complete, cut: this.cut } = page);
  }
}
