import type { LoggedEntry } from './entry.ts';

/** A leaf as the store has it, and the row that it names. */
export interface LeafRow {
  readonly index: number;
  readonly entryId: string;
  readonly leafHash: Uint8Array;
  /** Null where there is no such row; `expired` where its month was dropped; `unreadable`: it is there, and is no entry. */
  readonly row: { readonly salt: Uint8Array; readonly entry: LoggedEntry } | 'unreadable' | 'expired' | null;
}

/** The store itself, or an export of it. */
export interface LeafSource {
  /** All leaves by their number, in batches. */
  leaves(): AsyncIterable<readonly LeafRow[]>;
  /** Rows older than a minute that have no leaf, at most a hundred. */
  rowsWithoutLeaf(): Promise<readonly { readonly entryId: string; readonly at: string }[]>;
  /** Milliseconds since 1970 up to which the log is told: an intent a minute older than this should have its outcome. */
  readonly until: number;
}

/** A checkpoint whose signature was checked. */
export interface TrustedCheckpoint {
  readonly source: string;
  readonly size: number;
  readonly root: Uint8Array;
}
