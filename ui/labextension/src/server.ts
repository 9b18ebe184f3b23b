/** The server extension of bestfix: what is locked, and where events go. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { FixEvent } from './protocol';

/** What the server says of bestfix; empty where its environment has none. */
export interface ServerInfo {
  readonly version: string;
  /** The settings that an administrator has locked, by their names, with their values. */
  readonly locked: Readonly<Record<string, string | number | boolean>>;
  readonly missing: readonly string[];
}

const NOTHING: ServerInfo = { version: '', locked: {}, missing: [] };
const AGAIN_AFTER = 5_000;
const KEPT = 1_000;

/** Return what the server says. */
export async function serverInfo(settings: ServerConnection.ISettings): Promise<ServerInfo> {
  try {
    const response = await request(settings, 'settings', {});
    return response.ok ? { ...NOTHING, ...((await response.json()) as Partial<ServerInfo>) } : NOTHING;
  } catch {
    return NOTHING;
  }
}

/**
 * Hands events to the server, so that they arrive also while the kernel is busy or dead. What the network refuses is
 * tried again; a server without bestfix leaves them to the kernel.
 */
export class Events {
  private waiting: FixEvent[] = [];
  private sending = false;

  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly known: boolean,
  ) {}

  /** Hand on an event; `toKernel` is the way where the server has no bestfix. */
  post(event: FixEvent, toKernel: (event: FixEvent) => void): void {
    if (!this.known) {
      toKernel(event);
      return;
    }
    this.waiting = [...this.waiting.slice(1 - KEPT), event];
    if (!this.sending) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.waiting.length) {
      const batch = this.waiting;
      this.waiting = [];
      if (!(await this.sent(batch))) {
        this.waiting = [...batch, ...this.waiting];
        await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER));
      }
    }
    this.sending = false;
  }

  private async sent(events: readonly FixEvent[]): Promise<boolean> {
    try {
      const body = JSON.stringify({ events });
      const response = await request(this.settings, 'events', { method: 'POST', body, keepalive: true });
      return response.status < 500;
    } catch {
      return false;
    }
  }
}

async function request(
  settings: ServerConnection.ISettings,
  name: string,
  init: RequestInit,
): Promise<Response> {
  return ServerConnection.makeRequest(URLExt.join(settings.baseUrl, 'bestfix', name), init, settings);
}
