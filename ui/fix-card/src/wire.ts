/**
 * The decision document of bestfix's wire format, version 1, as far as a card reads it (docs/wire.md).
 *
 * Offsets count code points, as Python does; `text` holds the patched source, so that nobody needs to apply them.
 */

/** How far a patch may be trusted: advice that is never applied unasked, may change the meaning, or keeps it. */
export type Applicability = 'display-only' | 'unsafe' | 'safe';

/** What checking a fix showed. */
export type Outcome =
  'broken' | 'not verifiable' | 'binds' | 'ran clean' | 'moved the error' | 'new error' | 'same error';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Candidate {
  readonly patch: {
    readonly source: string;
    readonly edits: readonly Edit[];
    readonly applicability: Applicability;
  };
  /** One line for the user, code between backticks. */
  readonly reason: string;
  readonly proposer: string;
  /** The language model that wrote it; empty for what a repair proposes. */
  readonly model?: string;
  /** The label of the cell that is to be run first, where that is the advice. */
  readonly run_first?: string;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** What speaks against the fix, one line each. */
  readonly notes: readonly string[];
  readonly seconds: number;
  readonly error?: { readonly type: string; readonly message: string } | null;
  /** Whether only the failing statement and what follows it ran. */
  readonly resumed?: boolean;
  /** Whether it only keeps the error from being seen. */
  readonly hides?: boolean;
  /** Kind and shape of the last value, such as `DataFrame (0, 3)`. */
  readonly result?: string;
  /** Why it was not run, or what its run could not tell. */
  readonly untried?: string;
}

export interface Ranked {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** The whole text of the source that it edits, patched. */
  readonly text: string;
  readonly p_accept?: number | null;
  /** What a card says of the verdict; empty where nothing was run. */
  readonly brief?: string;
  /** What it does beyond computing that the failing text did not: `writes files`, `installs packages`, … */
  readonly added_effects?: readonly string[];
}

export interface Decision {
  readonly version: number;
  /** Whether there is a fix good enough to show; it is then the first of `ranked`. */
  readonly shown: boolean;
  /** The line for the user when there is a fix; otherwise why nothing is shown. */
  readonly reason: string;
  readonly ranked: readonly Ranked[];
  /** The text of every source that a fix may edit, before it, by name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Whether a better decision may follow. */
  readonly pending: boolean;
}
