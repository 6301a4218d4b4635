import type { Finding } from './findings.ts';
import type { LeafRow } from './sources.ts';

/** Longer than any transaction of a writer may last, and than clocks of one server jump. */
const latestMs = 120_000;
const outcomeWithinMs = 60_000;
const mostOpen = 1_000_000;

export interface StreamWatch {
  see(leaf: LeafRow): Finding[];
  /** A row that the sequencer has not seen: none of it is older than the newest leaf by more than a transaction lasts. */
  judgeWithoutLeaf(row: { readonly entryId: string; readonly at: string }): Finding;
  end(until: number): Finding[];
}

/** What can be told from the order alone: entries dated before their time, and intents that nothing followed. */
export function watchStream(): StreamWatch {
  const intents = new Map<string, { index: number; at: string }>();
  // Times of one form sort as text; only what looks late is read as a time.
  let newest = '';
  return {
    see({ row, index, entryId }) {
      if (row === null || typeof row === 'string') return [];
      const { at, outcome, intent_id } = row.entry;
      if (outcome === 'intent' && intents.size < mostOpen) intents.set(entryId, { index, at });
      else if (intent_id !== null) intents.delete(intent_id);
      if (at >= newest) {
        newest = at;
        return [];
      }
      if (Date.parse(newest) - Date.parse(at) <= latestMs) return [];
      const detail = `leaf ${index} is dated ${at}, after leaves up to ${newest}: inserted by force, or the clock was set back`;
      return [{ kind: 'inserted', index, entryId, detail }];
    },
    judgeWithoutLeaf: ({ entryId, at }) => ({
      kind: at < newest && Date.parse(newest) - Date.parse(at) > latestMs ? 'inserted' : 'not-sequenced',
      index: null,
      entryId,
      detail: `a row dated ${at} has no leaf`,
    }),
    end: (until) =>
      [...intents].flatMap(([entryId, { index, at }]) =>
        until - Date.parse(at) > outcomeWithinMs
          ? [{ kind: 'intent-without-outcome', index, entryId, detail: `intent of ${at} has no outcome` }]
          : [],
      ),
  };
}
