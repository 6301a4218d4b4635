import { formatTime, parseTime } from './entry-time.ts';
import type { Finding } from './findings.ts';
import { entryIdAt, rowState, timeAt, type LeafBatch } from './leaf-batch.ts';
import type { RowWithoutLeaf } from './sources.ts';

/** Longer than any transaction of a writer may last, and than clocks of one server jump. */
const latestMicros = 120_000_000;
const outcomeWithinMs = 60_000;
const mostOpen = 1_000_000;

export interface StreamWatch {
  see(batch: LeafBatch): Finding[];
  /** A row that the sequencer has not seen: none of it is older than the newest leaf by more than a transaction lasts. */
  judgeWithoutLeaf(row: RowWithoutLeaf): Finding;
  end(until: number): Finding[];
}

/** What can be told from the order alone: entries dated before their time, and intents that nothing followed. */
export function watchStream(): StreamWatch {
  const intents = new Map<string, { index: number; at: number }>();
  let newest = -Infinity;
  const isLate = (at: number): boolean => newest - at > latestMicros;

  return {
    see(batch) {
      const findings: Finding[] = [];
      for (const position of batch.intents)
        if (intents.size < mostOpen)
          intents.set(entryIdAt(batch, position), {
            index: batch.indexes[position] ?? 0,
            at: timeAt(batch, position),
          });
      for (const intentId of batch.answered) intents.delete(intentId);
      for (let position = 0; position < batch.count; position += 1) {
        if (batch.states[position] !== rowState.fits) continue;
        const at = timeAt(batch, position);
        if (at >= newest) newest = at;
        else if (isLate(at))
          findings.push(describeLate(batch.indexes[position] ?? 0, entryIdAt(batch, position), at, newest));
      }
      return findings;
    },
    judgeWithoutLeaf: ({ entryId, at }) => ({
      kind: isLate(parseTime(at)) ? 'inserted' : 'not-sequenced',
      index: null,
      entryId,
      detail: `a row dated ${at} has no leaf`,
    }),
    end: (until) =>
      [...intents].flatMap(([entryId, { index, at }]) =>
        until - at / 1000 > outcomeWithinMs
          ? [
              {
                kind: 'intent-without-outcome',
                index,
                entryId,
                detail: `intent of ${formatTime(at)} has no outcome`,
              },
            ]
          : [],
      ),
  };
}

function describeLate(index: number, entryId: string, at: number, newest: number): Finding {
  const detail = `leaf ${index} is dated ${formatTime(at)}, after leaves up to ${formatTime(newest)}: inserted by force, or the clock was set back`;
  return { kind: 'inserted', index, entryId, detail };
}
