import { droppedMonth, type DroppedMonth } from './dropped-month.ts';
import type { OpenedRow } from './entry-row.ts';
import { parseTime } from './entry-time.ts';
import { hashCanonical, writeEntry } from './leaf.ts';
import type { LeafRow } from './sources.ts';
import { formatUuid, parseUuid, uuidBytes } from './uuid-bytes.ts';

/** What became of the row that a leaf stands for. `expired` is what the store says; the log itself must say so too. */
export const rowState = { fits: 0, changed: 1, removed: 2, expired: 3, withheld: 4 } as const;

/**
 * Leaves that were held against their rows, a few thousand at once, without an object for each: they come from other
 * threads, and are many.
 */
export interface LeafBatch {
  readonly count: number;
  readonly indexes: Float64Array;
  /** 16 bytes each. */
  readonly entryIds: Uint8Array;
  /** 32 bytes each. */
  readonly leafHashes: Uint8Array;
  /** A `rowState` each. */
  readonly states: Uint8Array;
  /** Microseconds since 1970: the row's time, or the leaf's where the row has expired; NaN where there is none. */
  readonly times: Float64Array;
  /** Positions of the intents. */
  readonly intents: readonly number[];
  /** Intents that an outcome of this batch answers. */
  readonly answered: readonly string[];
  /** Months that an entry of this batch says were dropped: `2015-03`, and how many entries they had. */
  readonly dropped: readonly DroppedMonth[];
}

/** What the builder takes of a row that reads as an entry; it keeps neither salt nor text. */
export interface SaltedRow extends OpenedRow {
  readonly salt: Uint8Array;
  /** RFC 8785. */
  readonly text: Uint8Array | string;
}

/** Takes leaves in their order, `finish` once. */
export interface LeafBatchBuilder {
  add(
    leaf: { readonly index: number; readonly entryId: Uint8Array; readonly leafHash: Uint8Array },
    row: SaltedRow | 'unreadable' | 'withheld' | { readonly expiredAt: number } | null,
  ): void;
  finish(): LeafBatch;
}

const stateOf = {
  gone: rowState.removed,
  unreadable: rowState.changed,
  withheld: rowState.withheld,
} as const;

/** @param capacity how many leaves come at most */
export function buildLeafBatch(capacity: number): LeafBatchBuilder {
  let count = 0;
  const entryIds = new Uint8Array(capacity * uuidBytes);
  const times = new Float64Array(capacity).fill(NaN);
  const indexes = new Float64Array(capacity);
  const leafHashes = new Uint8Array(capacity * 32);
  const states = new Uint8Array(capacity);
  const intents: number[] = [];
  const answered: string[] = [];
  const dropped: DroppedMonth[] = [];

  function judge({ at, salt, text }: SaltedRow, leafHash: Uint8Array): boolean {
    return !Number.isNaN(at) && Buffer.compare(hashCanonical(salt, text), leafHash) === 0;
  }

  return {
    add({ index, entryId, leafHash }, row) {
      const position = count;
      count += 1;
      indexes[position] = index;
      leafHashes.set(leafHash, position * 32);
      entryIds.set(entryId, position * uuidBytes);
      if (row === null || typeof row === 'string') states[position] = stateOf[row ?? 'gone'];
      else if ('expiredAt' in row) {
        states[position] = rowState.expired;
        times[position] = row.expiredAt;
      } else if (judge(row, leafHash)) {
        times[position] = row.at;
        if (row.isIntent) intents.push(position);
        else if (row.intentId !== null) answered.push(row.intentId);
        if (row.dropped !== null) dropped.push(row.dropped);
      } else states[position] = rowState.changed;
    },
    finish: () => ({
      count,
      indexes: indexes.subarray(0, count),
      entryIds: entryIds.subarray(0, count * uuidBytes),
      leafHashes: leafHashes.subarray(0, count * 32),
      states: states.subarray(0, count),
      times: times.subarray(0, count),
      intents,
      answered,
      dropped,
    }),
  };
}

/** Holds whole rows, as an export has them, against their leaves. */
export function checkRows(rows: readonly LeafRow[]): LeafBatch {
  const builder = buildLeafBatch(rows.length);
  for (const { row, ...named } of rows) {
    const leaf = { ...named, entryId: parseUuid(named.entryId) };
    if (row === null || typeof row === 'string') builder.add(leaf, row);
    else if ('expiredAt' in row) builder.add(leaf, { expiredAt: parseTime(row.expiredAt) });
    else
      builder.add(leaf, {
        at: parseTime(row.entry.at),
        isIntent: row.entry.outcome === 'intent',
        intentId: row.entry.intent_id,
        salt: row.salt,
        text: writeEntry(row.entry),
        dropped: droppedMonth(row.entry),
      });
  }
  return builder.finish();
}

export function entryIdAt(batch: LeafBatch, position: number): string {
  return formatUuid(batch.entryIds, position * uuidBytes);
}

export function leafHashAt(batch: LeafBatch, position: number): Uint8Array {
  return batch.leafHashes.subarray(position * 32, (position + 1) * 32);
}

/** Microseconds since 1970. */
export function timeAt(batch: LeafBatch, position: number): number {
  return batch.times[position] ?? NaN;
}
