import { formatTime } from './entry-time.ts';
import type { Finding } from './findings.ts';
import { entryIdAt, rowState, timeAt, type LeafBatch } from './leaf-batch.ts';

interface Month {
  leaves: number;
  readonly index: number;
  readonly entryId: string;
}

export interface ExpiredWatch {
  see(batch: LeafBatch): void;
  /**
   * Months that are gone and that no entry of the log accounts for.
   * @param until milliseconds since 1970 up to which the log is told
   */
  end(until: number): Finding[];
}

/** So long may the outcome of an announcement take: the month goes just before its entry is sequenced. */
const outcomeWithinMs = 60_000;

/**
 * Holds what the store says has expired against what the log says: the entry that retention leaves is a leaf of the signed
 * tree, and names the month and the number of its entries. Whoever drops a month by force has no such entry; whoever
 * writes one as well has said so for ever, over a signature. An announcement accounts for a month for a minute only.
 */
export function watchExpired(): ExpiredWatch {
  const months = new Map<string, Month>();
  const dropped = new Map<string, number>();
  const announced = new Map<string, { entries: number; at: string }>();
  return {
    see(batch) {
      for (const { month, entries, step, at } of batch.dropped)
        if (step === 'dropped') dropped.set(month, entries);
        else if (step === 'announced') announced.set(month, { entries, at });
        else announced.delete(month);
      for (let position = 0; position < batch.count; position += 1) {
        if (batch.states[position] !== rowState.expired) continue;
        const month = formatTime(timeAt(batch, position)).slice(0, 7);
        const known = months.get(month);
        if (known !== undefined) known.leaves += 1;
        else
          months.set(month, {
            leaves: 1,
            index: batch.indexes[position] ?? 0,
            entryId: entryIdAt(batch, position),
          });
      }
    },
    end: (until) =>
      [...months].flatMap(([month, { leaves, index, entryId }]) => {
        const lately = announced.get(month);
        const underWay = lately !== undefined && until - Date.parse(lately.at) <= outcomeWithinMs;
        const said = dropped.get(month) ?? (underWay ? lately.entries : undefined);
        if (said === leaves) return [];
        const reason =
          said === undefined
            ? 'no entry of the log says that it was dropped'
            : `the log says that ${said} were dropped`;
        const detail = `${leaves} entries of ${month} are gone, the first of them leaf ${index}, and ${reason}`;
        return [{ kind: 'removed', index, entryId, detail }];
      }),
  };
}
