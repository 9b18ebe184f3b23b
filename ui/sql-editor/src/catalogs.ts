/** What the databases hold, asked for once for each connection until something has changed it. */

import type { Catalog } from './documents.js';
import type { Service } from './service.js';

export class Catalogs {
  private readonly asked = new Map<string, Promise<Catalog>>();

  constructor(private readonly service: Service) {}

  of(connection: string): Promise<Catalog> {
    const known = this.asked.get(connection);
    if (known) return known;
    const asked = this.service.catalog(connection);
    this.asked.set(connection, asked);
    asked.catch(() => this.asked.delete(connection));
    return asked;
  }

  forget(connection: string): void {
    this.asked.delete(connection);
  }
}
