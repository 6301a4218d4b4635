import { type LeafBatch, type LeafSource, type RowSource, type RowWithoutLeaf } from '@cordon/audit-log';
import type { Client, ClientConfig } from 'pg';
import { checkInThreads } from './check-pool.ts';
import { leavesAtOnce, readLeafBatch, readLeafRows, type LeafRange } from './read-leaves.ts';

export interface SourceThreads {
  readonly count: number;
  readonly database: () => ClientConfig;
  /** Below so many leaves a thread takes longer to start than to be useful. Default 50,000. */
  readonly worthThreads?: number | undefined;
}

/** The store itself, read as `audit_verifier`. Leaves that come while it is read are left to the next time. */
export async function openStoreSource(
  client: Client,
  threads?: SourceThreads,
): Promise<LeafSource & RowSource> {
  const { rows: counted } = await client.query<{ size: string; now: Date }>(
    'SELECT coalesce(max(leaf_index) + 1, 0)::text AS size, now() AS now FROM audit.audit_leaves',
  );
  const size = Number(counted[0]?.size ?? 0);
  const ranges = await cutIntoRanges(client, size);

  async function* readInOrder<Batch>(read: (range: LeafRange) => Promise<Batch>): AsyncGenerator<Batch> {
    let coming = ranges[0] && read(ranges[0]);
    for (let turn = 1; coming !== undefined; turn += 1) {
      const batch: Batch = await coming;
      const range = ranges[turn];
      // The server works on the next batch while this one is looked at.
      coming = range && read(range);
      // A failure while this batch is still worked on is told when it is awaited.
      coming?.catch(() => undefined);
      yield batch;
    }
  }

  return {
    until: counted[0]?.now.getTime() ?? 0,
    leaves(): AsyncIterable<LeafBatch> {
      if (threads === undefined || threads.count < 2 || size < (threads.worthThreads ?? 50_000))
        return readInOrder((range) => readLeafBatch(client, range));
      return checkInThreads(threads.database(), threads.count, ranges);
    },
    rows: () => readInOrder((range) => readLeafRows(client, range)),
    rowsWithoutLeaf: () => readRowsWithoutLeaf(client),
  };
}

/** Where each batch begins and ends. By what is there, not by arithmetic: numbers may be missing, or be huge. */
async function cutIntoRanges(client: Client, size: number): Promise<LeafRange[]> {
  const { rows } = await client.query<{ leaf_index: string }>(
    `SELECT leaf_index::text AS leaf_index FROM (
       SELECT leaf_index, row_number() OVER (ORDER BY leaf_index) AS place FROM audit.audit_leaves WHERE leaf_index < $1) l
     WHERE place % $2 = 1`,
    [size, leavesAtOnce],
  );
  const starts = rows.map((row) => Number(row.leaf_index));
  return starts.map((from, turn) => ({ from, to: starts[turn + 1] ?? size }));
}

async function readRowsWithoutLeaf(client: Client): Promise<RowWithoutLeaf[]> {
  const { rows } = await client.query<{ id: string; at: string }>(
    `SELECT a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM audit.audit_logs a
     WHERE a.at < now() - interval '1 minute'
       AND NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id AND l.entry_at = a.at)
     ORDER BY a.at LIMIT 100`,
  );
  return rows.map(({ id, at }) => ({ entryId: id, at }));
}
