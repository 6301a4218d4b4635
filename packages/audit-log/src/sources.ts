import type { LoggedEntry } from './entry.ts';
import type { LeafBatch } from './leaf-batch.ts';

/** A leaf as the store has it, and the row that it names. */
export interface LeafRow {
  readonly index: number;
  readonly entryId: string;
  readonly leafHash: Uint8Array;
  /** Null where there is no such row; `unreadable`: it is there, and is no entry. */
  readonly row:
    | { readonly salt: Uint8Array; readonly entry: LoggedEntry }
    | 'unreadable'
    /** Left out of an export that is for one tenant. */
    | 'withheld'
    /** Its month is recorded as dropped; this is the time that the leaf has. */
    | { readonly expiredAt: string }
    | null;
}

/** A row that the sequencer has not come to. */
export interface RowWithoutLeaf {
  readonly entryId: string;
  /** As in an entry: UTC with microseconds. */
  readonly at: string;
}

/** The store itself, or an export of it, as verification reads it. */
export interface LeafSource {
  /** All leaves by their number, each already held against its row. May be read more than once. */
  leaves(): AsyncIterable<LeafBatch>;
  /** Rows older than a minute that have no leaf, at most a hundred. */
  rowsWithoutLeaf(): Promise<readonly RowWithoutLeaf[]>;
  /** Milliseconds since 1970 up to which the log is told: an intent a minute older than this should have its outcome. */
  readonly until: number;
}

/** A source of whole rows, from which exports are written. */
export interface RowSource extends Pick<LeafSource, 'until' | 'rowsWithoutLeaf'> {
  rows(): AsyncIterable<readonly LeafRow[]>;
}

/** A checkpoint whose signature was checked. */
export interface TrustedCheckpoint {
  /** Where it came from, for messages. */
  readonly source: string;
  /** Leaves of its tree. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Names of the trusted witnesses that have cosigned it. */
  readonly witnesses: readonly string[];
}
