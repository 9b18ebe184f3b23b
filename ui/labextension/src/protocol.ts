/** What the page and the kernel say to each other: docs/design/jupyter.md, version 1. */

import type { Decision } from '@bestfix/fix-card';
import type { JSONObject, PartialJSONValue } from '@lumino/coreutils';

export const TARGET = 'bestfix';
export const PROTOCOL = 1;

/** The settings that a user has set here, by the names of bestfix's own. */
export type Wishes = Record<string, string | number | boolean>;

/** A code cell as the kernel is told of it. */
export interface CellText {
  readonly text: string;
  readonly label: string;
}

/** Which code cells there are, and what the new and changed ones hold. */
export interface CellsChanged {
  readonly order: readonly string[];
  readonly changed: Readonly<Record<string, CellText>>;
}

/** Something that the user has done, or that has come of it. */
export interface FixEvent {
  readonly failure: string;
  /** That of the decision which ranks the candidate. */
  readonly revision: number;
  readonly action:
    'shown' | 'accepted' | 'accepted and run' | 'edited after' | 'dismissed' | 'ignored' | 'undone';
  readonly candidate: number | null;
  readonly text?: string;
}

/** A fix that was accepted. */
export interface Taken {
  readonly failure: string;
  readonly revision: number;
  readonly candidate: number;
  readonly text: string;
}

export type ToKernel =
  | { readonly type: 'settings'; readonly settings: Wishes }
  | ({ readonly type: 'cells' } & CellsChanged)
  | { readonly type: 'ask'; readonly cell: string; readonly text: string }
  | ({ readonly type: 'running' | 'write' } & Taken)
  | ({ readonly type: 'action' } & FixEvent);

export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly version: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly locked: readonly string[];
  readonly missing: readonly string[];
}

/** Which run of which cell failed. */
export interface FailedRun {
  readonly cell: string | null;
  readonly text: string;
  readonly count: number | null;
  readonly error?: string;
}

export interface Decided extends FailedRun {
  readonly type: 'decision';
  readonly failure: string;
  /** Counts the decisions about the failure; an older kernel says nothing. */
  readonly revision?: number;
  readonly asked: boolean;
  readonly decision: Decision;
  /** The names and labels in the decision → ids of cells. */
  readonly cells: Readonly<Record<string, string>>;
}

export type FromKernel =
  | Hello
  | Decided
  | ({ readonly type: 'failed' } & FailedRun)
  | { readonly type: 'nothing'; readonly cell: string | null; readonly reason: string }
  | { readonly type: 'written'; readonly failure: string; readonly place: string; readonly problem: string };

/** Return a message of the kernel's as what it is; `null` for one of a later version of the protocol. */
export function received(data: PartialJSONValue): FromKernel | null {
  const known = ['hello', 'decision', 'failed', 'nothing', 'written'];
  const type = (data as JSONObject | null)?.type;
  return typeof type === 'string' && known.includes(type) ? (data as unknown as FromKernel) : null;
}
