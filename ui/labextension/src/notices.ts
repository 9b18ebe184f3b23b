/** What is said once, and not again. */

import { Notification } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';

const KEY = 'bestfix:said';

/** Notices that each user sees once. */
export class Notices {
  private readonly said = new Set<string>();

  /** @param db remembers them beyond this page; may be `null`. */
  constructor(private readonly db: IStateDB | null) {}

  /** Show a line, unless it has been shown before. */
  once(line: string | undefined): void {
    if (!line || this.said.has(line)) return;
    this.said.add(line);
    void this.show(line);
  }

  private async show(line: string): Promise<void> {
    const known = ((await this.db?.fetch(KEY)) ?? []) as string[];
    if (known.includes(line)) return;
    Notification.info(line.replaceAll('`', ''), { autoClose: 12_000 });
    await this.db?.save(KEY, [...known, line]);
  }
}
