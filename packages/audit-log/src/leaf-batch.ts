import { droppedMonth, type DroppedMonth } from './dropped-month.ts';
import type { OpenedLine } from './entry-line.ts';
import { hashCanonical, writeEntry } from './leaf.ts';
import type { LeafRow } from './sources.ts';

/** What became of the row that a leaf stands for. `expired` is what the store says; the log itself must say so too. */
export const rowState = { fits: 0, changed: 1, removed: 2, expired: 3, withheld: 4 } as const;

export const timeLength = 27;
export const idLength = 36;

/**
 * Leaves that were held against their rows, a few thousand at once, without an object for each: they come from other
 * threads, and are many.
 */
export interface LeafBatch {
  readonly count: number;
  readonly indexes: Float64Array;
  /** 36 characters each. */
  readonly entryIds: string;
  /** 32 bytes each. */
  readonly leafHashes: Uint8Array;
  /** A `rowState` each. */
  readonly states: Uint8Array;
  /** 27 characters each: the row's time, or the leaf's where the row has expired; spaces where there is none. */
  readonly times: string;
  /** Positions of the intents. */
  readonly intents: readonly number[];
  /** Intents that an outcome of this batch answers. */
  readonly answered: readonly string[];
  /** Months that an entry of this batch says were dropped: `2015-03`, and how many entries they had. */
  readonly dropped: readonly DroppedMonth[];
}

/** What the builder takes of a row that reads as an entry. */
export type OpenedRow = OpenedLine & { readonly salt: Uint8Array };

export interface LeafBatchBuilder {
  add(
    leaf: { readonly index: number; readonly entryId: string; readonly leafHash: Uint8Array },
    row: OpenedRow | 'unreadable' | 'withheld' | { readonly expiredAt: string } | null,
  ): void;
  finish(): LeafBatch;
}

const stateOf = {
  gone: rowState.removed,
  unreadable: rowState.changed,
  withheld: rowState.withheld,
} as const;
const noTime = ' '.repeat(timeLength);

/** @param capacity how many leaves come at most */
export function buildLeafBatch(capacity: number): LeafBatchBuilder {
  let count = 0;
  let entryIds = '';
  let times = '';
  const indexes = new Float64Array(capacity);
  const leafHashes = new Uint8Array(capacity * 32);
  const states = new Uint8Array(capacity);
  const intents: number[] = [];
  const answered: string[] = [];
  const dropped: DroppedMonth[] = [];

  function judge(row: OpenedRow, leafHash: Uint8Array): boolean {
    return row.at.length === timeLength && Buffer.compare(hashCanonical(row.salt, row.text), leafHash) === 0;
  }

  return {
    add({ index, entryId, leafHash }, row) {
      const position = count;
      count += 1;
      indexes[position] = index;
      leafHashes.set(leafHash, position * 32);
      entryIds += entryId;
      if (row === null || typeof row === 'string') {
        states[position] = stateOf[row ?? 'gone'];
        times += noTime;
      } else if ('expiredAt' in row) {
        states[position] = rowState.expired;
        times += row.expiredAt;
      } else if (judge(row, leafHash)) {
        times += row.at;
        if (row.outcome === 'intent') intents.push(position);
        else if (row.intent_id !== null) answered.push(row.intent_id);
        if (row.dropped !== null) dropped.push(row.dropped);
      } else {
        states[position] = rowState.changed;
        times += noTime;
      }
    },
    finish: () => ({
      count,
      indexes: indexes.subarray(0, count),
      entryIds,
      leafHashes: leafHashes.subarray(0, count * 32),
      states: states.subarray(0, count),
      times,
      intents,
      answered,
      dropped,
    }),
  };
}

/** The same from whole rows, as an export has them. */
export function checkRows(rows: readonly LeafRow[]): LeafBatch {
  const builder = buildLeafBatch(rows.length);
  for (const leaf of rows) {
    const { row } = leaf;
    if (row === null || typeof row === 'string' || 'expiredAt' in row) builder.add(leaf, row);
    else
      builder.add(leaf, {
        ...row.entry,
        salt: row.salt,
        text: writeEntry(row.entry),
        dropped: droppedMonth(row.entry),
      });
  }
  return builder.finish();
}

export function entryIdAt(batch: LeafBatch, position: number): string {
  return batch.entryIds.slice(position * idLength, (position + 1) * idLength);
}

export function leafHashAt(batch: LeafBatch, position: number): Uint8Array {
  return batch.leafHashes.subarray(position * 32, (position + 1) * 32);
}

export function timeAt(batch: LeafBatch, position: number): string {
  return batch.times.slice(position * timeLength, (position + 1) * timeLength);
}
